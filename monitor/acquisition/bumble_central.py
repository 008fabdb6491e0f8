"""One HCI controller in the central role, driven by the bumble host stack and shared by every scanner and client."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import struct
from collections.abc import AsyncIterator, Callable
from typing import Self

from bleak.exc import BleakError
from bumble import core, hci
from bumble.device import Advertisement, Connection, ConnectionParametersPreferences, Device, DeviceConfiguration
from bumble.host import Host
from bumble.snoop import Snooper
from bumble.transport.common import TransportSink, TransportSource

logging.getLogger("bumble").addHandler(logging.NullHandler())

LARGEST_MTU = 517  # what BlueZ asks for, too
ATT_CHANNEL = 4
NOTIFICATION_OP_CODE = 0x1B
_NOTIFICATION = struct.Struct("<HHBH")  # L2CAP length and channel, ATT op code and attribute handle
_ANSWER_S = 1.0
_POWER_ON_S = 5.0

# A short interval (ms) for sensors that send 70 notifications a second, and a link that is given up after 2 s.
_LINK = ConnectionParametersPreferences(
    connection_interval_min=7.5, connection_interval_max=15.0, supervision_timeout=2000
)


class QuietHost(Host):
    """bumble's host without its log: the stock one writes every packet out, read or not, which takes half the CPU.

    notified : who takes the notifications of (connection handle, attribute handle). One that arrives in a single packet
        goes there at once, all others the long way through L2CAP and ATT; the order stays.
    """

    def __init__(self, source: TransportSource, sink: TransportSink) -> None:
        super().__init__(source, sink)
        self.notified: dict[tuple[int, int], Callable[[bytes], None]] = {}

    def on_hci_acl_data_packet(self, packet: hci.HCI_AclDataPacket) -> None:
        """Take data from a link."""
        content = packet.data
        if packet.pb_flag != hci.HCI_ACL_PB_CONTINUATION and len(content) >= _NOTIFICATION.size:
            length, channel, op_code, attribute = _NOTIFICATION.unpack_from(content)
            if channel == ATT_CHANNEL and op_code == NOTIFICATION_OP_CODE and length + 4 == len(content):
                taker = self.notified.get((packet.connection_handle, attribute))
                if taker is not None:
                    taker(content[_NOTIFICATION.size :])
                    return
        with contextlib.suppress(asyncio.InvalidStateError):  # the answer to a request that was given up just now
            super().on_hci_acl_data_packet(packet)

    def on_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Take one packet from the controller."""
        if self.snooper:
            self.snooper.snoop(bytes(packet), Snooper.Direction.CONTROLLER_TO_HOST)
        match packet:
            case hci.HCI_AclDataPacket():
                self.on_hci_acl_data_packet(packet)
            case hci.HCI_Event():
                self.on_hci_event_packet(packet)

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Give one packet to the controller."""
        if self.snooper:
            self.snooper.snoop(bytes(packet), Snooper.Direction.HOST_TO_CONTROLLER)
        if self.hci_sink:
            self.hci_sink.on_packet(bytes(packet))


class Central:
    """An adapter: scans for all its listeners at once, makes one connection at a time, and knows when it is gone.

    mtu : the ATT MTU that it asks every sensor for. notified : as in QuietHost.
    lost : set when the controller has gone (dongle pulled, simulator ended).
    """

    def __init__(self, device: Device, host: QuietHost, mtu: int) -> None:
        self.device = device
        self.notified = host.notified
        self.mtu = mtu
        self.lost = asyncio.Event()
        self._listeners: set[Callable[[Advertisement], None]] = set()
        self._scan_lock = asyncio.Lock()
        self._connect_lock = asyncio.Lock()
        device.on(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
        device.on(Device.EVENT_FLUSH, self.lost.set)

    @classmethod
    async def open(cls, source: TransportSource, sink: TransportSink, mtu: int = LARGEST_MTU) -> Self:
        """Reset the controller behind (source, sink) and take it, with an address of its own each time.

        Raises: TimeoutError if it does not answer as HCI.
        """
        configuration = DeviceConfiguration(name="Crampwatch", address=hci.Address.generate_static_address())
        host = QuietHost(source, sink)
        device = Device(config=configuration, host=host)
        central = cls(device, host, mtu)
        async with asyncio.timeout(_POWER_ON_S):
            await device.power_on()
        return central

    async def close(self) -> None:
        """Let all sensors go and leave the controller reset, so far as it still answers."""
        if not self.lost.is_set():
            async with _as_far_as_it_answers():
                await self.device.send_sync_command(hci.HCI_Reset_Command())

    async def listen(self, listener: Callable[[Advertisement], None]) -> None:
        """Give every advertisement to the listener too."""
        async with self._scan_lock:
            self._listeners.add(listener)
            if len(self._listeners) == 1:
                await self.device.start_scanning(filter_duplicates=False)

    async def unlisten(self, listener: Callable[[Advertisement], None]) -> None:
        """Stop that; the last one stops the scan."""
        async with self._scan_lock:
            self._listeners.discard(listener)
            if not self._listeners and not self.lost.is_set():
                await self.device.stop_scanning()

    async def connect(self, address: hci.Address) -> Connection:
        """Connect, as soon as the controller is free for it (HCI allows one pending connection). Cancel it to give up.

        Raises: BleakError if the connection fails or the controller is gone.
        """
        async with self._connect_lock:
            self.require()
            try:
                preferences = {hci.Phy.LE_1M: _LINK}
                return await self.device.connect_le(address, preferences, timeout=None)
            except core.ConnectionError as error:
                raise BleakError(f"the connection failed: {error}") from error
            except asyncio.CancelledError:
                await self._abandon(address)
                self.require()
                raise

    def require(self) -> None:
        """Raises: BleakError if the controller is gone."""
        if self.lost.is_set():
            raise BleakError("the radio is gone")

    async def _abandon(self, address: hci.Address) -> None:
        """Take the pending connect back from the controller, or drop the link that came about meanwhile."""
        if self.lost.is_set():
            return
        async with _as_far_as_it_answers():
            await self.device.send_sync_command(hci.HCI_LE_Create_Connection_Cancel_Command())
        connection = self.device.find_connection_by_bd_addr(address, core.PhysicalTransport.LE)
        if connection is not None:
            await self.drop(connection)

    async def drop(self, connection: Connection) -> None:
        """End a connection, so far as the controller still answers."""
        async with _as_far_as_it_answers():
            await connection.disconnect()

    def _on_advertisement(self, advertisement: Advertisement) -> None:
        for listener in tuple(self._listeners):
            listener(advertisement)


@contextlib.asynccontextmanager
async def _as_far_as_it_answers() -> AsyncIterator[None]:
    """Around a farewell: it may fail, but it may not last. bumble cancels what waits when the controller goes."""
    try:
        async with asyncio.timeout(_ANSWER_S):
            yield
    except (TimeoutError, core.BaseBumbleError):
        pass
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise

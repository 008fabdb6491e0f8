"""A GATT peripheral that offers a profile's characteristics and refuses what the profile does not permit."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from functools import partial

from bumble import att, hci
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.transport.common import TransportSink, TransportSource

from monitor.acquisition.battery import LEVEL as BATTERY_LEVEL
from monitor.acquisition.bumble_central import ATT_CHANNEL, NOTIFICATION_OP_CODE, QuietHost
from monitor.acquisition.profile import Profile
from monitor.acquisition.profile_model import Characteristic as CharacteristicSpec
from monitor.errors import ScenarioError

ADVERTISEMENT_BYTES = 31
ADVERTISING_INTERVAL_MS = 100
LARGEST_MTU = 247
_SIG_BASE = "-0000-1000-8000-00805f9b34fb"
_PROPERTIES = {
    "read": Characteristic.Properties.READ,
    "write": Characteristic.Properties.WRITE,
    "write-without-response": Characteristic.Properties.WRITE_WITHOUT_RESPONSE,
    "notify": Characteristic.Properties.NOTIFY,
    "indicate": Characteristic.Properties.INDICATE,
}

OnWrite = Callable[[str, bytes], None]


class Peripheral:
    """One sensor's side of the radio: advertises, takes one central, serves its characteristics.

    address : a random static address, "C4:...".
    on_write : takes (characteristic alias, bytes) of each permitted write.
    mtu : the largest that it agrees on; None = as the profile says.
    Raises: ScenarioError if the name does not fit an advertisement beside the profile's service.
    """

    def __init__(
        self,
        profile: Profile,
        name: str,
        address: str,
        source: TransportSource,
        sink: TransportSink,
        on_write: OnWrite,
        mtu: int | None = None,
    ) -> None:
        self.name = name
        self.subscribed: set[str] = set()
        self.values: dict[str, bytes] = {}  # what reading gives, by alias; else name, full battery
        self._connection: Connection | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._on_write = on_write
        self._advertisement = advertisement(profile, name)
        configuration = DeviceConfiguration(name=name, address=hci.Address(address))
        configuration.advertising_interval_min = configuration.advertising_interval_max = ADVERTISING_INTERVAL_MS
        self._device = Device(config=configuration, host=QuietHost(source, sink))
        self._device.gatt_server.max_mtu = mtu or profile.link.want_mtu or LARGEST_MTU
        self._characteristics = {alias: self._characteristic(alias, spec) for alias, spec in profile.gatt.items()}
        self._device.add_services(self._services(profile))
        self._device.on(Device.EVENT_CONNECTION, self._on_connection)

    @property
    def connected(self) -> bool:
        """Whether a central holds the link."""
        return self._connection is not None

    @property
    def payload_bytes(self) -> int:
        """The largest notification that the link carries: MTU - 3; 0 without a link."""
        return self._connection.att_mtu - 3 if self._connection is not None else 0

    @property
    def unsent(self) -> int:
        """Notifications that were handed over and have not left the controller yet."""
        if self._connection is None:
            return 0
        packets = self._device.host.get_data_packet_queue(self._connection.handle)
        return packets.pending if packets is not None else 0

    async def start(self) -> None:
        """Switch on and advertise."""
        await self._device.power_on()
        await self._advertise()

    async def disconnect(self) -> None:
        """Drop the central, as a sensor does that is switched off; it advertises again."""
        if self._connection is not None:
            await self._connection.disconnect()

    def notify(self, alias: str, payload: bytes) -> None:
        """Send one notification, at most `payload_bytes` long, to a subscribed central."""
        assert self._connection is not None
        assert len(payload) <= self.payload_bytes
        header = struct.pack("<BH", NOTIFICATION_OP_CODE, self._characteristics[alias].handle)
        self._device.host.send_l2cap_pdu(self._connection.handle, ATT_CHANNEL, header + payload)

    def _services(self, profile: Profile) -> list[Service]:
        aliases: dict[str, list[str]] = {}
        for alias, spec in profile.gatt.items():
            aliases.setdefault(spec.service, []).append(alias)
        return [
            Service(_uuid(service), [self._characteristics[alias] for alias in members])
            for service, members in aliases.items()
        ]

    def _characteristic(self, alias: str, spec: CharacteristicSpec) -> Characteristic:
        properties = Characteristic.Properties(0)
        for name in spec.props:
            properties |= _PROPERTIES[name]
        characteristic = Characteristic(
            _uuid(spec.char),
            properties,
            Characteristic.READABLE | Characteristic.WRITEABLE,  # the stack checks nothing more; the two below do
            CharacteristicValue(read=partial(self._read, alias, spec), write=partial(self._write, alias, spec)),
        )
        characteristic.on(Characteristic.EVENT_SUBSCRIPTION, partial(self._on_subscription, alias))
        return characteristic

    def _read(self, alias: str, spec: CharacteristicSpec, _connection: Connection) -> bytes:
        if "read" not in spec.props:
            raise att.ATT_Error(att.ErrorCode.READ_NOT_PERMITTED)
        full = bytes([100]) if spec.char == BATTERY_LEVEL else None
        return self.values.get(alias, full or self.name.encode())

    def _write(self, alias: str, spec: CharacteristicSpec, _connection: Connection, payload: bytes) -> None:
        if not {"write", "write-without-response"}.intersection(spec.props):
            raise att.ATT_Error(att.ErrorCode.WRITE_NOT_PERMITTED)
        self._on_write(alias, bytes(payload))

    def _on_subscription(self, alias: str, _connection: Connection, notify: bool, indicate: bool) -> None:
        if notify or indicate:
            self.subscribed.add(alias)
        else:
            self.subscribed.discard(alias)

    def _on_connection(self, connection: Connection) -> None:
        self._connection = connection
        connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = None
        self.subscribed.clear()
        task = asyncio.create_task(self._advertise())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _advertise(self) -> None:
        await self._device.start_advertising(advertising_data=self._advertisement, auto_restart=False)


def advertisement(profile: Profile, name: str) -> bytes:
    """The advertising bytes of a sensor: flags, name, and the services where the profile advertises them.

    Raises: ScenarioError if they are too many.
    """
    encoded = _advertising_bytes(profile, name)
    if len(encoded) > ADVERTISEMENT_BYTES:
        too_long = len(encoded) - ADVERTISEMENT_BYTES
        raise ScenarioError(f"the name {name!r} is {too_long} bytes too long for an advertisement of {profile.id}")
    return encoded


def fits_advertisement(profile: Profile, name: str) -> bool:
    """Whether a sensor can advertise that name."""
    return len(_advertising_bytes(profile, name)) <= ADVERTISEMENT_BYTES


def _advertising_bytes(profile: Profile, name: str) -> bytes:
    flags = AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE | AdvertisingData.Flags.BR_EDR_NOT_SUPPORTED
    parts = [(AdvertisingData.FLAGS, bytes([flags])), (AdvertisingData.COMPLETE_LOCAL_NAME, name.encode())]
    for text in profile.match.service_uuids if profile.match.service_advertised else ():
        uuid = _uuid(text).uuid_bytes
        short = len(uuid) == 2
        kind = (
            AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS
            if short
            else AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS
        )
        parts.append((kind, uuid))
    return b"".join(struct.pack("BB", len(content) + 1, kind) + content for kind, content in parts)


def _uuid(text: str) -> UUID:
    """The shortest form of a UUID, as real sensors advertise it: 16 bits where the Bluetooth SIG gave it out."""
    return UUID(text[4:8]) if text.startswith("0000") and text.endswith(_SIG_BASE) else UUID(text)

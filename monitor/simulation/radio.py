"""A radio made of air: virtual Bluetooth controllers that hear each other, with the link layer's ways of failing.

HCI, L2CAP, ATT and GATT above it are real. What the stock virtual link lacks and this one has: connection intervals,
silent loss with a supervision time-out on both ends, a connect that the other side never heard (0x3E), and cancelling
a connect.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import NamedTuple

from bumble import hci, ll
from bumble.controller import Connection, Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink
from bumble.transport.common import TransportSink, TransportSource

logging.getLogger("bumble").addHandler(logging.NullHandler())

_ESTABLISH_INTERVALS = (
    6  # a central gives up a new connection after so many unanswered events (Core 5.4, Vol 6 B 4.5.2)
)
_ESTABLISH_MIN_S = 0.02


class VirtualController(Controller):
    """One Bluetooth controller on a VirtualRadio; it is the HCI source and sink of one host.

    Its data buffers hold a whole 251-byte link-layer packet (data length extension), as current chips do.
    """

    le_acl_data_packet_length = 251
    total_num_le_acl_data_packets = 64

    def __init__(self, name: str, radio: VirtualRadio) -> None:
        super().__init__(name, link=radio)
        self._radio = radio

    def on_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Take one packet from the host; the stock method writes each one out for a log, read or not: half the CPU."""
        match packet:
            case hci.HCI_AclDataPacket():
                self.on_hci_acl_data_packet(packet)
            case hci.HCI_Command():
                self.on_hci_command_packet(packet)

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Give one packet to the host, in a later turn of the loop."""
        if self.hci_sink is not None:
            asyncio.get_running_loop().call_soon(self.hci_sink.on_packet, bytes(packet))

    def on_hci_reset_command(self, command: hci.HCI_Reset_Command) -> hci.HCI_StatusReturnParameters:
        """Reset: besides the stock answer, forget every link, scan and pending connect."""
        self.forget_host()
        return super().on_hci_reset_command(command)

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Cancel the pending connect: it completes with "unknown connection" (Core 5.4, Vol 4 E 7.8.13)."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.send_hci_packet(_failed_connection(pending.peer_address))
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def forget_host(self) -> None:
        """The host has gone or starts anew: no scan, no advertising, all links cut; the peers see a time-out."""
        self.le_scan_enable = False
        self.pending_le_connection = None
        self.le_legacy_advertiser.stop()
        for connection in list(self.le_connections.values()):
            del self.le_connections[connection.peer_address]
            self._radio.cut(self, connection)


class _Pdu(NamedTuple):
    """One link-layer packet on its way."""

    sender: Controller
    receiver: Controller
    deliver: Callable[[], None]


class VirtualRadio(LocalLink):
    """The air between VirtualControllers.

    interval_s : seconds between connection events; 0 delivers at once.
    supervision_timeout_s : silence after which each end of a link gives it up (HCI reason 0x08).
    """

    def __init__(self, interval_s: float = 0.0, supervision_timeout_s: float = 1.0) -> None:
        super().__init__()
        self._interval_s = interval_s
        self._supervision_timeout_s = supervision_timeout_s
        self._by_address: dict[hci.Address, VirtualController] = {}
        self._lost: dict[Controller, asyncio.TimerHandle] = {}
        self._waiting: dict[tuple[Controller, Controller], list[_Pdu]] = {}
        self._held: list[_Pdu] = []

    @contextlib.asynccontextmanager
    async def open_hci(self) -> AsyncIterator[tuple[TransportSource, TransportSink]]:
        """A new controller on this radio as HCI (source, sink), for `monitor.acquisition.radio.open_radio`."""
        controller = VirtualController("adapter", self)
        try:
            yield controller, controller
        finally:
            controller.forget_host()
            self.remove_controller(controller)

    def lose(self, controller: Controller) -> None:
        """Take a controller out of range: nothing is heard from it or by it, and nobody is told."""
        loop = asyncio.get_running_loop()
        self._lost[controller] = loop.call_later(self._supervision_timeout_s, self._supervise, controller)

    def restore(self, controller: Controller) -> None:
        """Bring it back into range; what the link layer was repeating arrives now, in order."""
        timer = self._lost.pop(controller, None)
        if timer is not None:
            timer.cancel()
        held, self._held = self._held, []
        for pdu in held:
            self._send(pdu)

    def cut(self, controller: Controller, connection: Connection) -> None:
        """One end of a link has vanished: the other end is told that the link timed out."""
        peer = self.find_le_controller(connection.peer_address)
        if peer is not None and (theirs := peer.le_connections.get(connection.self_address)) is not None:
            peer.on_le_disconnected(theirs, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)

    def on_address_changed(self, controller: VirtualController) -> None:
        """Keep the address book that spares a search for every packet."""
        self._by_address[controller.random_address] = controller

    def find_le_controller(self, address: hci.Address) -> Controller | None:
        """The controller with this address."""
        return self._by_address.get(address) or super().find_le_controller(address)

    def send_acl_data(
        self, sender_controller: Controller, destination_address: hci.Address, transport: PhysicalTransport, data: bytes
    ) -> None:
        """Carry data, at the next connection event."""
        receiver = self.find_le_controller(destination_address)
        if receiver is None:
            return
        source = sender_controller.random_address
        self._send(_Pdu(sender_controller, receiver, partial(_deliver_data, receiver, source, transport, data)))

    def send_ll_control_pdu(
        self, sender_address: hci.Address, receiver_address: hci.Address, packet: ll.ControlPdu
    ) -> None:
        """Carry link control, at the next connection event."""
        sender, receiver = self.find_le_controller(sender_address), self.find_le_controller(receiver_address)
        if sender is not None and receiver is not None:
            self._send(_Pdu(sender, receiver, partial(_deliver_control, receiver, sender_address, packet)))

    def send_advertising_pdu(self, sender_controller: Controller, packet: ll.AdvertisingPdu) -> None:
        """Carry an advertisement, or the request to connect, to all who listen."""
        loop = asyncio.get_running_loop()
        if isinstance(packet, ll.ConnectInd):
            patience_s = max(_ESTABLISH_MIN_S, _ESTABLISH_INTERVALS * self._interval_s)
            loop.call_later(patience_s, self._check_established, sender_controller, packet)
        if sender_controller in self._lost:
            return
        for controller in self.controllers - {sender_controller}:
            if controller not in self._lost and _listens(controller, packet):
                loop.call_soon(controller.on_ll_advertising_pdu, packet)

    def _send(self, pdu: _Pdu) -> None:
        loop = asyncio.get_running_loop()
        if pdu.sender in self._lost or pdu.receiver in self._lost:
            self._held.append(pdu)  # the link layer repeats it until the supervision time-out
        elif not self._interval_s:
            loop.call_soon(pdu.deliver)
        elif (waiting := self._waiting.get(pdu[:2])) is not None:
            waiting.append(pdu)
        else:
            self._waiting[pdu[:2]] = [pdu]
            next_event = loop.time() // self._interval_s + 1
            loop.call_at(next_event * self._interval_s, self._connection_event, pdu[:2])

    def _connection_event(self, pair: tuple[Controller, Controller]) -> None:
        for pdu in self._waiting.pop(pair):
            if pdu.sender in self._lost or pdu.receiver in self._lost:
                self._held.append(pdu)
            else:
                pdu.deliver()

    def _supervise(self, controller: Controller) -> None:
        self._held = [pdu for pdu in self._held if controller not in pdu[:2]]
        for end in self.controllers:  # each end counts the silence for itself, so a half-open link heals too
            for connection in list(end.le_connections.values()):
                if end is controller or self.find_le_controller(connection.peer_address) is controller:
                    end.on_le_disconnected(connection, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)

    def _check_established(self, central: Controller, request: ll.ConnectInd) -> None:
        connection = central.le_connections.get(request.advertiser_address)
        peripheral = self.find_le_controller(request.advertiser_address)
        heard = peripheral is not None and request.initiator_address in peripheral.le_connections
        if connection is not None and not heard:
            central.on_le_disconnected(connection, hci.HCI_ErrorCode.CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR)


def _listens(controller: Controller, packet: ll.AdvertisingPdu) -> bool:
    if isinstance(packet, ll.ConnectInd):
        return controller.random_address == packet.advertiser_address
    return controller.le_scan_enable or controller.pending_le_connection is not None


def _deliver_data(receiver: Controller, source: hci.Address, transport: PhysicalTransport, data: bytes) -> None:
    if source in receiver.le_connections:
        receiver.on_link_acl_data(source, transport, data)


def _deliver_control(receiver: Controller, source: hci.Address, packet: ll.ControlPdu) -> None:
    if source in receiver.le_connections:
        receiver.on_ll_control_pdu(source, packet)


def _failed_connection(peer: hci.Address) -> hci.HCI_LE_Connection_Complete_Event:
    return hci.HCI_LE_Connection_Complete_Event(
        status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
        connection_handle=0,
        role=hci.Role.CENTRAL,
        peer_address_type=peer.address_type,
        peer_address=peer,
        connection_interval=0,
        peripheral_latency=0,
        supervision_timeout=0,
        central_clock_accuracy=0,
    )

"""A virtual controller offered over a loopback TCP socket, as a Bluetooth dongle for another process."""

from __future__ import annotations

import asyncio
import socket
from functools import partial

from bumble.core import InvalidPacketError
from bumble.transport.common import PacketParser

from monitor.simulation.radio import VirtualController


class _HciConnection(asyncio.Protocol):
    """One host at the other end of the socket. HCI has no password, so the socket must be a loopback one."""

    def __init__(self, controller: VirtualController, hosted: asyncio.Event) -> None:
        self._controller, self._hosted = controller, hosted
        self._parser = PacketParser(controller)
        self._transport: asyncio.Transport | None = None
        self._outgoing: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._controller.set_packet_sink(self)
        self._hosted.set()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except InvalidPacketError:
            if self._transport is not None:
                self._transport.abort()  # whoever this is, it does not speak HCI

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._controller.hci_sink is self:
            self._controller.set_packet_sink(None)
            self._controller.forget_host()

    def on_packet(self, packet: bytes) -> None:
        """Send one packet to the host; all packets of one turn of the loop go out in one write."""
        if not self._outgoing:
            asyncio.get_running_loop().call_soon(self._flush)
        self._outgoing.append(packet)

    def _flush(self) -> None:
        outgoing, self._outgoing = self._outgoing, []
        if self._transport is not None:
            self._transport.write(b"".join(outgoing))


class HciServer:
    """Serves one controller to one host at a time; a new host takes the place of the one before.

    Use as `async with HciServer(controller, port) as server`. port 0 lets the system choose; `.port` is the real one.
    hosted : set when the first host has come.
    Raises: OSError if the port is taken.
    """

    def __init__(self, controller: VirtualController, port: int = 0, host: str = "127.0.0.1") -> None:
        self._controller = controller
        self._address = (host, port)
        self.hosted = asyncio.Event()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._socket.getsockname()[1]

    async def __aenter__(self) -> HciServer:
        # made by hand with the protocol named: asyncio switches Nagle's delay off only then
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(self._address)
        begun = partial(_HciConnection, self._controller, self.hosted)
        self._server = await asyncio.get_running_loop().create_server(begun, sock=self._socket)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

"""Opens an HCI controller by name through bumble: another process's over TCP, or a dongle of one's own."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Protocol

from bumble.core import BaseBumbleError
from bumble.transport import open_transport
from bumble.transport.common import Transport, TransportSink, TransportSource

from monitor.errors import RadioError

BUMBLE_ERRORS = (OSError, BaseBumbleError, ValueError)  # ValueError: a place that cannot be read, such as a port "x"

Hci = tuple[TransportSource, TransportSink]

_MONIKERS = {"tcp": "tcp-client", "usb": "usb", "serial": "serial"}


class HciAdapter(Protocol):
    """Something that hands out an HCI controller of its own, such as a virtual radio."""

    def open_hci(self) -> contextlib.AbstractAsyncContextManager[Hci]:
        """The controller as HCI (source, sink), closed on leaving."""
        ...


@contextlib.asynccontextmanager
async def open_hci(spec: str) -> AsyncIterator[Hci]:
    """A controller as HCI (source, sink), closed on leaving. spec: "tcp:HOST:PORT", "usb:0", "serial:/dev/ttyACM0".

    Raises: RadioError if the spec is none of these; one of BUMBLE_ERRORS if nothing is there.
    """
    kind, _, place = spec.partition(":")
    if kind not in _MONIKERS or not place:
        raise RadioError(f"no radio is called {spec!r}: use os, os:hci1, tcp:HOST:PORT, usb:0 or serial:PORT")
    async with await _opened(kind, place) as transport:
        yield transport.source, transport.sink


async def _opened(kind: str, place: str) -> Transport:
    moniker = f"{_MONIKERS[kind]}:{place}"
    if kind != "usb":
        return await open_transport(moniker)
    import usb1

    try:
        return await open_transport(moniker)
    except usb1.USBError as error:
        raise OSError(f"{error}: is it there, free, and may you use it?") from error

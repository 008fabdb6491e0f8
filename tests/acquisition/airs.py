"""The radios that the same tests run over."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Protocol

from radio_rig import Room

from monitor.acquisition.radio import Radio, RadioSpec, open_radio


class Air(Protocol):
    """A way to hear a room's sensors."""

    def radio(self, room: Room) -> contextlib.AbstractAsyncContextManager[Radio]:
        """A radio in this event loop."""
        ...

    def spec(self, room: Room) -> contextlib.AbstractContextManager[RadioSpec]:
        """What a live source opens, in its own thread."""
        ...


class VirtualAir:
    """Crampwatch's own bleak backend, in the room."""

    @contextlib.asynccontextmanager
    async def radio(self, room: Room) -> AsyncIterator[Radio]:
        async with open_radio(room) as radio:
            yield radio

    @contextlib.contextmanager
    def spec(self, room: Room) -> Iterator[RadioSpec]:
        yield room

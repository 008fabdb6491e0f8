"""Pictures to many pages: made once, kept by nobody; a page that is slow gets the newest and is told what it missed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable

from monitor.dashboard.web.picture import Elsewhere, Pictures, Shown
from monitor.snapshot import Snapshot

PERIOD_S = 0.25


class Slot:
    """Room for one picture: a newer one takes the place of one that was not sent. left_out : how many were not."""

    def __init__(self) -> None:
        self._newest: Shown | None = None
        self._filled = asyncio.Event()
        self.left_out = 0

    def put(self, picture: Shown) -> None:
        """Keep the newest."""
        self.left_out += self._newest is not None
        self._newest = picture
        self._filled.set()

    async def get(self) -> str:
        """The newest as JSON, once there is one."""
        await self._filled.wait()
        self._filled.clear()
        picture, self._newest = self._newest, None
        return json.dumps({**(picture or {}), "left_out": self.left_out}, separators=(",", ":"), allow_nan=False)


class Feed:
    """Reads the newest snapshot four times a second and fills the slots. All in one asyncio loop.

    snapshots : gives the newest at once; elsewhere : what calls besides the page now.
    """

    def __init__(self, snapshots: Callable[[], Snapshot], elsewhere: Elsewhere = tuple) -> None:
        self._snapshots, self._pictures = snapshots, Pictures(elsewhere)
        self._slots: dict[Slot, str] = {}

    def __len__(self) -> int:
        return len(self._slots)

    def open(self, athlete: str) -> Slot:
        """A slot for the wall (empty name) or for one athlete; the first picture is there at once."""
        slot = Slot()
        self._slots[slot] = athlete
        self._fill([slot])
        return slot

    def close(self, slot: Slot) -> None:
        """No more pictures for it."""
        self._slots.pop(slot, None)

    async def run(self) -> None:
        """For ever."""
        while True:
            self._fill(list(self._slots))
            await asyncio.sleep(PERIOD_S)

    def _fill(self, slots: list[Slot]) -> None:
        """Look once, make every wanted picture once."""
        self._pictures.take(self._snapshots())
        made: dict[str, Shown] = {}
        for slot in slots:
            name = self._slots[slot]
            if name not in made:
                shown = self._pictures.athlete(name) if name else self._pictures.wall()
                made[name] = shown | {"sent": round(1000 * time.monotonic())}
            slot.put(made[name])

"""Moves virtual sensors through session time, at one pace for all of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

from monitor.simulation.sensor import VirtualSensor

TICK_S = 0.005  # wall seconds
_STEP_S = 0.1  # session seconds; in between, the radio has its turn, so a late pacer does not flood it


class Pacer:
    """Advances sensors by the wall clock times `speed`.

    speed : session seconds per wall second. start_s : the session second at which it begins.
    """

    def __init__(self, sensors: Iterable[VirtualSensor], speed: float, start_s: float = 0.0) -> None:
        self._sensors = tuple(sensors)
        self._speed = speed
        self._start_s = self._reached_s = start_s
        self._began_s: float | None = None  # not yet

    @property
    def lag_s(self) -> float:
        """How far the sensors are behind where they should be, session seconds."""
        return max(0.0, self._due_s() - self._reached_s)

    @property
    def reached_s(self) -> float:
        """The session second that the sensors have reached."""
        return self._reached_s

    async def run(self) -> None:
        """Keep pace until cancelled."""
        self._began_s = time.monotonic()
        while True:
            due_s = self._due_s()
            while self._reached_s < due_s:
                self._reached_s = min(due_s, self._reached_s + _STEP_S)
                for sensor in self._sensors:
                    sensor.advance(self._reached_s)
                await asyncio.sleep(0)
            await asyncio.sleep(TICK_S)

    def _due_s(self) -> float:
        began_s = self._began_s
        return self._start_s if began_s is None else self._start_s + (time.monotonic() - began_s) * self._speed

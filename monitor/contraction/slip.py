"""Notices a sensor that has turned on its segment: the hinge no longer lies where it was in the sensor's frame.

While the leg walks, each sensor turns mostly about the hinge. Where that axis lies in the sensor's own frame depends on
how the sensor is strapped on; slope, speed and fatigue do not change it. What cannot be seen: a turn about the hinge
itself leaves the axis in place, and looks like ground that slopes or a leg that leans.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk
from monitor.contraction.hinge import principal
from monitor.settings import AngleSettings


class AxisWatch:
    """Watches one sensor. `push` takes its samples of a second of walking; gives how far the axis has turned, deg.

    The first look gives the reference; None = nothing new to say. A look takes `slip_look_s` seconds of walking.
    """

    def __init__(self, settings: AngleSettings) -> None:
        self._look_seconds = round(settings.slip_look_s)
        self._rates: list[NDArray[np.float64]] = []
        self._reference: NDArray[np.float64] | None = None

    def push(self, inclination: Chunk) -> float | None:
        """inclination: the output of Inclination, one second."""
        self._rates.append(np.asarray(inclination.samples[:, 3:], dtype=np.float64))
        if len(self._rates) < self._look_seconds:
            return None
        axis, self._rates = principal(np.concatenate(self._rates)), []
        if self._reference is None:
            self._reference = axis
            return None
        return float(np.degrees(np.arccos(min(1.0, abs(float(axis @ self._reference))))))


class SlipWatch:
    """Both sensors of a leg: one has slipped when its axis is more than `slip_deg` off in two looks in a row."""

    def __init__(self, settings: AngleSettings) -> None:
        self._settings = settings
        self._watches = {"shank": AxisWatch(settings), "foot": AxisWatch(settings)}
        self._off = dict.fromkeys(self._watches, 0)

    def push(self, shank: Chunk, foot: Chunk) -> str:
        """A second of walking or running; gives what is wrong in words, empty = nothing."""
        for name, inclination in (("shank", shank), ("foot", foot)):
            turned_deg = self._watches[name].push(inclination)
            if turned_deg is None:
                continue
            self._off[name] = self._off[name] + 1 if turned_deg > self._settings.slip_deg else 0
            if self._off[name] == 2:
                return f"the {name} sensor has slipped (its axis turned by {turned_deg:.0f} deg)"
        return ""

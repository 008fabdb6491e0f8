"""The slots of time in which a session decodes what has come: all notifications of a slot together."""

from __future__ import annotations

SLOT_S = 0.1  # wall time; each slot of each sensor costs, however little it holds,
SENSORS_A_SLOT = 60  # so of more sensors than this a slot is longer in proportion


class Slots:
    """sensors : of the session. speed : session seconds per wall second."""

    def __init__(self, sensors: int, speed: float) -> None:
        self._length_s, self._at = SLOT_S * max(1.0, speed) * max(1.0, sensors / SENSORS_A_SLOT), 0

    def another(self, now_s: float) -> bool:
        """Whether session time has come to another slot since the last look."""
        before, self._at = self._at, int(now_s / self._length_s)
        return self._at > before

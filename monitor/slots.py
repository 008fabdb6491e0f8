"""The slots of time in which a session decodes what has come: all notifications of a slot together."""

from __future__ import annotations

SLOT_S = 0.1  # wall time; each slot of each sensor costs, however little it holds,
SENSORS_A_SLOT = 60  # so of more sensors than this a slot is longer in proportion
SLACK = 0.25  # of a slot: who beats once a slot, as a gateway does, cuts the slots, not the last packet before a beat


class Slots:
    """sensors : of the session. speed : session seconds per wall second."""

    def __init__(self, sensors: int, speed: float) -> None:
        self._length_s, self._end_s = SLOT_S * max(1.0, speed) * max(1.0, sensors / SENSORS_A_SLOT), 0.0

    def ends(self, now_s: float, *, beat: bool) -> bool:
        """Whether a slot ends with the event of session time `now_s`: every heartbeat ends one."""
        ends = beat or now_s >= self._end_s
        if ends:
            self._end_s = now_s + self._length_s * (1 + SLACK if beat else 1)
        return ends

"""Which legs of a session close their seconds now: all of a few athletes at once, a squad's a few at a time.

The work of a second is done as it closes, so all legs of a squad at once would hold up its next samples for longer than
a picture may be late. What is said of a second does not depend on when it closes.
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor.leg import Leg, LegSecond

LEGS_AT_ONCE = 8  # close in one slot, the next in the next one
LATEST_SLOTS = 8  # after so many nobody waits any more


class Closing:
    """legs : of the session, in the order in which they close. slot_s : from one look to the next, session seconds."""

    def __init__(self, legs: Sequence[Leg], slot_s: float, start_s: float) -> None:
        self._legs, self._latest_s, self._all_looked_at_s = legs, LATEST_SLOTS * slot_s, start_s

    def advance(self, now_s: float, wait_s: float) -> list[tuple[Leg, LegSecond]]:
        """The seconds that close at session time `now_s`; see `Leg.advance`."""
        closed: list[tuple[Leg, LegSecond]] = []
        n_legs, hurry = 0, now_s - self._all_looked_at_s >= self._latest_s
        for leg in self._legs:
            if n_legs >= LEGS_AT_ONCE and not hurry:
                return closed
            seconds = leg.advance(now_s, wait_s)
            closed += [(leg, second) for second in seconds]
            n_legs += bool(seconds)
        self._all_looked_at_s = now_s
        return closed

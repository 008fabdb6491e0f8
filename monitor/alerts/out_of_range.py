"""Which legs have gone out of range: no sensor of the leg is live any more. A pure rule in session time."""

from __future__ import annotations

from collections.abc import Mapping

AWAY_S = 5.0  # a link that breaks for less is no walk out of range
Place = tuple[str, str]  # athlete, leg


class OutOfRange:
    """Tells each leg once, until it has been back. away : the legs that are out of range now."""

    def __init__(self) -> None:
        self.away: set[Place] = set()
        self._live_s: dict[Place, float] = {}

    def update(self, now_s: float, live: Mapping[Place, bool]) -> list[Place]:
        """The legs that have gone out of range. live : by leg, whether any of its sensors is."""
        for place, is_live in live.items():
            if is_live:
                self._live_s[place] = now_s
                self.away.discard(place)
        gone = [place for place, seen_s in self._live_s.items() if now_s - seen_s >= AWAY_S and place not in self.away]
        self.away.update(gone)
        return gone

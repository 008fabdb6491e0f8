"""What was lost between a gateway and a hub: counted, and said in plain words for as long as it is news."""

from __future__ import annotations

import math
import re

NEWS_S = 300.0


class Losses:
    """Of one gateway. given_up : blocks that it dropped before they came; late : packets that came too late.

    Times are monotonic seconds.
    """

    def __init__(self) -> None:
        self.given_up = self.late = 0
        self._given_up_s = self._late_s = -math.inf

    def give_up(self, n_blocks: int, now_s: float) -> None:
        """So many blocks will not come."""
        self.given_up, self._given_up_s = self.given_up + n_blocks, now_s

    def come_late(self, now_s: float) -> None:
        """A packet came of a time that the session has passed."""
        self.late, self._late_s = self.late + 1, now_s

    def told(self, now_s: float) -> str:
        """What there is to say of it now; empty = nothing."""
        given_up = f"{self.given_up} block(s) were given up" if now_s - self._given_up_s <= NEWS_S else ""
        late = f"{self.late} packet(s) came too late for this session" if now_s - self._late_s <= NEWS_S else ""
        said = ", ".join(part for part in (given_up, late) if part)
        return f"{said}; its own recording has them" if said else ""


def gist(note: str) -> str:
    """A note in which numbers count by their length alone, so that it is told again when they have grown tenfold."""
    return re.sub(r"\d+", lambda number: str(len(number[0])), note)

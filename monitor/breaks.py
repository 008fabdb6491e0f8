"""How long a sensor was out of range: baselines count the time in which it was heard."""

from __future__ import annotations

from monitor.settings import BaselineSettings


class Breaks:
    """Seconds of long breaks so far. One for a leg's EMG; its baselines look at it.

    total_s : a break counts, and from its beginning, once it has lasted `baseline.break_s`.
    """

    def __init__(self, settings: BaselineSettings | None = None) -> None:
        self._least_s = (settings or BaselineSettings()).break_s
        self._silent_s = self.total_s = 0.0

    def hear(self, *, heard: bool) -> None:
        """The next second: whether it brought any sample."""
        before_s, self._silent_s = self._silent_s, 0.0 if heard else self._silent_s + 1.0
        if self._silent_s >= self._least_s:
            self.total_s += 1.0 if before_s >= self._least_s else self._silent_s

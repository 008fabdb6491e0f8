"""Where the cursor is and how it moves: play, speed, step, loop, zoom. It draws nothing and knows no clock."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.dashboard.replay_bar import next_speed
from monitor.dashboard.scientist.over_time import View

SPANS_S = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 3600.0, 7200.0, 21600.0, 86400.0)


@dataclass(slots=True)
class Player:
    """end_s: the session's length; span_s: of the view; loop: played again and again."""

    end_s: float
    span_s: float = 30.0
    cursor_s: float = 0.0
    speed: float = 1.0
    playing: bool = False
    loop: tuple[float, float] | None = None
    _from_s: float = 0.0
    _begin: float | None = field(default=None)

    @classmethod
    def showing_all(cls, end_s: float) -> Player:
        """A player at the beginning of a session that is seen as a whole."""
        player = cls(max(end_s, 1.0))
        player.show_all()
        return player

    @property
    def view(self) -> View:
        """The stretch of time that is shown."""
        return View(self._from_s, self._from_s + self.span_s, self.cursor_s)

    def go(self, time_s: float) -> None:
        """Put the cursor there; the view follows where it must."""
        self.cursor_s = min(max(time_s, 0.0), self.end_s)
        if not self._from_s <= self.cursor_s <= self._from_s + self.span_s:
            self._from_s = self.cursor_s - self.span_s / 2
        self._clamp()

    def advance(self, wall_s: float) -> None:
        """So much time has passed on the wall; while playing the cursor stays at three quarters of the view."""
        if not self.playing:
            return
        time_s = self.cursor_s + wall_s * self.speed
        if self.loop is not None and not self.loop[0] <= time_s < self.loop[1]:
            time_s = self.loop[0]
        if time_s >= self.end_s:
            self.playing = False
        self.cursor_s = min(max(time_s, 0.0), self.end_s)
        if self.cursor_s > self._from_s + 0.75 * self.span_s or self.cursor_s < self._from_s:
            self._from_s = self.cursor_s - 0.75 * self.span_s
        self._clamp()

    def zoom(self, factor: float, at_s: float) -> None:
        """Show `factor` as much time; `at_s` stays where it is."""
        share = (at_s - self._from_s) / self.span_s
        self.span_s = min(max(self.span_s * factor, SPANS_S[0]), max(self.end_s, SPANS_S[0]))
        self._from_s = at_s - share * self.span_s
        self._clamp()

    def next_span(self, step: int) -> None:
        """Show more (1) or less (-1) time, in round steps, about the cursor."""
        longer = next((span for span in SPANS_S if span > self.span_s * 1.01), SPANS_S[-1])
        shorter = next((span for span in reversed(SPANS_S) if span < self.span_s * 0.99), SPANS_S[0])
        self.zoom((longer if step > 0 else shorter) / self.span_s, self.cursor_s)

    def show_all(self) -> None:
        """The whole session."""
        self.span_s, self._from_s = max(self.end_s, SPANS_S[0]), 0.0

    def pan(self, by_s: float) -> None:
        """Move the view along."""
        self._from_s += by_s
        self._clamp()

    def faster(self, step: int) -> None:
        """One step faster (1) or slower (-1)."""
        self.speed = next_speed(self.speed, step)

    def mark_loop(self) -> None:
        """First here begins the loop, then here it ends, then there is none."""
        if self.loop is not None:
            self.loop, self._begin = None, None
        elif self._begin is None:
            self._begin = self.cursor_s
        else:
            first, last = sorted((self._begin, self.cursor_s))
            self.loop, self._begin = (first, max(last, first + 0.1)), None

    @property
    def loop_text(self) -> str:
        """How the loop stands."""
        if self.loop is not None:
            return f"loop {self.loop[0]:.1f} to {self.loop[1]:.1f} s"
        return "" if self._begin is None else f"loop from {self._begin:.1f} s: press L at its end"

    def _clamp(self) -> None:
        self._from_s = min(max(self._from_s, 0.0), max(self.end_s - self.span_s, 0.0))

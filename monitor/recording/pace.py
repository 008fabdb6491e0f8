"""Holding a replay back until each event is due."""

from __future__ import annotations

import threading
import time

from monitor.errors import SettingsError


class Pace:
    """Lets session time run at a speed. Every control may be used from any thread.

    speed : session seconds per wall second, above 0; None: as fast as possible.
    start_s : what lies before this session second is never held back.
    Raises: SettingsError on a speed that is none.
    """

    def __init__(self, speed: float | None, start_s: float) -> None:
        self._changed = threading.Condition()
        self._speed = _checked(speed)
        self._start_s = start_s
        self._newest_s = start_s
        self._step_to_s = start_s
        self._anchor: tuple[float, float] | None = None  # a session second, and the wall second at which it was
        self._paused = self._stopped = False

    def wait(self, time_s: float) -> bool:
        """Come back when the session second time_s is due; False once it was stopped."""
        with self._changed:
            while not self._stopped and (left_s := self._left_s(time_s)) != 0:
                self._changed.wait(left_s)
            self._newest_s = time_s
            return not self._stopped

    def set_speed(self, speed: float | None) -> None:
        """Go on at another speed. Raises: SettingsError."""
        speed = _checked(speed)
        with self._changed:
            self._anchor = self._now()
            self._speed = speed
            self._changed.notify_all()

    def pause(self) -> None:
        """Hold session time."""
        with self._changed:
            self._anchor = self._now()
            self._paused = True

    def resume(self) -> None:
        """Let session time run on."""
        with self._changed:
            self._anchor = self._now()
            self._paused = False
            self._changed.notify_all()

    def step(self, by_s: float) -> None:
        """While it is held, let so many session seconds pass."""
        with self._changed:
            self._step_to_s = max(self._step_to_s, self._newest_s) + by_s
            self._changed.notify_all()

    def skip_to(self, time_s: float) -> None:
        """Hold nothing back that lies before this session second."""
        with self._changed:
            self._start_s = self._step_to_s = time_s
            self._anchor = None
            self._changed.notify_all()

    def stop(self) -> None:
        """Let nobody wait any more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _left_s(self, time_s: float) -> float | None:
        """Wall seconds until time_s is due, 0 if it is; None: for ever, until something changes."""
        if time_s < self._start_s:
            return 0.0
        if self._paused:
            return 0.0 if time_s <= self._step_to_s else None
        if self._speed is None:
            return 0.0
        self._anchor = self._anchor or (time_s, time.monotonic())
        return max(0.0, (time_s - self._now()[0]) / self._speed)

    def _now(self) -> tuple[float, float]:
        """The session second that it is now, and the wall second."""
        now_s = time.monotonic()
        if self._anchor is None or self._speed is None:
            return self._newest_s, now_s
        elapsed_s = 0.0 if self._paused else (now_s - self._anchor[1]) * self._speed
        return self._anchor[0] + elapsed_s, now_s


def _checked(speed: float | None) -> float | None:
    if speed is not None and not 0 < speed < float("inf"):
        raise SettingsError(f"the replay speed must be above 0, not {speed:g}")
    return speed

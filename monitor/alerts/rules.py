"""When a leg calls, calls again, and stays silent: pure rules in session time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.alerts.alert import CALLING, Alert
from monitor.settings.alerts import AlertSettings
from monitor.snapshot import AlertView
from monitor.warning.texts import TOO_MANY

_HOUR_S = 3600.0


@dataclass(slots=True)
class _LegCalls:
    """What a leg has called. called : the worst state of the episode; left_s : when the state was left.

    begun_s : when the alert was new; went_out : alerts that were not held back, recent : when, in the last hour.
    waits : a warning that has come back from a lost signal and is told once a sign of it is known again.
    """

    state: str = ""
    called: str = ""
    begun_s: float = 0.0
    went_out: int = 0
    sent_s: float = 0.0
    repeats: int = 0
    seen: bool = False
    left_s: float | None = None
    waits: bool = False
    recent: deque[float] = field(default_factory=deque)


class AlertRules:
    """Gives the alerts that are due; knows nothing of how they are sent.

    An alert is new when a leg comes to WARN or CRAMP, and when WARN becomes CRAMP; a state that comes back within
    `same_within_s` is the same alert. It repeats every `repeat_s`, at most `most_repeats` times, until somebody has
    seen it, the state is left, or the signal is lost. More than `most_per_hour` of a leg are not sent, but CRAMP is;
    what is not sent does not count.
    """

    def __init__(self, settings: AlertSettings) -> None:
        self._settings = settings
        self._legs: dict[tuple[str, str], _LegCalls] = {}
        self.muted: set[str] = set()  # athletes

    def change(self, time_s: float, athlete: str, leg: str, state: str, *, signs: bool = True) -> Alert | None:
        """A leg has come to a state. signs : False = a WARN that rests on memory, none of its signs is known now."""
        calls = self._legs.setdefault((athlete, leg), _LegCalls())
        before, calls.state = calls.state, state
        waited, calls.waits = calls.waits, False
        if state not in CALLING:
            if before in CALLING and not waited:
                calls.left_s = time_s
            return None
        over = calls.left_s is not None and time_s - calls.left_s > self._settings.same_within_s
        worse = state == "CRAMP" and calls.called != "CRAMP"
        new = not calls.called or over or worse
        if new and not signs:
            calls.waits = True
            return None
        calls.left_s = None
        return self._begin(calls, Alert(time_s, athlete, leg, state)) if new else None

    def tick(self, time_s: float, signs: Callable[[str, str], bool]) -> list[Alert]:
        """Session time has come so far: what is due again. signs : whether any sign of a leg's WARN is known now."""
        due: list[Alert | None] = []
        for (athlete, leg), calls in self._legs.items():
            if calls.waits:
                if signs(athlete, leg):
                    calls.waits, calls.left_s = False, None
                    due.append(self._begin(calls, Alert(time_s, athlete, leg, calls.state)))
                continue
            waiting = calls.state in CALLING and not calls.seen and calls.repeats < self._settings.most_repeats
            if waiting and athlete not in self.muted and time_s - calls.sent_s >= self._settings.repeat_s:
                calls.repeats += 1
                due.append(self._send(calls, Alert(time_s, athlete, leg, calls.state, calls.repeats + 1)))
        return [alert for alert in due if alert is not None]

    def acknowledge(self, athlete: str, leg: str, seen: bool = True) -> None:
        """Somebody has seen it: no repeats of this one. False takes that back."""
        if (athlete, leg) in self._legs:
            self._legs[athlete, leg].seen = seen

    def mute(self, athlete: str, muted: bool = True) -> None:
        """Nothing of this athlete goes out from now on, or it does again."""
        (self.muted.add if muted else self.muted.discard)(athlete)

    def standing(self, now_s: float) -> tuple[AlertView, ...]:
        """The alerts whose episode is not over, in the order in which they came."""
        found = [
            AlertView(athlete, leg, calls.called, calls.begun_s, calls.went_out, calls.seen)
            for (athlete, leg), calls in self._legs.items()
            if calls.called and (calls.left_s is None or now_s - calls.left_s <= self._settings.same_within_s)
        ]
        return tuple(sorted(found, key=lambda alert: alert.since_s))

    def _begin(self, calls: _LegCalls, alert: Alert) -> Alert | None:
        calls.called, calls.repeats, calls.seen = alert.state, 0, False
        calls.begun_s, calls.went_out = alert.time_s, 0
        return self._send(calls, alert)

    def _send(self, calls: _LegCalls, alert: Alert) -> Alert | None:
        calls.sent_s = alert.time_s
        while calls.recent and alert.time_s - calls.recent[0] > _HOUR_S:
            calls.recent.popleft()
        left = self._settings.most_per_hour - len(calls.recent)
        if alert.athlete in self.muted or (left <= 0 and alert.state != "CRAMP"):
            return None
        calls.recent.append(alert.time_s)
        calls.went_out += 1
        note = TOO_MANY if left == 1 else ""
        return Alert(alert.time_s, alert.athlete, alert.leg, alert.state, alert.number, note)

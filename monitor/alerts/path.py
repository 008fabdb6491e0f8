"""The one path: a sink of the engine that asks the rules and hands alerts to their sinks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from monitor.alerts.alert import CALLING, Alert, AlertSink
from monitor.alerts.rules import AlertRules
from monitor.chunk import Chunk
from monitor.events import Event, Marker
from monitor.settings.alerts import AlertSettings

_SEEN, _NOT_SEEN = "alert seen: ", "alert not seen: "
_MUTED, _HEARD = "alerts muted: ", "alerts on again: "
_KEPT = 200


def seen_marker(athlete: str, leg: str, seen: bool = True) -> str:
    """The text of the marker that says that somebody has seen a leg's alert; False takes it back."""
    return f"{_SEEN if seen else _NOT_SEEN}{athlete} {leg}"


def mute_marker(athlete: str, muted: bool = True) -> str:
    """The text of the marker that mutes an athlete's alerts, or lets them go out again."""
    return f"{_MUTED if muted else _HEARD}{athlete}"


class AlertPath:
    """Give it to the engine as a sink.

    age_s : how old the present moment of the session is, wall seconds (0 = the computer keeps up).
    signs : whether any sign that can make a WARN of this athlete's leg is known now.
    withheld : alerts that were not sent, since they would have rested on stale data.
    newest : what was sent last, for a screen.
    """

    def __init__(
        self,
        settings: AlertSettings,
        sinks: Sequence[AlertSink],
        age_s: Callable[[], float] = lambda: 0.0,
        signs: Callable[[str, str], bool] = lambda _athlete, _leg: True,
    ) -> None:
        self.rules = AlertRules(settings)
        self._settings, self._sinks, self._age_s, self._signs = settings, tuple(sinks), age_s, signs
        self._ticked_s = 0.0
        self.withheld = 0
        self.newest: deque[Alert] = deque(maxlen=_KEPT)

    def put(self, event: Event, chunks: Sequence[Chunk], changes: Sequence[Mapping[str, Any]]) -> None:
        """Follow the session (see `monitor.engine.Sink`)."""
        if isinstance(event, Marker):
            self._obey(event.text)
        for change in changes:
            athlete, leg, state = (str(change[name]) for name in ("athlete", "leg", "state"))
            signs = state != "WARN" or self._signs(athlete, leg)
            alert = self.rules.change(float(change["time_s"]), athlete, leg, state, signs=signs)
            if alert is not None:
                self._pass_on(alert, event.time_s)
        if event.time_s - self._ticked_s >= 1.0:
            self._ticked_s = event.time_s
            for alert in self.rules.tick(event.time_s, self._signs):
                self._pass_on(alert, event.time_s)

    def is_late(self, since_s: float, now_s: float) -> bool:
        """Whether what became true at one session second is too old to be told at another."""
        return max(now_s - since_s, 0.0) + self._age_s() > self._settings.stale_s

    def _obey(self, text: str) -> None:
        """Do what a marker asks of the alerts, if it does."""
        for prefix, seen in ((_SEEN, True), (_NOT_SEEN, False)):
            if text.startswith(prefix):
                athlete, _, leg = text.removeprefix(prefix).rpartition(" ")
                self.rules.acknowledge(athlete, leg, seen)
        for prefix, muted in ((_MUTED, True), (_HEARD, False)):
            if text.startswith(prefix):
                self.rules.mute(text.removeprefix(prefix), muted)

    def _pass_on(self, alert: Alert, now_s: float) -> None:
        assert alert.state in CALLING
        if self.is_late(alert.time_s, now_s):
            self.withheld += 1
            return
        self.newest.append(alert)
        for sink in self._sinks:
            sink.send(alert)

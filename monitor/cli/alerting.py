"""The alerts of a live session: to the leg's sensors, the log and, if asked for, a webhook."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from monitor.alerts.alert import AlertSink
from monitor.alerts.path import AlertPath
from monitor.alerts.sinks import LogAlert, SensorAlert
from monitor.alerts.webhook import Webhook
from monitor.cli.live_source import Source
from monitor.session import Session
from monitor.warning.texts import CALLS

_NEVER_ENOUGH = ("fatigue", "dose", "context")  # a warning needs a restless calf, too


class LiveAlerts(AlertPath):
    """The path, and what the terminal says of it."""

    def __init__(self, source: Source, session: Session, webhook: Webhook | None) -> None:
        sinks: list[AlertSink] = [SensorAlert(session, source.alert), LogAlert()]
        sinks += [webhook] if webhook is not None else []

        def behind_s() -> float:
            return max(0.0, source.clock.now_s() - session.now_s) / source.clock.speed

        def signs(athlete: str, leg: str) -> bool:
            legs = (one for one in session.legs if (one.athlete, one.leg) == (athlete, leg))
            points = (item for one in legs for item in one.machine.points.items())
            return any(value is not None for sign, value in points if sign not in _NEVER_ENOUGH)

        super().__init__(session.settings.alerts, sinks, behind_s, signs)
        self._webhook, self._told, self._withheld = webhook, "", 0
        self._felt = _felt(session)

    @property
    def calls(self) -> tuple[str, ...]:
        """Where alerts go besides the screens, in words."""
        return (*self._felt, *(("the webhook",) if self._webhook is not None else ()))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a screen must say of it: a webhook that fails."""
        return (self._webhook.problem,) if self._webhook is not None and self._webhook.problem else ()

    def lines(self) -> Iterator[str]:
        """What is new: repeats, alerts that were withheld, a webhook that fails."""
        while self.newest:
            alert = self.newest.popleft()
            if alert.number > 1 or alert.note:
                said = f"{alert.athlete} {alert.leg}: {CALLS[alert.state]} (alert {alert.number})"
                yield f"{alert.time_s:8.1f} s  {'; '.join(part for part in (said, alert.note) if part)}"
        if self.withheld > self._withheld:
            self._withheld = self.withheld
            yield f"{self.withheld} alert(s) were not sent: they would have come too late to be true"
        problem = "".join(self.notes)
        if problem and problem != self._told:
            yield problem
        self._told = problem


def _felt(session: Session) -> tuple[str, ...]:
    """Whether sensors vibrate or blink: all legs have one that can, some have, or none."""
    seats = session.seats.values() if session.settings.link.alert_on_warn else ()
    able = {(seat.athlete, seat.sensor.leg) for seat in seats if seat.profile is not None and seat.profile.step.alert}
    return () if not able else ("the sensors" if len(able) == len(session.legs) else "some sensors",)


@contextmanager
def alerting(source: Source, session: Session, webhook: str | None) -> Iterator[LiveAlerts]:
    """The path of a session, closed at its end. Raises: SettingsError for an address that is none."""
    hook = Webhook(webhook, session.settings.alerts) if webhook is not None else None
    try:
        yield LiveAlerts(source, session, hook)
    finally:
        if hook is not None:
            hook.close()

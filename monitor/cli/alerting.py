"""The alerts of a live session: to the leg's sensors, the log and, if asked for, headphones and a webhook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from monitor.alerts.alert import AlertSink
from monitor.alerts.out_of_range import OutOfRange
from monitor.alerts.path import AlertPath
from monitor.alerts.sinks import LogAlert, SensorAlert
from monitor.alerts.sound import SoundAlert
from monitor.alerts.webhook import Webhook
from monitor.chunk import Chunk
from monitor.cli.live_source import Source
from monitor.events import Event, Link
from monitor.session import Session
from monitor.warning.texts import CALLS

_NEVER_ENOUGH = ("fatigue", "dose", "context")  # a warning needs a restless calf, too


class LiveAlerts(AlertPath):
    """The path, what the terminal says of it, and who is out of range."""

    def __init__(
        self, source: Source, session: Session, webhook: Webhook | None, sound: SoundAlert | None = None
    ) -> None:
        sinks: list[AlertSink] = [SensorAlert(session, source.alert), LogAlert()]
        sinks += [sink for sink in (webhook, sound) if sink is not None]

        def behind_s() -> float:
            return max(0.0, source.clock.now_s() - session.now_s) / source.clock.speed

        def signs(athlete: str, leg: str) -> bool:
            legs = (one for one in session.legs if (one.athlete, one.leg) == (athlete, leg))
            points = (item for one in legs for item in one.machine.points.items())
            return any(value is not None for sign, value in points if sign not in _NEVER_ENOUGH)

        super().__init__(session.settings.alerts, sinks, behind_s, signs)
        self._session, self._range, self._looked_s = session, OutOfRange(), 0.0
        self._webhook, self._told, self._withheld = webhook, "", 0
        self._sound, self._greeting = sound, "" if sound is None else sound.told
        self._felt = _felt(session)

    def put(self, event: Event, chunks: Sequence[Chunk], changes: Sequence[Mapping[str, Any]]) -> None:
        """Follow the session; a leg that has gone out of range is cued once."""
        super().put(event, chunks, changes)
        if event.time_s - self._looked_s < 1.0:
            return
        self._looked_s = event.time_s
        live: dict[tuple[str, str], bool] = {}
        for seat in self._session.seats.values():
            place = seat.athlete, seat.sensor.leg
            live[place] = live.get(place, False) or seat.link is Link.LIVE
        gone = self._range.update(event.time_s, live)
        late = self.is_late(event.time_s, event.time_s)
        if self._sound is not None and not late and any(athlete not in self.rules.muted for athlete, _ in gone):
            self._sound.out_of_range()

    @property
    def away(self) -> tuple[tuple[str, str], ...]:
        """The legs that are out of range and whose athlete is not muted."""
        return tuple(sorted(place for place in self._range.away if place[0] not in self.rules.muted))

    @property
    def calls(self) -> tuple[str, ...]:
        """Where alerts go besides the screens, in words."""
        heard = () if self._sound is None else self._sound.calls
        return (*heard, *self._felt, *(("the webhook",) if self._webhook is not None else ()))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a screen must say of it: a webhook or a loudspeaker that fails."""
        return tuple(sink.problem for sink in (self._webhook, self._sound) if sink is not None and sink.problem)

    def lines(self) -> Iterator[str]:
        """What is new: what is heard here, repeats, alerts that were withheld, what fails."""
        greeting, self._greeting = self._greeting, ""
        if greeting:
            yield greeting
        while self.newest:
            alert = self.newest.popleft()
            if alert.number > 1 or alert.note:
                said = f"{alert.athlete} {alert.leg}: {CALLS[alert.state]} (alert {alert.number})"
                yield f"{alert.time_s:8.1f} s  {'; '.join(part for part in (said, alert.note) if part)}"
        if self.withheld > self._withheld:
            self._withheld = self.withheld
            yield f"{self.withheld} alert(s) were not sent: they would have come too late to be true"
        problem = "; ".join(self.notes)
        if problem and problem != self._told:
            yield problem
        self._told = problem


def _felt(session: Session) -> tuple[str, ...]:
    """Whether sensors vibrate or blink: all legs have one that can, some have, or none."""
    seats = session.seats.values() if session.settings.link.alert_on_warn else ()
    able = {(seat.athlete, seat.sensor.leg) for seat in seats if seat.profile is not None and seat.profile.step.alert}
    return () if not able else ("the sensors" if len(able) == len(session.legs) else "some sensors",)


@contextmanager
def alerting(
    source: Source, session: Session, webhook: str | None, sound: Callable[[], bool] | None = None
) -> Iterator[LiveAlerts]:
    """The path of a session, closed at its end.

    sound : whether alerts may be heard here now; None = they are not, or a window sounds.
    Raises: SettingsError for an address that is none.
    """
    hook = Webhook(webhook, session.settings.alerts) if webhook is not None else None
    heard = SoundAlert(sound) if sound is not None else None
    try:
        yield LiveAlerts(source, session, hook, heard)
    finally:
        for sink in (hook, heard):
            if sink is not None:
                sink.close()

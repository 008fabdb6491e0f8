"""Which alerts are to be heard here now. Whether a leg calls, and again, is for the alert rules alone to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from monitor.dashboard.states import state_look
from monitor.snapshot import AlertView


class SquadSound(StrEnum):
    """What sounds, for the whole squad."""

    ALL = "WARN and CRAMP"
    CRAMP = "CRAMP only"
    NONE = "silent"


@dataclass(slots=True)
class Alarms:
    """Fed with the alerts of every frame; gives those to be heard. sound : for the squad, on this screen."""

    sound: SquadSound = SquadSound.ALL
    _heard: dict[tuple[str, str, float], int] = field(default_factory=dict)
    _away: frozenset[tuple[str, str]] = frozenset()

    def update(self, alerts: Iterable[AlertView]) -> list[AlertView]:
        """The alerts that went out since the last frame, for the first time or again; the more urgent first."""
        now = {(alert.athlete, alert.leg, alert.since_s): alert for alert in alerts}
        due = [alert for place, alert in now.items() if alert.sent > self._heard.get(place, 0) and not alert.seen]
        self._heard = {place: alert.sent for place, alert in now.items()}
        return sorted(filter(self._sounds, due), key=lambda alert: -state_look(alert.state).urgency)

    def left_range(self, away: Iterable[tuple[str, str]]) -> bool:
        """Whether to cue softly: a leg has gone out of range since the last frame. away : the legs that are."""
        before, self._away = self._away, frozenset(away)
        return self.sound is SquadSound.ALL and bool(self._away - before)

    def _sounds(self, alert: AlertView) -> bool:
        return self.sound is SquadSound.ALL or (self.sound is SquadSound.CRAMP and alert.state == "CRAMP")

    def next_sound(self) -> None:
        """The next setting for the squad."""
        every = list(SquadSound)
        self.sound = every[(every.index(self.sound) + 1) % len(every)]


def waiting(alerts: Sequence[AlertView], athlete: str | None = None) -> list[AlertView]:
    """The alerts that nobody has seen yet, of one athlete or of all."""
    return [alert for alert in alerts if not alert.seen and athlete in (None, alert.athlete)]

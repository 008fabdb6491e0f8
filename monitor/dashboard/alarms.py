"""Which legs ask for attention: new WARN and CRAMP until somebody acknowledges them, silent for muted athletes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from monitor.dashboard.squad import Card, LegCard

AGAIN_S = 15.0  # wall seconds after which an alarm that nobody acknowledged sounds again
CALM_S = 30.0  # session seconds without WARN or CRAMP after which the next one is new


class SquadSound(StrEnum):
    """What sounds, for the whole squad."""

    ALL = "WARN and CRAMP"
    CRAMP = "CRAMP only"
    NONE = "silent"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An alarm that nobody has acknowledged. raised_s: session second at which it came."""

    athlete: str
    leg: str
    state: str
    raised_s: float


@dataclass(slots=True)
class _Raised:
    state: str
    raised_s: float
    seen_s: float
    open: bool = True
    sounded_wall_s: float = field(default=-1e9)


@dataclass(slots=True)
class Alarms:
    """Fed with every frame; gives what is to sound now.

    sound : for the squad; muted : athletes who make no sound (their tile still flashes).
    """

    sound: SquadSound = SquadSound.ALL
    muted: set[str] = field(default_factory=set)
    _raised: dict[tuple[str, str], _Raised] = field(default_factory=dict)

    def update(self, squad: Sequence[Card], time_s: float, wall_s: float) -> list[str]:
        """The tones to play now, "WARN" or "CRAMP", the more urgent first. time_s: session, wall_s: monotonic."""
        self.follow(squad, time_s)
        due = []
        for (athlete, _), raised in self._raised.items():
            if raised.open and wall_s - raised.sounded_wall_s >= AGAIN_S and self._sounds(athlete, raised.state):
                raised.sounded_wall_s = wall_s
                due.append(raised.state)
        return sorted(set(due))

    def follow(self, squad: Sequence[Card], time_s: float) -> None:
        """Notice what is new, what has become worse, what has passed; for a screen that sounds by itself."""
        for card in squad:
            for leg in card.legs:
                self._see(leg, time_s)

    def _see(self, leg: LegCard, time_s: float) -> None:
        place = (leg.athlete, leg.leg)
        raised = self._raised.get(place)
        if leg.state in ("WARN", "CRAMP"):
            worse = raised is not None and raised.state == "WARN" and leg.state == "CRAMP"
            if raised is None or worse:
                self._raised[place] = _Raised(leg.state, time_s, time_s)
            else:
                raised.state, raised.seen_s = leg.state, time_s
        elif raised is not None and time_s - raised.seen_s > CALM_S:
            del self._raised[place]

    def _sounds(self, athlete: str, state: str) -> bool:
        wanted = self.sound is SquadSound.ALL or (self.sound is SquadSound.CRAMP and state == "CRAMP")
        return wanted and athlete not in self.muted

    def is_open(self, athlete: str) -> bool:
        """Whether an alarm of this athlete waits to be acknowledged."""
        return any(raised.open for (name, _), raised in self._raised.items() if name == athlete)

    def waiting(self) -> list[Waiting]:
        """The alarms that nobody has acknowledged, in the order in which they came."""
        found = [
            Waiting(athlete, leg, raised.state, raised.raised_s)
            for (athlete, leg), raised in self._raised.items()
            if raised.open
        ]
        return sorted(found, key=lambda alarm: alarm.raised_s)

    def acknowledge(self, athletes: Collection[str]) -> list[tuple[str, str]]:
        """Somebody has seen them: no more flash, no more sound until a worse state or another alarm. Gives the legs."""
        seen = [place for place, raised in self._raised.items() if raised.open and place[0] in athletes]
        for place in seen:
            self._raised[place].open = False
        return seen

    def acknowledge_leg(self, athlete: str, leg: str) -> None:
        """Somebody has seen the alarm of one leg."""
        if (athlete, leg) in self._raised:
            self._raised[athlete, leg].open = False

    def toggle_mute(self, athlete: str) -> None:
        """This athlete makes no sound, or sounds again."""
        self.muted ^= {athlete}

    def next_sound(self) -> None:
        """The next setting for the squad."""
        every = list(SquadSound)
        self.sound = every[(every.index(self.sound) + 1) % len(every)]

"""Who wears which sensor, seat by seat: how all are at rest, then the one that answers when it is asked to move.

The terminal and the window both ask this; it says nothing and waits for nobody but the sensors.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from monitor.acquisition.in_range import InRange
from monitor.acquisition.pairing import EMG, MOTION, Verdict, Watching, placed, verdict
from monitor.acquisition.profile_model import Profile
from monitor.errors import LinkError, TeamError
from monitor.team import Athlete, Sensor, Team

CONNECT_S = 20.0  # for all of them, one after the other
STILL_S = 3.0
ACT_S = 4.0
ROLES = ("emg", "shank", "foot")
_ACTIONS = {
    "emg": "tense {whose} {leg} calf hard and let it go, again and again",
    "shank": "swing {whose} {leg} shank (sit down, kick with the lower leg)",
    "foot": "shake the sensor on {whose} {leg} foot",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A place on a leg that wants a sensor. role: emg, shank or foot."""

    athlete: str
    leg: str
    role: str

    @property
    def action(self) -> str:
        """What to do so that its sensor is found."""
        return _ACTIONS[self.role].format(whose=f"{self.athlete}'s", leg=self.leg)

    @property
    def order(self) -> str:
        """The same as the beginning of a sentence."""
        return self.action[0].upper() + self.action[1:]


def seats(athlete: str, legs: Sequence[str]) -> list[Seat]:
    """The seats of one athlete in the order in which they are asked for."""
    return [Seat(athlete, leg, role) for leg in legs for role in ROLES]


class Seating:
    """heard, profiles : of all sensors that are looked at, by source_id. act_s, still_s : how long to look."""

    def __init__(
        self,
        watching: Watching,
        heard: Mapping[str, InRange],
        profiles: Mapping[str, Profile],
        act_s: float = ACT_S,
        still_s: float = STILL_S,
    ) -> None:
        self._watching, self._heard, self._profiles = watching, heard, profiles
        self.act_s, self.still_s = act_s, still_s
        self.live: list[str] = []
        self.left_out: dict[str, str] = {}  # sensors that do not stream, and why
        self.taken: dict[Seat, str] = {}
        self.more: dict[str, dict[str, object]] = {}  # what else a sensor's entry in the team says, by source_id
        self._rest: dict[Collection[str], dict[str, float]] = {}

    def connect(self) -> None:
        """Wait until the sensors stream. Raises: LinkError if none does."""
        self.live = self._watching.wait_until_live(CONNECT_S)
        self.left_out = {
            name: self._watching.details.get(name) or str(self._watching.links[name])
            for name in self._heard.keys() - set(self.live)
        }
        if not self.live:
            raise LinkError("no sensor streams; switch them off and on, come nearer, and try again")

    def learn_rest(self) -> None:
        """Watch how all are at rest, `still_s` for each kind."""
        for kinds in (EMG, MOTION):
            self._rest[kinds] = self._watching.collect(self.still_s, kinds)

    @property
    def rested(self) -> bool:
        """Whether the sensors' rest is known."""
        return bool(self._rest)

    @property
    def free(self) -> list[str]:
        """The sensors that stream and have no seat."""
        return [name for name in self.live if name not in self.taken.values()]

    def able(self, seat: Seat) -> list[str]:
        """The free sensors that can do what this seat asks for."""
        return [name for name in self.free if self._suits(name, seat.role)]

    def look(self, seat: Seat) -> Verdict:
        """Watch for `act_s` which of them does it."""
        kinds = EMG if seat.role == "emg" else MOTION
        able = [name for name in self.able(seat) if name in self._rest.get(kinds, {})]
        spreads = self._watching.collect(self.act_s, kinds) if able else {}
        return verdict({name: spreads[name] for name in able if name in spreads}, self._rest.get(kinds, {}), kinds)

    def take(self, seat: Seat, source_id: str) -> None:
        """Give a sensor this seat; one that sits on the calf and measures an angle is the shank's sensor too."""
        self.taken[seat] = source_id
        shank = Seat(seat.athlete, seat.leg, "shank")
        if seat.role == "emg" and self._measures_angle(source_id) and shank not in self.taken:
            self.taken[shank] = source_id

    def has_one_channel(self, source_id: str) -> bool:
        """Whether one muscle is all that this sensor can measure, so that its channel can bear the muscle's name."""
        streams = self._profiles[source_id].streams.values()
        return [len(stream.channels) for stream in streams if stream.kind in ("emg", "envelope")][:1] == [1]

    def team(self) -> Team:
        """The team that sits now. Raises: TeamError with the reason why this is no team."""
        worn: dict[str, dict[str, list[Seat]]] = {}
        for seat, source_id in self.taken.items():
            worn.setdefault(seat.athlete, {}).setdefault(source_id, []).append(seat)
        return team_of({who: [self._sensor(name, held) for name, held in own.items()] for who, own in worn.items()})

    def _sensor(self, source_id: str, held: list[Seat]) -> Sensor:
        roles = [seat.role for seat in held]
        return placed(source_id, self._heard[source_id], held[0].leg, roles, self.more.get(source_id))

    def _suits(self, name: str, role: str) -> bool:
        return "emg" in self._profiles[name].kind if role == "emg" else self._measures_angle(name)

    def _measures_angle(self, name: str) -> bool:
        profile = self._profiles[name]
        kinds = {stream.kind for stream in profile.streams.values()}
        return profile.quality.angle_use != "none" and {"acc", "gyro"} <= kinds


def team_of(worn: Mapping[str, Sequence[Sensor]]) -> Team:
    """A team of what each athlete wears. Raises: TeamError with the reason why this is no team."""
    try:
        athletes = [Athlete(name=who, sensors=tuple(sensors)) for who, sensors in worn.items() if sensors]
        return Team(athletes=tuple(athletes))
    except ValidationError as error:
        raise TeamError(f"this makes no team: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from error


def told(judged: Verdict) -> str:
    """What the sensors did, the most first: "uMyo-1 12 x rest, uMyo-2 1 x rest"."""
    ratios = sorted(judged.ratios.items(), key=lambda item: -item[1])
    return ", ".join(f"{name} {ratio:.0f} x rest" for name, ratio in ratios[:3]) or "nothing was measured"

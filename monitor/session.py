"""Athletes, legs and sensors wired together: events in, seconds and state changes out.

The session is a pure function of the events it is fed and of how it was built. Live, replay and batch feed the same
events and so get the same states.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from monitor.acquisition.arrivals import ArrivalPattern
from monitor.acquisition.profile_model import Profile
from monitor.acquisition.sensor import SensorDecoder, decode_sensors, display_only, lacks, motion_stream
from monitor.chunk import Chunk, Stream
from monitor.closing import Closing
from monitor.comparing import comparable, worn_of
from monitor.context.journal import Journal
from monitor.errors import TeamError, WiringError
from monitor.events import Battery, Decoded, Event, Heartbeat, Link, LinkChange, Marker, Notification
from monitor.leg import WAIT_S, Leg, LegSecond
from monitor.limits import Limits
from monitor.markers import noted, obey
from monitor.settings import LinkSettings, Settings
from monitor.slots import SLOT_S, Slots
from monitor.stored import StoredLeg, Worn
from monitor.team import Sensor, Team
from monitor.warning import texts
from monitor.warning.both_legs import BothLegs, Hint
from monitor.warning.state import Remark, StateChange

FAST_WAITS = 3  # virtual sensors that run fast share the machine with the monitor and are waited for longer
_MARKERS = 500


@dataclass(slots=True)
class Seat:
    """One sensor in its place: who wears it, what it sends, how its link stands."""

    athlete: str
    sensor: Sensor
    profile: Profile | None
    decoder: SensorDecoder | None
    leg: Leg
    motion: str = ""  # the stream that tells its movement: imu or quat; empty = not known yet
    link: Link = Link.SEARCHING
    detail: str = ""
    newest_s: float | None = None
    battery: float | None = None  # 0..1
    arrivals: ArrivalPattern = field(default_factory=ArrivalPattern)
    streams: dict[str, Stream] = field(default_factory=dict)  # that came decoded, by name
    rate_hz: float | None = None  # of what comes decoded; a decoder measures its own
    waiting: list[Notification] = field(default_factory=list)  # not yet decoded


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What one event led to."""

    chunks: tuple[Chunk, ...] = ()
    seconds: tuple[tuple[Leg, LegSecond], ...] = ()
    changes: tuple[StateChange, ...] = field(default=())
    hints: tuple[Hint, ...] = ()

    @property
    def said(self) -> tuple[Remark | Hint, ...]:
        """Sentences that change no state."""
        return (*(second.remark for _, second in self.seconds if second.remark is not None), *self.hints)


class Session:
    """feed() takes the events in order of arrival.

    profiles : resolved, by source_id; a sensor that has none there is fed with Decoded events only.
    stored : by (athlete, leg), what earlier sessions left. journal : what the athletes said before the session.
    speed : session seconds per wall second; what the machine delays, it delays in wall seconds, so waiting follows it.
    """

    def __init__(
        self,
        team: Team,
        profiles: Mapping[str, Profile],
        settings: Settings,
        *,
        speed: float = 1.0,
        stored: Mapping[tuple[str, str], StoredLeg] | None = None,
        calibration_window_s: tuple[float, float] | None = None,
        start_s: float = 0.0,
        journal: Journal | None = None,
    ) -> None:
        self.team, self.settings, self.speed, self.journal = team, settings, speed, journal
        self._wait_s = WAIT_S if speed <= 1 else WAIT_S * speed * FAST_WAITS
        self._slots = Slots(sum(len(athlete.sensors) for athlete in team.athletes), speed)
        self.stored_at_start = dict(stored or {})
        self.now_s = 0.0
        self.legs: list[Leg] = []
        self._closing = Closing(self.legs, SLOT_S * max(1.0, speed), start_s)
        self._worn: dict[tuple[str, str], Worn] = {}
        self.seats: dict[str, Seat] = {}
        self.hints: deque[Hint] = deque(maxlen=_MARKERS)
        self._pairs = {each.name: BothLegs(each.name, settings) for each in team.athletes if len(each.legs) == 2}
        self.markers: deque[tuple[float, str]] = deque(maxlen=_MARKERS)
        for athlete in team.athletes:
            for side in sorted(athlete.legs):
                worn = [sensor for sensor in athlete.sensors if sensor.leg == side]
                kept = (stored or {}).get((athlete.name, side))
                self._seat(athlete.name, side, worn, profiles, kept, calibration_window_s, start_s)

    def _seat(
        self,
        athlete: str,
        side: str,
        worn: list[Sensor],
        profiles: Mapping[str, Profile],
        kept: StoredLeg | None,
        window_s: tuple[float, float] | None,
        start_s: float,
    ) -> None:
        roles = frozenset(role for sensor in worn for role in sensor.roles)
        if "emg" not in roles:
            raise TeamError(
                f"athlete {athlete!r} has no EMG sensor on the {side} leg; nothing can be said about that calf"
            )
        emg = next(sensor for sensor in worn if "emg" in sensor.roles)
        today = worn_of(emg, profiles)
        usable, notes = comparable(kept, today)
        leg = Leg(
            athlete,
            side,
            roles,
            self.settings,
            limits=Limits.of(profiles.get(emg.match)),
            stored=usable,
            calibration_window_s=window_s,
            start_s=start_s,
            context=None if self.journal is None else self.journal.context(athlete),
        )
        leg.kept_notes, self._worn[athlete, side] = notes, today
        self.legs.append(leg)
        for sensor in worn:
            profile = profiles.get(sensor.match)
            decoder, motion = None, ""
            if profile is not None:
                _check_roles(athlete, sensor, profile)
                motion = motion_stream(profile)
                shown = ("emg", "envelope")
                streams = (*shown, motion) if leg.roles & {"shank", "foot"} & set(sensor.roles) else shown
                speed, labels = max(1.0, self.speed), sensor.channels
                decoder = SensorDecoder(profile, sensor.match, labels, speed, streams, only=sensor.only)
            self.seats[sensor.match] = Seat(
                athlete, sensor, profile, decoder, leg, motion, arrivals=ArrivalPattern(max(1.0, self.speed))
            )

    @property
    def first_changes(self) -> tuple[StateChange, ...]:
        """The state of every leg before the first event."""
        return tuple(leg.first_change for leg in self.legs)

    def feed(self, event: Event, decoded: Callable[[Sequence[Chunk]], None] | None = None) -> Outcome:
        """Take the next event.

        decoded : told of what is decoded, with a heartbeat even of nothing, before the seconds that it completes close.
        """
        if not isinstance(event, Decoded):
            self.now_s = max(self.now_s, event.time_s)
        seat = None if isinstance(event, Marker | Heartbeat) else self.seats.get(event.sensor)
        chunks: list[Chunk] = []
        due = self._slots.ends(self.now_s, beat=isinstance(event, Heartbeat))
        if due:
            chunks = self._decode(self.seats.values())
        match event:
            case Notification() if seat:
                self._collect(seat, event)
            case Decoded() if seat:
                _check(seat, event.chunk)
                chunks.append(event.chunk)
                seat.newest_s, seat.rate_hz, seat.link = event.time_s, event.chunk.stream.rate_hz, Link.LIVE
                self._route(seat, event.chunk)
            case LinkChange() if seat:
                chunks += self._decode([seat], flush=True)
                seat.link, seat.detail = event.link, event.detail
                if event.link is not Link.LIVE:
                    seat.arrivals.forget()
                if seat.decoder is not None:
                    seat.decoder.link(event)
            case Battery() if seat:
                seat.battery = event.fraction
            case Marker():
                noted(self.markers, event.time_s, event.text)
                obey(event.text, self.legs)
            case _:
                pass
        if due and decoded is not None and (chunks or isinstance(event, Heartbeat)):
            decoded(chunks)
        return self._advance(chunks) if due else Outcome(tuple(chunks))

    def finish(self) -> Outcome:
        """The source has ended."""
        chunks = self._decode(self.seats.values(), flush=True)
        return self._outcome(chunks, [(leg, second) for leg in self.legs for second in leg.finish()])

    def _collect(self, seat: Seat, event: Notification) -> None:
        seat.newest_s = event.time_s
        if "emg" in seat.sensor.roles:
            seat.leg.heard_s = event.time_s
        if seat.decoder is not None:
            seat.waiting.append(event)

    def _decode(self, seats: Iterable[Seat], *, flush: bool = False) -> list[Chunk]:
        """What waits at seats, decoded together and on its way. flush: nothing more can belong to it."""
        decoding = [(seat, seat.decoder) for seat in seats if seat.decoder and (seat.waiting or flush)]
        if not decoding:
            return []
        found = decode_sensors([decoder for _, decoder in decoding], [seat.waiting for seat, _ in decoding])
        for (seat, decoder), chunks in zip(decoding, found, strict=True):
            seat.arrivals.push(notification.time_s for notification in seat.waiting)
            seat.waiting.clear()
            seat.battery = seat.battery if decoder.battery is None else decoder.battery
            if "emg" in seat.sensor.roles and seat.profile is not None:
                seat.leg.unusable = _unusable(seat.profile, decoder, self.settings.link)
            chunks += decoder.flush() if flush else []
            for chunk in chunks:
                self._route(seat, chunk)
            if chunks:
                self._tell_uncertainty(seat, decoder)
        return [chunk for chunks in found for chunk in chunks]

    def _tell_uncertainty(self, seat: Seat, decoder: SensorDecoder) -> None:
        """Not of virtual sensors that run fast: there a delay of the machine is many times what it would be."""
        for role in seat.sensor.roles if self.speed <= 1 else ():
            uncertainty_s = decoder.time_uncertainty_s(_stream_of(role, seat.motion))
            if uncertainty_s is not None:
                seat.leg.position_gate.tell(role, uncertainty_s)

    def _route(self, seat: Seat, chunk: Chunk) -> None:
        """To the roles that this sensor plays."""
        if not seat.motion and chunk.stream.name in ("imu", "quat"):
            seat.motion = chunk.stream.name
        if chunk.stream.name == "envelope":
            seat.leg.show("envelope", chunk)
        for role in seat.sensor.roles:
            if role not in seat.leg.roles:
                continue
            if chunk.stream.name == _stream_of(role, seat.motion):
                seat.leg.push(role, chunk)

    def _advance(self, chunks: Sequence[Chunk]) -> Outcome:
        return self._outcome(chunks, self._closing.advance(self.now_s, self._wait_s))

    def _outcome(self, chunks: Sequence[Chunk], seconds: list[tuple[Leg, LegSecond]]) -> Outcome:
        changes = tuple(second.change for _, second in seconds if second.change is not None)
        paired = [(self._pairs.get(leg.athlete), leg.leg, second.evidence) for leg, second in seconds]
        told = [pair.push(side, evidence) for pair, side, evidence in paired if pair is not None]
        hints = tuple(hint for each in told for hint in each)
        self.hints.extend(hints)
        return Outcome(tuple(chunks), tuple(seconds), changes, hints)

    def stored(self) -> dict[tuple[str, str], StoredLeg]:
        """What to keep of every leg; what is of an earlier session stays as it was."""
        found = {}
        for leg in self.legs:
            key = leg.athlete, leg.leg
            of_today = leg.path is None or not leg.path.kept_baseline
            found[key] = replace(leg.stored(), worn=self._worn[key] if of_today else self.stored_at_start[key].worn)
        return found


def _check_roles(athlete: str, sensor: Sensor, profile: Profile) -> None:
    """Raises: TeamError if the sensor cannot play a role that it is given."""
    for role in sensor.roles:
        if missing := lacks(profile, role):
            raise TeamError(
                f"sensor {sensor.match!r} of {athlete} cannot be its {role} sensor: {profile.key} sends no {missing}"
            )


def _unusable(profile: Profile, decoder: SensorDecoder, limits: LinkSettings) -> str:
    """Why the packets of an EMG sensor serve for nothing; empty = they do."""
    if display_only(profile):
        return texts.display_only(profile.model)
    return texts.stands_still(decoder.repeated) if decoder.repeated > limits.repeated else ""


def _stream_of(role: str, motion: str) -> str:
    """The stream of a sensor that plays a role. motion : the one that tells its movement."""
    return motion if role in ("shank", "foot") else role


def _check(seat: Seat, chunk: Chunk) -> None:
    """What comes decoded must be the same stream all along. Raises: WiringError."""
    known = seat.streams.setdefault(chunk.stream.name, chunk.stream)
    if known != chunk.stream:
        raise WiringError(f"the stream {chunk.stream.name!r} of {seat.sensor.match!r} changes its form on the way")


def change_to_dict(change: StateChange) -> dict[str, Any]:
    """One state change as the command line and the recording write it."""
    return change.to_dict() | {"athlete": change.athlete or None, "leg": change.leg or None}

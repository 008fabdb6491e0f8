"""What the steps of a set-up share: the people, their seats, the answers, the file, and the job that runs now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.acquisition.seating import Seat, seats
from monitor.context.journal import Journal
from monitor.errors import CrampwatchError, TeamError
from monitor.setting_up import FIND_S, Bench, Job, SetUp
from monitor.team import Team, save_team

LEGS = ("left", "right")
EVERYBODY = ""
AS_WORN = {"options", "only", "channels", "placement"}  # what stays with a sensor from one team to the next
USUAL_MUSCLE = "GM"  # where the page of the places asks for the first sensor


@dataclass(slots=True)
class Person:
    """An athlete by pseudonym, and the legs that wear sensors."""

    name: str
    legs: tuple[str, ...] = LEGS


@dataclass(slots=True)
class Desk:
    """did : told what was done and how it is taken back. earlier : the team of last time, to begin with."""

    bench: Bench
    path: Path
    did: Callable[[str, Callable[[], object]], None]
    earlier: Team | None = None
    people: list[Person] = field(default_factory=list)
    answers: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)  # by athlete, EVERYBODY = of all
    find_s: float = FIND_S  # how long to listen for sensors
    record: bool = True  # the session that follows
    job: Job | None = None
    problem: str = ""  # of the last job
    _then: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        """Begin with the people of last time."""
        if not self.people:
            known = self.earlier.athletes if self.earlier else ()
            self.people = [Person(a.name, tuple(sorted({s.leg for s in a.sensors}))) for a in known] or [Person("A1")]

    def begin(self, job: Job, then: Callable[[], object] = lambda: None) -> None:
        """A job has begun; `then` is called when it has gone well."""
        self.job, self.problem, self._then = job, "", then

    def tick(self) -> None:
        """See whether the job has ended."""
        if self.job is not None and self.job.done:
            job, self.job = self.job, None
            self.problem = job.problem
            if not self.problem:
                self._then()

    @property
    def seats(self) -> list[Seat]:
        """Every seat of everybody, in the order in which they are filled."""
        return [seat for person in self.people for seat in seats(person.name, person.legs)]

    def sensor_of(self, seat: Seat) -> str:
        """Who sits there; empty = nobody."""
        return self.bench.seating.taken.get(seat, "") if self.bench.seating is not None else ""

    def seat(self, seat: Seat, sensor: str, said: str = "") -> None:
        """Give a sensor a seat, or take it away (sensor empty); it can be undone."""
        seating = self.bench.seating
        if seating is None:
            return
        undo = self._as_it_sits()
        if sensor:
            seating.take(seat, sensor)
            if seat.role == "emg":
                seating.more[sensor] = {"channels": (USUAL_MUSCLE,)} if seating.has_one_channel(sensor) else {}
        else:
            seating.taken.pop(seat, None)
        where = f"{seat.athlete} {seat.leg} {seat.role}"
        self.did(said or (f"{where}: {sensor}" if sensor else f"{where} is empty"), undo)

    def muscle_at(self, seat: Seat) -> str | None:
        """The muscle below a sensor of one channel, empty = not said; None = no such sensor sits there."""
        seating, sensor = self.bench.seating, self.sensor_of(seat)
        if seating is None or seat.role != "emg" or not sensor or not seating.has_one_channel(sensor):
            return None
        labels: Any = seating.more.get(sensor, {}).get("channels", ())
        return labels[0] if labels else ""

    def name_muscle(self, seat: Seat, muscle: str) -> None:
        """Which muscle the sensor of one channel lies on, empty = not said; it can be undone."""
        seating = self.bench.seating
        if seating is not None:
            undo = self._as_it_sits()
            seating.more[self.sensor_of(seat)] = {"channels": (muscle,) if muscle else ()}
            self.did(f"{seat.athlete} {seat.leg}: {muscle or 'muscle not said'}", undo)

    def _as_it_sits(self) -> Callable[[], None]:
        """What takes back all that is done to the seats from now on."""
        seating = self.bench.seating
        assert seating is not None
        taken, more = dict(seating.taken), dict(seating.more)

        def undo() -> None:
            seating.taken, seating.more = taken, more

        return undo

    def as_last_time(self) -> int:
        """Seat every sensor that is here as it was in the earlier team; how many seats were filled."""
        seating, wanted = self.bench.seating, set(self.seats)
        if seating is None or self.earlier is None:
            return 0
        undo, before = self._as_it_sits(), set(seating.taken)
        for athlete in self.earlier.athletes:
            for sensor in athlete.sensors:
                for role in sensor.roles:
                    seat = Seat(athlete.name, sensor.leg, role)
                    if seat in wanted and sensor.match in seating.live:
                        seating.taken[seat] = sensor.match
                        seating.more[sensor.match] = sensor.model_dump(include=AS_WORN)
        new = len(seating.taken.keys() - before)
        if new:
            self.did(f"{new} seats as last time", undo)
        return new

    @property
    def team(self) -> Team:
        """The team that sits now. Raises: TeamError with the reason why this is none."""
        if self.bench.seating is None or not self.bench.seating.taken:
            raise TeamError("no sensor has been given to anybody yet")
        team = self.bench.seating.team()
        legs = {(seat.athlete, seat.leg) for seat in self.bench.seating.taken}
        for who, leg in sorted(legs):
            if Seat(who, leg, "emg") not in self.bench.seating.taken:
                raise TeamError(f"{who} has no EMG sensor on the {leg} calf: nothing can be said about that calf")
        return team

    @property
    def team_problem(self) -> str:
        """Why this is no team yet; empty = it is one."""
        try:
            _ = self.team
        except CrampwatchError as error:
            return str(error)
        return ""

    @property
    def journal(self) -> Journal | None:
        """What was answered; None = nothing."""
        people = {who: dict(given) for who, given in self.answers.items() if who != EVERYBODY and given}
        common = dict(self.answers.get(EVERYBODY, {}))
        return Journal(common, people) if common or people else None

    def save(self, then: str) -> SetUp:
        """Write the team file and close the bench. Raises: TeamError, and nothing is closed."""
        team = self.team
        save_team(team, self.path)
        self.bench.close()
        return SetUp(self.path, team, self.journal, self.bench.stored, then, self.record)

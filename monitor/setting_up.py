"""Setting a team up: find sensors, learn who wears which, rehearse. What a window of set-up stands on.

Everything slow runs in one thread, one job at a time; who asked looks at the job and never waits for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from monitor.acquisition.in_range import InRange, listen
from monitor.acquisition.link_budget import budget_sentence
from monitor.acquisition.live import LiveSource
from monitor.acquisition.pairing import Watching, candidates
from monitor.acquisition.radio import RadioSpecs
from monitor.acquisition.seating import ACT_S, CONNECT_S, STILL_S, Seat, Seating
from monitor.acquisition.team_profiles import team_profiles
from monitor.context.journal import Journal
from monitor.engine import Engine
from monitor.errors import CrampwatchError, TeamError
from monitor.markers import calibrate_marker
from monitor.session import Session
from monitor.settings import Settings
from monitor.snapshot import Snapshot
from monitor.stored import StoredLeg
from monitor.team import Team

FIND_S = 6.0


@dataclass(frozen=True, slots=True)
class Job:
    """Something slow that was begun. lasts_s : about how long it takes, wall seconds."""

    what: str
    lasts_s: float
    future: Future[Any]
    began_s: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> bool:
        """It has ended, well or not."""
        return self.future.done()

    @property
    def share(self) -> float:
        """How much of its time has passed, 0..1."""
        return 1.0 if self.done else min((time.monotonic() - self.began_s) / self.lasts_s, 0.98)

    @property
    def problem(self) -> str:
        """Why it failed, in one sentence; empty = it did not."""
        error = self.future.exception() if self.done else None
        if error is not None and not isinstance(error, CrampwatchError):
            raise error
        return str(error or "")

    @property
    def result(self) -> Any:
        """What came of it."""
        return self.future.result()


@dataclass(frozen=True, slots=True, eq=False)
class SetUp:
    """What a set-up leaves. stored : what the rehearsal learnt of each leg. then : "athlete", "wall", "" = nothing.

    record : whether the session is to be recorded.
    """

    path: Path
    team: Team
    journal: Journal | None
    stored: Mapping[tuple[str, str], StoredLeg]
    then: str = ""
    record: bool = True


class Rehearsal:
    """The whole live path on the new team, unrecorded: how good the signals are, and the ankles' calibration."""

    def __init__(self, team: Team, radio: RadioSpecs, *, simulated: bool) -> None:
        profiles = team_profiles(team)
        self._source = LiveSource(team, radio, simulated=simulated)
        self._session = Session(team, profiles, Settings())
        about = {"speed": 1.0, "source": "live", "title": "Rehearsal", "simulated": simulated}
        self._engine = Engine(self._source, self._session, describe=lambda: dict(about), watched=True)

    def start(self) -> None:
        """Open the radio. Raises: RadioError."""
        self._source.start()
        self._engine.start()

    @property
    def snapshot(self) -> Snapshot:
        """The newest picture."""
        return self._engine.snapshot

    def calibrate(self) -> None:
        """All ankles anew, the whole squad at once."""
        for leg in self._session.legs:
            self._source.mark(calibrate_marker(leg.athlete, leg.leg))

    def stop(self) -> dict[tuple[str, str], StoredLeg]:
        """End it; what it learnt of each leg. What ended it earlier stands in its last picture."""
        self._source.stop()
        with contextlib.suppress(CrampwatchError):
            self._engine.join()
        return self._session.stored()


class Bench:
    """Where a team is set up. radio : as `LiveSource` takes it. begins : called before a rehearsal."""

    def __init__(
        self,
        radio: RadioSpecs = "os",
        *,
        simulated: bool = False,
        act_s: float = ACT_S,
        still_s: float = STILL_S,
        begins: Callable[[], None] = lambda: None,
    ) -> None:
        self._radio, self.simulated, self._begins = radio, simulated, begins
        self._act_s, self._still_s = act_s, still_s
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="set-up")
        self._open = contextlib.ExitStack()
        self.found: list[InRange] = []
        self.seating: Seating | None = None
        self.rehearsal: Rehearsal | None = None
        self.stored: dict[tuple[str, str], StoredLeg] = {}
        threading.Thread(target=import_module, args=("scipy.signal",), daemon=True).start()  # slow, wanted later

    def find(self, seconds: float = FIND_S) -> Job:
        """Look for sensors, then stand in `found`."""
        return self._begin("Looking for sensors", seconds + 0.5, lambda: self._find(seconds))

    def connect(self) -> Job:
        """Connect all that were found, then stand in `seating`."""
        return self._begin("Connecting the sensors, one after the other", CONNECT_S, self._connect)

    def rest(self) -> Job:
        """Learn how the sensors are at rest."""
        return self._begin("Hold still, muscles loose", 2 * self._still_s, lambda: self._seated.learn_rest())

    def look(self, seat: Seat) -> Job:
        """See which sensor does what this seat asks for: a Verdict."""
        return self._begin(seat.order, self._act_s, lambda: self._seated.look(seat))

    def rehearse(self, team: Team) -> Job:
        """Let the new team's sensors run through the whole live path."""
        return self._begin("Connecting the team's sensors", 5.0, lambda: self._rehearse(team))

    def calibrate(self, team: Team) -> Job | None:
        """All ankles anew; virtual athletes begin their session anew, since it begins with a calibration."""
        if self.simulated:
            return self.rehearse(team)
        if self.rehearsal is not None:
            self.rehearsal.calibrate()
        return None

    def budget(self, team: Team) -> str:
        """How many adapters the team needs, and what to do if there are too few."""
        return budget_sentence(team, team_profiles(team), self._radio)

    def close(self) -> None:
        """Give the radio back; what the rehearsal learnt stands in `stored`."""
        self._begin("Closing", 1.0, self._let_go).future.result()
        self._pool.shutdown(wait=True)

    @property
    def _seated(self) -> Seating:
        if self.seating is None:
            raise TeamError("connect the sensors first")
        return self.seating

    def _begin(self, what: str, lasts_s: float, work: Callable[[], object]) -> Job:
        return Job(what, lasts_s, self._pool.submit(work))

    def _find(self, seconds: float) -> None:
        self._let_go()
        self.found = asyncio.run(listen(self._radio, seconds))
        if not any(sensor.profile for sensor in self.found):
            raise TeamError(
                "no sensor that Crampwatch knows is in range; is it switched on and not connected to a phone?"
            )

    def _connect(self) -> None:
        self._let_go()
        everyone, heard = candidates(self.found)
        profiles = team_profiles(everyone)
        source = self._open.enter_context(LiveSource(everyone, self._radio, simulated=self.simulated))
        watching = self._open.enter_context(Watching(source, profiles))
        seating = Seating(watching, heard, profiles, self._act_s, self._still_s)
        seating.connect()
        kept = self.seating.taken if self.seating is not None else {}
        seating.taken |= {seat: name for seat, name in kept.items() if name in seating.live}
        seating.more |= self.seating.more if self.seating is not None else {}
        self.seating = seating

    def _rehearse(self, team: Team) -> None:
        self._let_go()
        self._begins()
        rehearsal = Rehearsal(team, self._radio, simulated=self.simulated)
        rehearsal.start()
        self.rehearsal = rehearsal

    def _let_go(self) -> None:
        """One thing at a time has the radio."""
        self._open.close()
        if self.rehearsal is not None:
            self.stored = self.rehearsal.stop()
            self.rehearsal = None

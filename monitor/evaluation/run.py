"""Many sessions in several processes: progress, failures that stop nothing, and a folder that keeps what is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor import __version__
from monitor.batch import Lost, Workers, in_order
from monitor.errors import CrampwatchError, EvaluationError
from monitor.evaluation.bought import KITS
from monitor.evaluation.keeping import keep, kept
from monitor.evaluation.simulated import Laboratory, Outfit, Table, simulated_session
from monitor.evaluation.tracks import AthleteSession
from monitor.settings import Settings
from monitor.simulation.ranges import ranges_hash
from monitor.simulation.scenario import Scenario
from monitor.simulation.truth import LEGS
from monitor.team import LegSide


@dataclass(frozen=True, slots=True)
class Failure:
    """A session that could not be judged."""

    name: str
    why: str


Result = AthleteSession | Failure


@dataclass(frozen=True, slots=True)
class Task:
    """What a process needs to make one session. folder : where tracks are kept, None = nowhere

    kit : a key of KITS, None = the laboratory's sensors; legs : that are played, None = those of the outfit
    changed : how the scenario of a seed is changed before, empty = as drawn
    """

    minutes: float
    settings: Settings
    quick: bool = False
    kit: str | None = None
    legs: tuple[LegSide, ...] | None = None
    folder: Path | None = None
    changed: str = ""

    def __call__(self, seed: int) -> Result:
        """The session of a seed."""
        return self.of(seed)

    def of(self, seed: int, scenario: Scenario | None = None) -> Result:
        """The session of a seed, or of a scenario with that athlete; made, or kept from an earlier run."""
        try:
            session = kept(self.folder, self._made_by, seed)
            if session is None:
                session = simulated_session(seed, self.minutes, self.settings, self._outfit, scenario)
                keep(self.folder, self._made_by, seed, session)
        except EvaluationError as error:
            return Failure(f"session {seed}", str(error))
        except (CrampwatchError, ArithmeticError, LookupError, ValueError) as error:
            return Failure(f"session {seed}", f"{type(error).__name__}: {error}")
        return session

    @property
    def _outfit(self) -> Outfit:
        if self.kit is not None:
            return KITS[self.kit]
        return (Table if self.quick else Laboratory)(self.legs or LEGS)

    @property
    def _made_by(self) -> str:
        """Tracks made by something else are not taken up."""
        outfit = self.kit or ("quick" if self.quick else "laboratory")
        parts = (__version__, self.settings.hash, ranges_hash(), f"{self.minutes:g}", outfit, self.changed)
        return " ".join(filter(None, parts))


def made(work: Callable[[int], Result], seeds: Sequence[int], workers: Workers) -> Iterator[Result]:
    """The sessions in the order of their seeds; a session that kills its worker fails alone."""
    for seed, answer in zip(seeds, in_order(work, seeds, workers), strict=True):
        yield Failure(f"session {seed}", answer.why) if isinstance(answer, Lost) else answer

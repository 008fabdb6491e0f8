"""Many sessions in several processes: progress, failures that stop nothing, and a folder that keeps what is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import CrampwatchError
from monitor.evaluation.keeping import keep, kept
from monitor.evaluation.simulated import Outfit, simulated_session
from monitor.evaluation.tracks import AthleteSession
from monitor.settings import Settings


@dataclass(frozen=True, slots=True)
class Failure:
    """A session that could not be judged."""

    name: str
    why: str


Result = AthleteSession | Failure


@dataclass(frozen=True, slots=True)
class Task:
    """What a process needs to make one session. folder : where tracks are kept, None = nowhere"""

    minutes: float
    settings: Settings
    outfit: Outfit | None = None
    folder: Path | None = None

    def __call__(self, seed: int) -> Result:
        """The session of a seed, made or kept from an earlier run."""
        try:
            before = kept(self.folder, self.settings, self.minutes, seed)
            if before is not None:
                return before
            session = simulated_session(seed, self.minutes, self.settings, self.outfit)
            keep(self.folder, self.settings, self.minutes, seed, session)
        except (CrampwatchError, ArithmeticError, LookupError, ValueError) as error:
            return Failure(f"session {seed}", f"{type(error).__name__}: {error}")
        return session


def in_order(work: Callable[[int], Result], seeds: Sequence[int], jobs: int) -> Iterator[Result]:
    """The sessions in the order of their seeds, made by so many processes; a process that dies fails its session."""
    if jobs <= 1:
        yield from map(work, seeds)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    with ProcessPoolExecutor(min(jobs, len(seeds)), mp_context=get_context("spawn")) as pool:
        waiting = [(seed, pool.submit(work, seed)) for seed in seeds]
        for seed, answer in waiting:
            try:
                yield answer.result()
            except BrokenProcessPool as error:
                yield Failure(f"session {seed}", f"its process died: {error}")

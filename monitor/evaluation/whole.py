"""A whole evaluation of simulated sessions: figures, and if they are asked for the kits and the assumed precursors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from monitor import __version__
from monitor.errors import EvaluationError
from monitor.evaluation.bought import KITS
from monitor.evaluation.figures import at_thresholds, figures
from monitor.evaluation.kit_figures import kit_figures
from monitor.evaluation.precursors import RATES, assumed_table
from monitor.evaluation.run import Failure, Result, Task
from monitor.evaluation.seeds import FIRST, PER_RUN, check_apart, fitted_seeds
from monitor.evaluation.tracks import AthleteSession
from monitor.simulation.ranges import ranges_hash

Work = Callable[[Callable[[int], Result], Sequence[int], str], Iterable[Result]]


def judged(results: Iterable[Result], base_rate_per_h: float, seed: int) -> tuple[dict[str, Any], list[AthleteSession]]:
    """The figures of all sessions that could be judged, and these sessions.

    Raises: EvaluationError if there is none.
    """
    every = list(results)
    sessions = [each for each in every if not isinstance(each, Failure)]
    failures = [{"name": each.name, "error": each.why} for each in every if isinstance(each, Failure)]
    if not sessions:
        raise EvaluationError(f"no session could be judged; the first says: {failures[0]['error']}")
    return figures(sessions, base_rate_per_h=base_rate_per_h, seed=seed) | {"failures": failures}, sessions


def evaluate_simulated(
    task: Task, seeds: range, work: Work, *, base_rate_per_h: float, seed: int, kits: bool, precursors: bool
) -> dict[str, Any]:
    """All that is asked for. work : makes the sessions of seeds and tells what it is doing"""
    check_apart(seeds, fitted_seeds(task.settings.tables.facts))
    answer, sessions = judged(work(task, seeds, "Evaluating"), base_rate_per_h, seed)
    if precursors:
        thresholds = {rate: answer["at_rate"][rate]["threshold"] for rate in RATES}
        answer["assumed_precursors"] = assumed_table(
            sessions, thresholds, task, lambda each, some: work(each, some, "Assuming")
        )
    if kits:
        answer["kits"] = {
            key: {"title": kit.title} | _kit(list(work(replace(task, kit=key), seeds, kit.title)), base_rate_per_h)
            for key, kit in KITS.items()
        }
    tables = task.settings.tables
    answer["sensitivities"] = at_thresholds(sessions, tables.thresholds, tables.clear_below, base_rate_per_h)
    made = {"simulated": True, "seeds": [seeds.start, seeds.stop - 1], "minutes": task.minutes, "quick": task.quick}
    return answer | made | {"config_hash": task.settings.hash, "made_by": _made_by(task, seeds, kits, precursors)}


def _made_by(task: Task, seeds: range, kits: bool, precursors: bool) -> str:
    """The command that makes these figures again, and what they depend on besides."""
    command = f"crampwatch evaluate --simulated {len(seeds)} --seed {(seeds.start - FIRST) // PER_RUN}"
    command += f" --minutes {task.minutes:g}{' --quick' if task.quick else ''}"
    command += f"{' --kit' if kits else ''}{' --precursors' if precursors else ''}"
    return f"Made by {command} (version {__version__}, settings {task.settings.hash}, ranges {ranges_hash()})."


def _kit(results: Sequence[Result], base_rate_per_h: float) -> dict[str, Any]:
    sessions = [each for each in results if not isinstance(each, Failure)]
    return kit_figures(sessions, base_rate_per_h) | {"failed": len(results) - len(sessions)}

"""Which seeds an evaluation may use: none that tables were fitted on."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.errors import EvaluationError

FIRST = 1_000_000
FITTING_END = 500_000  # tables are fitted on seeds below this one
PER_RUN = 10_000


def seeds_of(seed: int, n: int) -> range:
    """The sessions' seeds of one run. Raises: EvaluationError for more sessions than one run has seeds."""
    if n > PER_RUN:
        raise EvaluationError(f"one run has {PER_RUN} sessions at most, got {n}; take another --seed for more")
    first = FIRST + PER_RUN * seed
    return range(first, first + n)


def check_apart(ours: range, fitted: Iterable[int]) -> None:
    """Raises: EvaluationError where the tables were fitted on one of our sessions."""
    both = sorted(seed for seed in fitted if seed in ours)
    if both:
        raise EvaluationError(
            f"the tables were fitted on session {both[0]} of this evaluation; take another --seed, or fit anew"
        )

"""Which seeds an evaluation may use: none that tables were fitted on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.errors import EvaluationError

FIRST = 1_000_000
PER_RUN = 10_000


def seeds_of(seed: int, n: int) -> range:
    """The sessions' seeds of one run. Raises: EvaluationError for more sessions than one run has seeds."""
    if n > PER_RUN:
        raise EvaluationError(f"one run has {PER_RUN} sessions at most, got {n}; take another --seed for more")
    first = FIRST + PER_RUN * seed
    return range(first, first + n)


def fitted_seeds(facts: Mapping[str, Any]) -> range:
    """The sessions that tables were fitted on, as they say themselves; none where they do not."""
    first, n = facts.get("first_seed", 0), facts.get("sessions", 0)
    return range(first, first + n) if isinstance(first, int) and isinstance(n, int) else range(0)


def check_apart(ours: range, fitted: range) -> None:
    """Raises: EvaluationError where the tables were fitted on one of our sessions."""
    first = max(ours.start, fitted.start)
    if first < min(ours.stop, fitted.stop):
        raise EvaluationError(
            f"the tables were fitted on session {first} of this evaluation; take another --seed, or fit anew"
        )

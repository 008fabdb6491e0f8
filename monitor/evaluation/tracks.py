"""What an evaluation looks at: one athlete's session, second by second, with what is true about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from monitor.warning.state import State

Floats = NDArray[np.float64]
STATES = tuple(State)
CODE = {state: code for code, state in enumerate(STATES)}
OURS = "crampwatch"
FRONTIER = "frontier"  # what nobody can see: the precursors themselves
BASELINES = ("mdf_only", "rms_only", "quiet_only", "clock", "random")


@dataclass(frozen=True, slots=True)
class TrueCramp:
    """One cramp. onset_s : first discharge; start_s : half of the plateau; relief_s : below twice the quiet level.

    kind, strength, precursor_s : of what announced it; strength None = nobody knows (labelled recordings)
    """

    leg: str
    onset_s: float
    start_s: float
    relief_s: float
    kind: str = "unknown"
    strength: float | None = None
    precursor_s: float = 0.0
    stretch_s: float | None = None

    @property
    def announced(self) -> bool:
        """Whether it had a precursor, as far as anybody knows."""
        return self.strength is not None and self.strength > 0.0

    @property
    def sudden(self) -> bool:
        """Whether nothing announced it."""
        return self.strength == 0.0


@dataclass(frozen=True, slots=True)
class Passing:
    """A precursor that passes without a cramp."""

    leg: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, eq=False)
class LegTrack:
    """One leg. Arrays have one entry a second, stamped at its end: entry k at first_s + k.

    state : codes, see STATES; good : a usable EMG channel in that second
    scores : by name, NaN = unknown; the larger, the more of a warning
    """

    leg: str
    first_s: float
    state: NDArray[np.int8]
    good: NDArray[np.bool_]
    scores: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def time_s(self) -> Floats:
        """The stamps."""
        return self.first_s + np.arange(len(self.state), dtype=np.float64)

    def is_in(self, *states: State) -> NDArray[np.bool_]:
        """Seconds in one of some states."""
        return np.isin(self.state, [CODE[state] for state in states])


@dataclass(frozen=True, slots=True, eq=False)
class AthleteSession:
    """One athlete in one session: an athlete hour counts once, whatever the legs.

    families : what kind of session it is; passing : precursors without a cramp, as far as anybody knows
    """

    name: str
    athlete: str
    duration_s: float
    legs: tuple[LegTrack, ...]
    cramps: tuple[TrueCramp, ...] = ()
    families: tuple[str, ...] = ()
    passing: tuple[Passing, ...] = ()

    @property
    def hours(self) -> float:
        """Athlete hours."""
        return self.duration_s / 3600.0

    def cramps_of(self, leg: str) -> tuple[TrueCramp, ...]:
        """Those of one leg."""
        return tuple(cramp for cramp in self.cramps if cramp.leg == leg)

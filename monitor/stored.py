"""What is kept of a leg between sessions with the same sensors in the same places."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from monitor.contraction.hinge import Calibration
from monitor.fatigue.baseline import Fit
from monitor.warning.relaxation import RelaxationBaseline


@dataclass(frozen=True, slots=True, eq=False)
class StoredBaseline:
    """What is kept of a leg between sessions with the same electrodes: sufficient to start without calibrating."""

    labels: tuple[str, ...]
    frequency_hz: tuple[float, ...]
    fit: Fit
    floor_uv: float
    reference_uv: float
    quiet_uv: tuple[float, ...] | None
    twitches_per_min: float | None
    relaxation: RelaxationBaseline | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for a file."""
        quiet = None if self.quiet_uv is None else [None if math.isnan(uv) else uv for uv in self.quiet_uv]
        relaxation = None if self.relaxation is None else self.relaxation.to_dict()
        told = {"fit": self.fit.to_dict(), "quiet_uv": quiet, "relaxation": relaxation}
        return {name: getattr(self, name) for name in self.__slots__} | told

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """From `to_dict`. Raises: KeyError, TypeError or ValueError if it is none."""
        quiet, twitches = data["quiet_uv"], data["twitches_per_min"]
        labels, frequency_hz = tuple(map(str, data["labels"])), tuple(map(float, data["frequency_hz"]))
        stored = cls(
            labels,
            frequency_hz,
            Fit.from_dict(data["fit"]),
            float(data["floor_uv"]),
            float(data["reference_uv"]),
            None if quiet is None else tuple(math.nan if uv is None else float(uv) for uv in quiet),
            None if twitches is None else float(twitches),
            RelaxationBaseline.from_dict(data["relaxation"]) if data.get("relaxation") else None,
        )
        levels = (stored.floor_uv, stored.reference_uv)
        if not all(math.isfinite(level) and level > 0 for level in levels):
            raise ValueError("the levels of the gate must be above 0")
        if stored.quiet_uv is not None and len(stored.quiet_uv) != len(labels):
            raise ValueError("there must be one quiet level per channel")
        stored.fit.check(len(labels), len(frequency_hz))
        return stored

    def fit_for(self, labels: tuple[str, ...], frequency_hz: NDArray[np.float64]) -> Fit | None:
        """The fit for frames with these bins; None if it was learnt from other channels or at another rate.

        A sensor's rate is measured anew each day; its bins then lie a little elsewhere, and each takes the nearest.
        """
        score_hz = np.asarray(self.frequency_hz)[list(self.fit.score_bins)]
        apart_hz = np.abs(frequency_hz[:, None] - score_hz[None, :])
        nearest = apart_hz.argmin(axis=0)
        bin_hz = frequency_hz[1] - frequency_hz[0]
        if (
            self.labels != labels
            or apart_hz.min(axis=0).max() > bin_hz / 2
            or len(set(nearest.tolist())) < len(nearest)
        ):
            return None
        return replace(self.fit, score_bins=tuple(nearest.tolist()))


@dataclass(frozen=True, slots=True)
class Worn:
    """With what and where a baseline was learnt, and when (Unix time); empty, None = not told.

    profile : the EMG sensor's, with variant and options; placement : of its electrodes, as the team file says it.
    """

    profile: str = ""
    placement: str = ""
    made_s: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class StoredLeg:
    """What is kept of a leg between sessions: its baseline and its ankle calibration, each may be missing."""

    emg: StoredBaseline | None = None
    calibration: Calibration | None = None
    worn: Worn = Worn()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for a file."""
        return {
            "emg": None if self.emg is None else self.emg.to_dict(),
            "calibration": None if self.calibration is None else self.calibration.to_dict(),
            "worn": asdict(self.worn),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """From `to_dict`."""
        emg, calibration = data.get("emg"), data.get("calibration")
        return cls(
            None if emg is None else StoredBaseline.from_dict(emg),
            None if calibration is None else Calibration.from_dict(calibration),
            Worn(**(data.get("worn") or {})),
        )

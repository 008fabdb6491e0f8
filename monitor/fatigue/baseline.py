"""The athlete's own baseline: what this calf's spectrum looked like at the start, at any angle and effort.

Only sums are kept, never frames, so the memory does not grow and the baseline fits in a small file.
Source: Crampwatch detector study: log-spectral dilation score with a ridge on angle and effort and time as a nuisance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from monitor.fatigue.mdf import bridge_lines, median_frequency
from monitor.settings import BaselineSettings

_ARRAYS = ("template", "weights", "effort_weights", "base_ln_power", "mdf_hz", "mean_row")
N_COVARIATES = 10  # 1, A, A2, A E, E, E2, G, G2, G E, T
EFFORT = [4, 5]  # those of the effort alone
_ANGLE, _AGE, _T = [1, 2, 3], [6, 7, 8], 9
_LEAST_SHOWN = 0.3  # less is not made up for
_OLDEST_S, _YOUNG_S = 3.0, 0.1
_FRAME_VARIANCE = 0.13**2 / 0.55
"""Of one frame's u, as if frames were independent; Study: 0.13 for a median of channels, overlapping frames."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted baseline. Shapes: template (C, B), weights (C, 10), base_ln_power (C,), mdf_hz (C,), mean_row (10,).

    template: its product with the log-spectrum changes by ln c when the spectrum is stretched by c.
    score_bins: which of the frames' bins the template is for (B,).
    weights: the covariate model of that product; effort_weights: the same where the angle is unknown, when the age of
    the contraction stands in for it.
    mean_row: the covariates of the mean frame; level_sd: how surely the level at the session's start is known, ln.
    """

    template: NDArray[np.float64]
    weights: NDArray[np.float64]
    effort_weights: NDArray[np.float64]
    base_ln_power: NDArray[np.float64]
    mdf_hz: NDArray[np.float64]
    score_bins: tuple[int, ...]
    effort_zero: float
    effort_range: tuple[float, float]
    with_angle: bool
    n_frames: int
    mean_row: NDArray[np.float64]
    level_sd: float

    @property
    def effort_slopes(self) -> NDArray[np.float64]:
        """(2,) what effort and its square do to u, the median over the channels."""
        weights = (self.weights if self.with_angle else self.effort_weights)[:, EFFORT]
        known = weights[np.isfinite(weights[:, 0])]
        return np.median(known, axis=0) if len(known) else np.full(2, np.nan)

    @property
    def median_mdf_hz(self) -> float | None:
        """The baseline's MDF, the median over the channels; None = no channel has one."""
        known = [each for each in self.mdf_hz.tolist() if math.isfinite(each)]
        return median(known) if known else None

    def check(self, n_channels: int, n_bins: int) -> None:
        """Raises: ValueError if it is none for so many channels and frame bins."""
        n_score = len(self.score_bins)
        shapes = {
            "template": (n_channels, n_score),
            "weights": (n_channels, N_COVARIATES),
            "effort_weights": (n_channels, N_COVARIATES),
            "base_ln_power": (n_channels,),
            "mdf_hz": (n_channels,),
            "mean_row": (N_COVARIATES,),
        }
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} must have the shape {shape}")
        whole = [type(b) is int for b in self.score_bins]  # a file may say anything
        if not all(whole) or not all(0 <= b < n_bins for b in self.score_bins) or len(self.effort_range) != 2:
            raise ValueError("the score's bins must be bins of the frames")

    def to_dict(self) -> dict[str, Any]:
        """Plain data for a file."""
        rest = {name: getattr(self, name) for name in self.__slots__ if name not in _ARRAYS}
        return {name: _without_nan(getattr(self, name)) for name in _ARRAYS} | rest

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """From `to_dict`."""
        arrays: dict[str, Any] = {name: np.asarray(data[name], dtype=np.float64) for name in _ARRAYS}
        rest: dict[str, Any] = {name: tuple(data[name]) for name in ("score_bins", "effort_range")}
        return cls(**data | arrays | rest)


def _without_nan(array: NDArray[np.float64]) -> list[Any]:
    """Nested lists with None for NaN: a channel that has no fit."""
    values = array.astype(object)
    values[~np.isfinite(array)] = None
    return values.tolist()


def covariates(
    angle_deg: NDArray[np.float64],
    effort: NDArray[np.float64],
    age_s: NDArray[np.float64],
    time_s: NDArray[np.float64],
    start_s: float,
) -> NDArray[np.float64]:
    """(n, 10) rows of 1, A, A2, A E, E, E2, G, G2, G E, T.

    A: the angle (dorsiflexion +) in 20 deg of plantarflexion, 0 where unknown; E: half of `effort`, so ln amplitude;
    G: ln of the contraction's age, which tells where in its movement the foot is; T: five minutes since `start_s`.
    """
    a = np.where(np.isfinite(angle_deg), np.minimum(np.maximum(-angle_deg, -20.0), 40.0) / 20.0, 0.0)
    e, g = effort / 2.0, np.log(np.minimum(age_s, _OLDEST_S) + _YOUNG_S)
    out = np.empty((N_COVARIATES, len(a)))
    out[0], out[1], out[2], out[3], out[4], out[5] = 1.0, a, a * a, a * e, e, e * e
    out[6], out[7], out[8], out[9] = g, g * g, g * e, (time_s - start_s) / 300.0
    return out.T


class Sums:
    """Sufficient statistics of the baseline's frames: covariates x covariates, covariates x log-spectra, power."""

    def __init__(self, n_channels: int, n_score_bins: int, n_bins: int) -> None:
        self.ata = np.zeros((n_channels, N_COVARIATES, N_COVARIATES))
        self.atl = np.zeros((n_channels, N_COVARIATES, n_score_bins))
        self.power = np.zeros((n_channels, n_bins))
        self.ln_power = np.zeros(n_channels)
        self.count = np.zeros(n_channels)
        self.n_frames = 0
        self.effort_low, self.effort_high = np.inf, -np.inf

    def add(
        self,
        rows: NDArray[np.float64],
        log_spectra: NDArray[np.float64],
        power: NDArray[np.float64],
        ln_power: NDArray[np.float64],
        effort: NDArray[np.float64],
    ) -> None:
        """Add frames: rows (n, 10), log_spectra (n, C, B), power (n, C, all bins), ln_power (n, C), effort (n,).

        NaN in ln_power marks a channel that is not usable.
        """
        known = np.isfinite(ln_power)
        if not known.all():
            log_spectra, power = (np.where(known[:, :, None], each, 0.0) for each in (log_spectra, power))
            ln_power = np.where(known, ln_power, 0.0)
        weight = known.astype(np.float64)
        self.ata += np.einsum("nc,nk->ck", weight, _squares(rows)).reshape(self.ata.shape)
        self.atl += np.einsum("ni,ncb->cib", rows, log_spectra)
        self.power += np.add.reduce(power, axis=0)
        self.ln_power += np.add.reduce(ln_power, axis=0)
        self.count += np.add.reduce(weight, axis=0)
        self.n_frames += len(rows)
        self.effort_low, self.effort_high = min(self.effort_low, effort.min()), max(self.effort_high, effort.max())

    def forget(self, channel: int) -> None:
        """Take a channel out."""
        for per_channel in (self.ata, self.atl, self.power, self.ln_power, self.count):
            per_channel[channel] = 0.0


def _squares(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each row's products of any two of its values, (n, 100)."""
    return np.einsum("ni,nj->nij", rows, rows).reshape(len(rows), -1)


def fit(
    sums: Sums,
    score_bins: NDArray[np.int64],
    all_hz: NDArray[np.float64],
    effort_zero: float,
    settings: BaselineSettings,
    lines_hz: tuple[float, ...] = (),
    corner_hz: float | None = None,
) -> Fit:
    """Template and covariate models of every channel that has enough frames; NaN for the others.

    lines_hz : of a mains that hums, bridged for the MDF. corner_hz : where the sensor's own band ends.
    """
    score_hz, bins = all_hz[score_bins], tuple(score_bins.tolist())
    n_channels, _, n_bins = sums.atl.shape
    template, mdf_hz = np.full((n_channels, n_bins), np.nan), np.full(n_channels, np.nan)
    weights, effort_weights = np.full((2, n_channels, N_COVARIATES), np.nan)
    half_bin_hz = (all_hz[1] - all_hz[0]) / 2
    power = bridge_lines(all_hz, sums.power, lines_hz)
    for c in np.flatnonzero(sums.count >= 0.5 * settings.usable_frames):
        template[c] = dilation_template(sums.atl[c, 0] / sums.count[c], score_hz)
        template[c] /= shown_by(template[c], score_hz, corner_hz)
        atz = sums.atl[c] @ template[c]
        weights[c] = _ridge(sums.ata[c], atz, settings, with_angle=True)
        effort_weights[c] = _ridge(sums.ata[c], atz, settings, with_angle=False)
        mdf = median_frequency(all_hz, power[c], (float(all_hz[0] - half_bin_hz), float(all_hz[-1] + half_bin_hz)))
        mdf_hz[c] = mdf * np.exp(-weights[c, _T] * sums.ata[c, 0, _T] / sums.count[c])
    base_ln_power = np.where(sums.count > 0, sums.ln_power / np.maximum(sums.count, 1), np.nan)
    effort_range = (float(sums.effort_low), float(sums.effort_high))
    with_angle = bool(np.any(sums.ata[:, 1, 1] > 0))
    most = sums.ata[int(np.argmax(sums.count))]
    return Fit(
        template,
        weights,
        effort_weights,
        base_ln_power,
        mdf_hz,
        bins,
        effort_zero,
        effort_range,
        with_angle,
        sums.n_frames,
        most[0] / max(most[0, 0], 1.0),
        _level_sd(most, settings, with_angle=with_angle),
    )


def dilation_template(log_spectrum: NDArray[np.float64], frequency_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """The one-step maximum-likelihood score for S(f) = g S0(f / c): no response to gain g, slope 1 in ln c.

    The slope of the mean log-spectrum comes from a quartic in ln f: a raw numerical derivative would dilute it by half.
    """
    x = np.log(frequency_hz)
    x = x - x.mean()
    power = np.exp(log_spectrum - log_spectrum.max())
    quartic = np.polynomial.Polynomial.fit(x, log_spectrum, 4, w=np.sqrt(power / (power + 0.02)))
    smooth = np.exp(quartic(x) - quartic(x).max())
    slope = -quartic.deriv()(x)
    weight = (smooth / (smooth + 0.1)) ** 2
    centred = slope - np.sum(weight * slope) / np.sum(weight)
    return weight * centred / np.sum(weight * centred**2)


def shown_by(template: NDArray[np.float64], frequency_hz: NDArray[np.float64], corner_hz: float | None) -> float:
    """How much of a true dilation a template sees through a sensor whose band ends at `corner_hz`: 1 = all.

    The muscle's spectrum is stretched, the sensor's band (taken for a low-pass of second order) is not: of the slope
    that the template was made from, the band's own part does not move.
    """
    if corner_hz is None:
        return 1.0
    fourth = (frequency_hz / corner_hz) ** 4
    return max(_LEAST_SHOWN, 1.0 - float(np.sum(template * 4.0 * fourth / (1.0 + fourth))))


def _ridge(
    ata: NDArray[np.float64], atz: NDArray[np.float64], settings: BaselineSettings, *, with_angle: bool
) -> NDArray[np.float64]:
    penalty = _penalty(settings, with_angle=with_angle)
    return np.asarray(np.linalg.solve(ata + np.diag(penalty), atz), dtype=np.float64)


def _penalty(settings: BaselineSettings, *, with_angle: bool) -> NDArray[np.float64]:
    """Penalty on angle (or age) and effort, none on the intercept, a weak one on time: a short baseline is not
    extrapolated, and without an angle what the calf does changes with time as well.
    """
    penalty = np.full(N_COVARIATES, settings.ridge_frames)
    penalty[0], penalty[_T] = 1e-6, settings.time_ridge_frames if with_angle else settings.time_ridge_unmatched
    penalty[_AGE if with_angle else _ANGLE] = 1e12
    return penalty


def _level_sd(ata: NDArray[np.float64], settings: BaselineSettings, *, with_angle: bool) -> float:
    """Standard error of the model's value for the mean frame at the session's start."""
    row: NDArray[np.float64] = ata[0] / max(ata[0, 0], 1.0)
    row[_T] = 0.0
    precise: NDArray[np.float64] = ata + np.diag(_penalty(settings, with_angle=with_angle))
    return float(np.sqrt(_FRAME_VARIANCE * row @ np.linalg.solve(precise, row)))

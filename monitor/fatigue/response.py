"""What a sensor's band can show of a true compression of the spectrum, and the way back from what it shows.

Computed once for each band from the spectrum of a calf (corner frequencies 70 and 145 Hz, the shape of Stulen & De Luca
1981, IEEE Trans. Biomed. Eng. 28:515-523), stretched so far along the frequency axis that its MDF fits. Where enough
was recorded, from the recorded spectrum itself, which the model then only carries on beyond the band. Pure functions;
a sensor that lets EMG above half its rate fold back shows less than they say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_CORNERS_HZ = (70.0, 145.0)
_STRETCH = np.geomspace(0.15, 4.0, 400)
_STEP_HZ = 0.5
_LEAST_RISE = 1e-6
_TOP_SHARE = 0.75  # of the band: from here on the slope is taken that the spectrum is carried on with
_CORNERS_SEEN = 1.5  # times the corner: beyond it the sensor's own noise is heard
_STEEPEST = -3.8  # d ln power / d ln f: the model falls with -4 in the end, what falls faster does so on
_X_HZ = np.geomspace(1.0, 1e5, 2000)
_X_SLOPE = 2 - sum(2 * n * _X_HZ**2 / (_X_HZ**2 + corner**2) for n, corner in zip((1, 2), _CORNERS_HZ, strict=True))
GOOD_SHARE, LIMITED_SHARE = 0.85, 0.5
"""Of a true shift of 10 %: from the first on good, below the second none. 800 Hz show 89 %, 500 Hz 72, 200 Hz 25."""
COLD = "the spectrum also falls with cold, by 3-4 % for each deg C of the skin"


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """How the MDF within a band follows a compression. share : what it shows of a true shift of 10 %, for a usual calf.

    mdf_hz : at each stretch of the spectrum, rising; corner_hz : where the sensor's own band ends, None = beyond
    """

    band_hz: tuple[float, float]
    share: float
    mdf_hz: Floats
    corner_hz: float | None = None

    @property
    def use(self) -> str:
        """What a spectrum of this band may say of fatigue: good, limited or none."""
        return "none" if self.share < LIMITED_SHARE else "limited" if self.share < GOOD_SHARE else "good"

    @property
    def note(self) -> str:
        """The same for people; empty = nothing to remark."""
        if self.use == "good":
            return ""
        shown = f"{100 * self.share:.0f} % of a true shift of the spectrum"
        if self.use == "none":
            return f"this sensor's band shows {shown}: too little to say whether the calf tires"
        return f"limited: the MDF of this sensor's band shows {shown}; the fatigue reading is corrected for it"

    def stretch(self, mdf_hz: Floats) -> Floats:
        """How far the calf's spectrum is stretched if its MDF within the band is this; NaN beyond what a muscle has."""
        return np.exp(np.interp(mdf_hz, self.mdf_hz, np.log(_STRETCH), left=np.nan, right=np.nan))

    def compression(self, start_hz: float, mdf_hz: Floats) -> Floats:
        """The true spectral scale behind an MDF, against that behind `start_hz`."""
        return self.stretch(mdf_hz) / self.stretch(np.array([start_hz]))[0]

    def of(self, frequency_hz: Floats, power: Floats) -> Response:
        """The same for a muscle whose spectrum is known. power : (n_bins,) its mean, in the band at least in part.

        Muscles differ: with the model alone a decline by a third read 8 % too small to 20 % too large at 500 Hz, with
        the muscle's own spectrum 1 % too small to 3 % too large (models of other shapes, `tests/fatigue`).
        """
        low_hz, high_hz = self.band_hz
        top_hz = high_hz if self.corner_hz is None else min(high_hz, _CORNERS_SEEN * self.corner_hz)
        seen = (frequency_hz >= low_hz) & (frequency_hz <= top_hz) & (power > 0)
        top = frequency_hz[seen] >= _TOP_SHARE * top_hz
        if top.sum() < 3 or top.all():
            return self
        ln_hz, ln_power = np.log(frequency_hz[seen]), np.log(power[seen] / _passed(frequency_hz[seen], self.corner_hz))
        carried_on = _carried_on(ln_hz[top], ln_power[top])

        def ln_density(at: Floats) -> Floats:
            out = np.interp(at, ln_hz, ln_power)
            out = np.where(at > ln_hz[-1], carried_on(at), out)
            return np.where(at < ln_hz[0], ln_power[0] + 2 * (at - ln_hz[0]), out)

        return replace(self, mdf_hz=_medians_hz(ln_density, self.band_hz, self.corner_hz))


@lru_cache(maxsize=64)
def sensor_response(band_hz: tuple[float, float], corner_hz: float | None = None) -> Response:
    """The response of a sensor.

    band_hz : where the MDF is taken, as far as the sampling rate goes
    corner_hz : where its amplifier or converter is 3 dB down (taken for a low-pass of second order), None = beyond
    """
    corner_hz = corner_hz if corner_hz is not None and corner_hz < band_hz[1] else None
    mdf_hz = _medians_hz(_ln_model, band_hz, corner_hz)
    fresh, tired = np.interp(np.log([1.0, 0.9]), np.log(_STRETCH), mdf_hz)
    return Response(band_hz, float((1 - tired / fresh) / 0.1), mdf_hz, corner_hz)


def _ln_model(ln_hz: Floats) -> Floats:
    square = np.exp(2 * ln_hz)
    return np.log(square / ((square + _CORNERS_HZ[0] ** 2) * (square + _CORNERS_HZ[1] ** 2) ** 2))


def _passed(hz: Floats, corner_hz: float | None) -> Floats:
    """The share of the power that the sensor lets through."""
    return np.ones(len(hz)) if corner_hz is None else 1 / (1 + (hz / corner_hz) ** 4)


def _medians_hz(
    ln_density: Callable[[Floats], Floats], band_hz: tuple[float, float], corner_hz: float | None
) -> Floats:
    """The MDF within the band at each stretch of a spectrum, given by the logarithm of the frequency."""
    low_hz, high_hz = band_hz
    hz = np.linspace(low_hz, high_hz, max(16, round((high_hz - low_hz) / _STEP_HZ)))
    density = np.exp(ln_density(np.log(hz) - np.log(_STRETCH)[:, None])) * _passed(hz, corner_hz)
    inside = np.cumsum((density[:, 1:] + density[:, :-1]) / 2, axis=1)
    medians: list[np.float64] = [np.interp(row[-1] / 2, row, hz[1:]) for row in inside]
    return np.maximum.accumulate(np.array(medians) + _LEAST_RISE * np.arange(len(medians)))


def _carried_on(ln_hz: Floats, ln_power: Floats) -> Callable[[Floats], Floats]:
    """The upper end of a spectrum beyond what is seen: the model where it falls as steeply, else a straight line."""
    slope = float(np.polyfit(ln_hz, ln_power, 1)[0])
    middle, level = ln_hz.mean(), ln_power.mean()
    if slope < _STEEPEST:
        return lambda at: level + slope * (at - middle)
    same = np.log(np.interp(-slope, -_X_SLOPE, _X_HZ))  # where the model falls as steeply
    return lambda at: level + _ln_model(at - middle + same) - _ln_model(same)

"""What a sensor's band can show of a true compression of the spectrum, and the way back from what it shows.

Computed once for each band from the spectrum of a calf (corner frequencies 70 and 145 Hz, the shape of Stulen & De Luca
1981, IEEE Trans. Biomed. Eng. 28:515-523), stretched so far along the frequency axis that its MDF fits. Pure functions;
a sensor that lets EMG above half its rate fold back shows less than they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_CORNERS_HZ = (70.0, 145.0)
_STRETCH = np.geomspace(0.15, 4.0, 400)
_STEP_HZ = 0.5
_LEAST_RISE = 1e-6
GOOD_SHARE, LIMITED_SHARE = 0.85, 0.5
"""Of a true shift of 10 %: from the first on good, below the second none. 800 Hz show 89 %, 500 Hz 72, 200 Hz 25."""
COLD = "the spectrum also falls with cold, by 3-4 % for each deg C of the skin"


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """How the MDF within a band follows a compression. share : what it shows of a true shift of 10 %, for a usual calf.

    mdf_hz : at each stretch of the spectrum, rising
    """

    band_hz: tuple[float, float]
    share: float
    mdf_hz: Floats

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


@lru_cache(maxsize=64)
def sensor_response(band_hz: tuple[float, float], corner_hz: float | None = None) -> Response:
    """The response of a sensor.

    band_hz : where the MDF is taken, as far as the sampling rate goes
    corner_hz : where its amplifier or converter is 3 dB down (taken for a low-pass of second order), None = beyond
    """
    low_hz, high_hz = band_hz
    hz = np.linspace(low_hz, high_hz, max(16, round((high_hz - low_hz) / _STEP_HZ)))
    square = (hz / _STRETCH[:, None]) ** 2
    density = square / ((square + _CORNERS_HZ[0] ** 2) * (square + _CORNERS_HZ[1] ** 2) ** 2)
    if corner_hz is not None and corner_hz < high_hz:
        density = density / (1 + (hz / corner_hz) ** 4)
    inside = np.cumsum((density[:, 1:] + density[:, :-1]) / 2, axis=1)
    medians: list[np.float64] = [np.interp(row[-1] / 2, row, hz[1:]) for row in inside]
    mdf_hz = np.maximum.accumulate(np.array(medians) + _LEAST_RISE * np.arange(len(medians)))
    fresh, tired = np.interp(np.log([1.0, 0.9]), np.log(_STRETCH), mdf_hz)
    return Response(band_hz, float((1 - tired / fresh) / 0.1), mdf_hz)

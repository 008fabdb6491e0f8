"""Which way is up, as the sensor itself says it: for sensors that send their orientation and nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.contraction.inclination import up
from monitor.settings import AngleSettings

QUATERNION = ("w", "x", "y", "z")


class Orientation:
    """The up direction in the sensor's frame and its rate of turn from quaternions (sensor to earth, z up).

    imu : Stream                   w x y z, unit quaternions
    Output at the same stamps, as Inclination gives it: up_x up_y up_z, gyr_x gyr_y gyr_z (deg/s, mean since the sample
    before). NaN where the sample is lost; the rate also after a gap longer than `max_gap_s`. How good the sensor's own
    filter is cannot be known here; a heading that jumps does no harm to the up direction.
    """

    lead_s = 0.0  # as Inclination has it

    def __init__(self, imu: Stream, settings: AngleSettings) -> None:
        self.input = imu
        channels = tuple(Channel(f"up_{axis}", "") for axis in "xyz")
        channels += tuple(Channel(f"gyr_{axis}", "deg/s") for axis in "xyz")
        self.output = Stream(f"{imu.name} inclination", imu.rate_hz, channels, imu.source_id)
        self._max_gap_s = settings.max_gap_s
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._last: tuple[float, NDArray[np.float64]] | None = None

    def push(self, chunk: Chunk) -> Chunk:
        """Follow the next samples."""
        turns = np.asarray(chunk.samples, dtype=np.float64)
        out = np.full((len(chunk), 6), np.nan)
        known = np.flatnonzero(np.isfinite(turns).all(axis=1))
        if not len(known):
            return Chunk(self.output, chunk.time_s, out)
        time_s, turns = chunk.time_s[known], turns[known]
        first_s, first = self._last or (float("-inf"), turns[0])
        rates = _rates_dps(np.concatenate([[first], turns]), np.diff(time_s, prepend=first_s))
        rates[np.diff(time_s, prepend=first_s) > self._max_gap_s] = np.nan
        out[known] = np.hstack([up(turns), rates])
        self._last = float(time_s[-1]), turns[-1].copy()
        return Chunk(self.output, chunk.time_s, out)


def _rates_dps(turns: NDArray[np.float64], steps_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rate of turn in the sensor frame between n + 1 consecutive quaternions, (n, 3)."""
    w0, v0 = turns[:-1, :1], turns[:-1, 1:]
    w1, v1 = turns[1:, :1], turns[1:, 1:]
    scalar = w0 * w1 + np.sum(v0 * v1, axis=1, keepdims=True)
    vector = w0 * v1 - w1 * v0 - np.cross(v0, v1)
    vector *= np.where(scalar < 0, -1.0, 1.0)  # q and -q are one orientation
    sine = np.linalg.norm(vector, axis=1, keepdims=True)
    angle = 2.0 * np.arctan2(sine, np.abs(scalar))
    factor = np.divide(angle, sine, out=np.full_like(angle, 2.0), where=sine > 1e-12)
    return np.degrees(vector * factor / steps_s[:, np.newaxis])

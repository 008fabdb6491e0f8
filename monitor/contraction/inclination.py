"""Which way is up, seen by one inertial sensor: the part of its orientation that needs no magnetometer."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from vqf import VQF

from monitor.chunk import Channel, Chunk, Stream
from monitor.settings import AngleSettings

STANDARD_GRAVITY = 9.80665


class Inclination:
    """The up direction in the sensor's own frame, and its rate of turn, for every IMU sample.

    imu : Stream                   acc_x acc_y acc_z (g), gyr_x gyr_y gyr_z (deg/s)
    Output at the same stamps: up_x up_y up_z (unit vector), gyr_x gyr_y gyr_z (deg/s, as measured).
    NaN where the sample is lost, and after a gap longer than `max_gap_s` until the filter has converged again. Shorter
    gaps are bridged by the last rate of turn.
    lead_s : how far the up direction runs ahead of its stamp. The filter takes each rate for that of the whole step
        before it, so a turn that speeds up is seen half a step early: 5 ms at 100 Hz, 10 ms at 50 Hz (simulated; the
        sensor's own filter, whose delay works the other way, is not known).
    Source: VQF in 6D, Laidig & Seel 2023, Information Fusion 91:187-204, with the authors' defaults.
    """

    def __init__(self, imu: Stream, settings: AngleSettings) -> None:
        self.input = imu
        axes = ("x", "y", "z")
        channels = tuple(Channel(f"up_{axis}", "") for axis in axes) + tuple(
            Channel(f"gyr_{axis}", "deg/s") for axis in axes
        )
        self.output = Stream(f"{imu.name} inclination", imu.rate_hz, channels, imu.source_id)
        self.lead_s = 0.5 / imu.rate_hz
        self._settings = settings
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._filter = VQF(1 / self.input.rate_hz)
        self._held: NDArray[np.float64] | None = None
        self._last_s: float | None = None
        self._trusted_from_s = -np.inf

    def push(self, chunk: Chunk) -> Chunk:
        """Follow the next samples."""
        if not len(chunk):
            return Chunk.empty(self.output)
        samples = np.ascontiguousarray(chunk.samples, dtype=np.float64)  # the filter reads rows only
        near = chunk.time_s[1:] - chunk.time_s[:-1] <= 1.5 / self.input.rate_hz
        if math.isfinite(np.add.reduce(samples, axis=None)) and near.all():
            return Chunk(self.output, chunk.time_s, self._follow(chunk.time_s, samples))
        out = np.full((len(chunk), 6), np.nan)
        for part in self._unbroken(near, np.all(np.isfinite(samples), axis=1)):
            out[part] = self._follow(chunk.time_s[part], samples[part])
        return Chunk(self.output, chunk.time_s, out)

    def _unbroken(self, near: NDArray[np.bool_], known: NDArray[np.bool_]) -> list[slice]:
        """The runs of known samples without a gap. near : (n - 1,) no gap after the sample."""
        joined = known[1:] & known[:-1] & near
        begins = np.flatnonzero(known & ~np.concatenate(([False], joined)))
        ends = np.flatnonzero(known & ~np.concatenate((joined, [False]))) + 1
        return [slice(begin, end) for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]

    def _follow(self, time_s: NDArray[np.float64], samples: NDArray[np.float64]) -> NDArray[np.float64]:
        """A run of samples without a gap; the gap before it is bridged or waited out."""
        self._bridge(float(time_s[0]))
        acc, gyr = samples[:, :3] * STANDARD_GRAVITY, np.radians(samples[:, 3:])
        quaternion = self._filter.updateBatch(gyr, acc)["quat6D"]
        self._held, self._last_s = samples[-1].copy(), float(time_s[-1])
        out = np.empty((len(samples), 6))
        out[:, :3] = up(quaternion)
        out[:, 3:] = samples[:, 3:]
        if time_s[0] < self._trusted_from_s:
            out[time_s < self._trusted_from_s] = np.nan
        return out

    def _bridge(self, time_s: float) -> None:
        if self._last_s is None or self._held is None:
            return
        gap_s = time_s - self._last_s - 1 / self.input.rate_hz
        if gap_s > self._settings.max_gap_s:
            self._filter.resetState()
            self._trusted_from_s = time_s + self._settings.converge_s
        elif gap_s > 0.5 / self.input.rate_hz:
            rate = np.radians(self._held[3:])
            self._filter.updateBatch(np.tile(rate, (round(gap_s * self.input.rate_hz), 1)), self._acc_at_rest(gap_s))

    def _acc_at_rest(self, gap_s: float) -> NDArray[np.float64]:
        assert self._held is not None
        return np.tile(self._held[:3] * STANDARD_GRAVITY, (round(gap_s * self.input.rate_hz), 1))


def up(quaternion_wxyz: NDArray[np.float64]) -> NDArray[np.float64]:
    """The earth's up in the sensor's frame, (n, 3), of n orientations sensor to earth: the matrix's third row."""
    w, x, y, z = quaternion_wxyz.T
    out = np.empty((len(quaternion_wxyz), 3))
    out[:, 0], out[:, 1] = 2 * (x * z - w * y), 2 * (y * z + w * x)
    out[:, 2] = w * w - x * x - y * y + z * z
    return out

"""The orientation that a sensor with a filter of its own sends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vqf import VQF

from monitor.simulation.imu import ImuSource

_GRAVITY_M_S2 = 9.80665
_SETTLE_S = 5.0  # before the first sample that is asked for


class OrientationSource:
    """Unit quaternions w x y z, sensor to an earth frame with z up, by VQF without magnetometer, read in order.

    The heading is arbitrary and drifts, as it does in real sensors.
    """

    def __init__(self, imu: ImuSource) -> None:
        self._imu = imu
        self._filter = VQF(1.0 / imu.rate_hz)

    def read(self, n_samples: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The next samples: (n,) session seconds and (n, 4)."""
        time_s, samples = self._imu.read(n_samples)
        if not n_samples:
            return time_s, np.empty((0, 4))
        acc, gyr = samples[:, :3] * _GRAVITY_M_S2, np.radians(samples[:, 3:])
        turned = self._filter.updateBatch(np.ascontiguousarray(gyr), np.ascontiguousarray(acc))
        return time_s, turned["quat6D"]

    def seek(self, time_s: float) -> None:
        """Go on with the first sample at or after a time; the filter has run for some seconds before it."""
        begin_s = max(0.0, time_s - _SETTLE_S)
        self._filter.resetState()
        self._imu.seek(begin_s)
        self.read(round((time_s - begin_s) * self._imu.rate_hz))
        self._imu.seek(time_s)

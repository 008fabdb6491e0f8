"""Simulated inertial sensors on shank and foot: rigid segments about one hinge, strapped on in any orientation."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.calf import Calf
from monitor.simulation.kinematics import Pose, turned
from monitor.simulation.noise import generator, key_of
from monitor.simulation.paged import Pages

Floats = NDArray[np.float64]
Segment = Literal["shank", "foot"]
_GRAVITY_M_S2 = 9.80665
_STEP_S = 0.005  # for differences in time
_PAGE_S = 4.0
_PLACE_M = {"shank": np.array([0.03, 0.22]), "foot": np.array([0.08, -0.02])}  # from the ankle: forward, up
_STRIKE_G = {"shank": 0.8, "foot": 1.6}  # at the heel strike of walking (assumed)
_STRIKE_HZ, _STRIKE_DECAY_S = 14.0, 0.04
_SOFT_DEG = {"shank": 0.25, "foot": 0.05}  # how far soft tissue turns the sensor after such a strike (assumed)
_SOFT_HZ, _SOFT_DECAY_S = 9.0, 0.06
_BULGE_DEG = {"shank": 1.0, "foot": 0.0}  # how far the working calf tilts a sensor beside it at full drive (assumed)
_ACC_NOISE_G, _GYR_NOISE_DPS = 0.004, 0.1  # RMS per axis; typical of consumer sensors (assumed)
_ACC_BIAS_G, _GYR_BIAS_DPS = 0.005, 0.5
_GYR_WANDER_DPS, _WANDER_PERIOD_S = 0.05, 1500.0  # a bias that drifts with the sensor's temperature (assumed)


class ImuSource:
    """Accelerometer (g, what is felt: +1 g upward at rest) and gyroscope (deg/s) of one segment, read in order.

    segment : "shank" or "foot"; foot pitch = shank pitch + plantarflexion, both about the one hinge (across the leg)
    rate_hz : samples per second
    acc_range_g, gyr_range_dps : where the sensor clips
    The mounting is a random rotation for each calf, segment and seed. The signal does not depend on the reads' sizes.
    Soft tissue turns the sensor about the hinge: a swinging after each heel strike, a tilt while the calf works.
    """

    def __init__(
        self,
        calf: Calf,
        segment: Segment,
        *,
        rate_hz: float,
        seed: int = 0,
        acc_range_g: float = 16.0,
        gyr_range_dps: float = 2000.0,
    ) -> None:
        self.rate_hz = rate_hz
        self._calf = calf
        self._segment: Segment = segment
        self._limits = np.repeat([acc_range_g, gyr_range_dps], 3)
        rng = generator(key_of(calf.seed, calf.leg, segment, "mounting", seed))
        self.mounting = _any_rotation(rng)
        self._bias_dps = rng.normal(0.0, _GYR_BIAS_DPS, 3)
        self._turn = rng.uniform(0, 2 * np.pi)
        self._bias_g = rng.normal(0.0, _ACC_BIAS_G, 3)
        self._wander_turn = rng.uniform(0, 2 * np.pi, 3)
        self._noise_key = key_of(calf.seed, calf.leg, segment, "imu noise", seed)
        self._page_samples = max(1, round(_PAGE_S * rate_hz))
        self._pages = Pages(self._page, self._page_samples, 6, rate_hz)

    @property
    def hinge(self) -> Floats:
        """The hinge axis in the sensor's frame: turning about it (right hand) lowers the toes."""
        return self.mounting[:, 1]

    def read(self, n_samples: int) -> tuple[Floats, Floats]:
        """The next samples: (n,) session seconds and (n, 6): acc x y z in g, gyr x y z in deg/s."""
        return self._pages.read(n_samples)

    def seek(self, time_s: float) -> None:
        """Go on with the first sample at or after a time."""
        self._pages.seek(time_s)

    def _page(self, number: int) -> Floats:
        time_s = np.arange(number * self._page_samples, (number + 1) * self._page_samples) / self.rate_hz
        acc_g, gyr_dps = self._felt(time_s)
        noise = generator(self._noise_key, number).standard_normal((len(time_s), 6))
        acc_g = acc_g @ self.mounting.T + self._bias_g + _ACC_NOISE_G * noise[:, :3]
        turn = 2 * np.pi * time_s[:, None] / _WANDER_PERIOD_S + self._wander_turn
        bias_dps = self._bias_dps + _GYR_WANDER_DPS * np.sin(turn)
        gyr_dps = gyr_dps @ self.mounting.T + bias_dps + _GYR_NOISE_DPS * noise[:, 3:]
        return np.clip(np.hstack([acc_g, gyr_dps]), -self._limits, self._limits)

    def _felt(self, time_s: Floats) -> tuple[Floats, Floats]:
        """Specific force (g) and angular rate (deg/s) in the segment's frame: forward, left, up."""
        n = len(time_s)
        around_s = np.concatenate([time_s - _STEP_S, time_s, time_s + _STEP_S])
        pose = self._calf.pose(around_s)
        roll, pitch, yaw = (angle.reshape(3, n) for angle in self._attitude(pose))
        place_m = pose.ankle_m + turned(_PLACE_M[self._segment], np.degrees(pitch.ravel()))
        before, now, after = place_m.reshape(3, n, 2)
        force_g = (before - 2.0 * now + after) / _STEP_S**2 / _GRAVITY_M_S2
        force_g += self._strikes_g(time_s) + np.array([0.0, 1.0])
        pitch = pitch + np.radians(self._soft_deg(around_s)).reshape(3, n)
        rates = [(angle[2] - angle[0]) / (2.0 * _STEP_S) for angle in (roll, pitch, yaw)]
        return _into_segment(force_g, roll[1], pitch[1], yaw[1]), np.degrees(_body_rates(rates, roll[1], pitch[1]))

    def _attitude(self, pose: Pose) -> tuple[Floats, Floats, Floats]:
        """Roll, pitch and yaw in radians: the pitch is the movement, the others how far it leaves its plane."""
        one, other = pose.wobble_deg
        pitch_deg = pose.shank_deg if self._segment == "shank" else pose.foot_deg
        roll_deg = one * np.cos(self._turn) + other * np.sin(self._turn)
        yaw_deg = other * np.cos(self._turn) - one * np.sin(self._turn)
        return np.radians(roll_deg), np.radians(pitch_deg), np.radians(yaw_deg)

    def _strikes_g(self, time_s: Floats) -> Floats:
        """The ringing after each heel strike, forward and up."""
        ring = self._ringing(time_s, _STRIKE_HZ, _STRIKE_DECAY_S)
        return _STRIKE_G[self._segment] * ring[:, None] * np.array([-0.5, 1.0])

    def _soft_deg(self, time_s: Floats) -> Floats:
        """How far soft tissue has turned the sensor about the hinge."""
        swing = _SOFT_DEG[self._segment] * self._ringing(time_s, _SOFT_HZ, _SOFT_DECAY_S)
        bulge = _BULGE_DEG[self._segment]
        return swing + bulge * self._calf.drive(time_s) if bulge else swing

    def _ringing(self, time_s: Floats, hertz: float, decay_s: float) -> Floats:
        """What is left of all heel strikes, 1 = the first moment of one in walking."""
        rung = np.zeros(len(time_s))
        for strike_s, size in zip(*self._calf.strikes(time_s.min() - 8 * decay_s, time_s.max()), strict=True):
            late_s = time_s - strike_s
            near = (late_s > 0.0) & (late_s < 8 * decay_s)
            rung[near] += size * np.exp(-late_s[near] / decay_s) * np.sin(2 * np.pi * hertz * late_s[near])
        return rung


def _any_rotation(rng: np.random.Generator) -> Floats:
    """A uniformly random rotation matrix (from a random unit quaternion)."""
    w, x, y, z = (quaternion := rng.standard_normal(4)) / np.linalg.norm(quaternion)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def _into_segment(force: Floats, roll: Floats, pitch: Floats, yaw: Floats) -> Floats:
    """A world vector (forward, up) as the segment feels it, turned by yaw, then pitch, then roll: (n, 3)."""
    ahead, left, up = force[:, 0] * np.cos(yaw), -force[:, 0] * np.sin(yaw), force[:, 1]
    ahead, up = ahead * np.cos(pitch) - up * np.sin(pitch), ahead * np.sin(pitch) + up * np.cos(pitch)
    left, up = left * np.cos(roll) + up * np.sin(roll), up * np.cos(roll) - left * np.sin(roll)
    return np.column_stack([ahead, left, up])


def _body_rates(rates: list[Floats], roll: Floats, pitch: Floats) -> Floats:
    """Angular rate in the segment's frame from the rates of roll, pitch and yaw: (n, 3)."""
    roll_rate, pitch_rate, yaw_rate = rates
    return np.column_stack(
        [
            roll_rate - yaw_rate * np.sin(pitch),
            pitch_rate * np.cos(roll) + yaw_rate * np.sin(roll) * np.cos(pitch),
            yaw_rate * np.cos(roll) * np.cos(pitch) - pitch_rate * np.sin(roll),
        ]
    )

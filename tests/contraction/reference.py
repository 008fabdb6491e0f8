"""Recordings with an optical reference: `python tests/contraction/reference.py` prints how far tilt and strides err.

The sources and licences of the recordings stand in their index (BROAD, CC-BY-4.0; gaitmap, MIT).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.contraction.hinge import as_tuple, hinge_inclination_deg, principal
from monitor.contraction.inclination import STANDARD_GRAVITY, Inclination
from monitor.contraction.strides import Stride, StrideFinder
from monitor.settings import Settings

AXES = tuple(Channel(f"{kind}_{axis}", unit) for kind, unit in (("acc", "g"), ("gyr", "deg/s")) for axis in "xyz")
BROAD = {  # trial -> the largest error (RMS over the movement, deg) that is accepted
    "01_undisturbed_slow_rotation_A": 0.6,
    "08_undisturbed_fast_rotation_with_breaks_A": 2.0,
    "15_undisturbed_fast_translation_A": 0.6,
    "28_disturbed_stationary_magnet_A": 1.1,
}
FOOT_PITCH_DEG = 4.0
FOOT_STRIDES = 32  # swings of the heel marker faster than 1 m/s


def inclinations(acc_g: NDArray, gyr_dps: NDArray, rate_hz: float, cut: int = 500) -> NDArray[np.float64]:
    """Up and rate of turn of an IMU, (n, 6), fed in pieces as a live sensor is."""
    stream = Stream("imu", rate_hz, AXES, "reference")
    stage = Inclination(stream, Settings().angle)
    whole = Chunk(stream, np.arange(len(acc_g)) / rate_hz, np.hstack([acc_g, gyr_dps]).astype(np.float64))
    return np.concatenate([stage.push(whole[at : at + cut]).samples for at in range(0, len(whole), cut)])


def up_of(quaternion_wxyz: NDArray) -> NDArray[np.float64]:
    """The earth's up in the sensor's frame: the last row of the rotation matrix."""
    w, x, y, z = quaternion_wxyz.astype(np.float64).T
    return np.column_stack([2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z])


def tilt_rms_deg(folder: Path, trial: str) -> float:
    """RMS angle between the filter's and the optical up over the movement of a BROAD trial."""
    with np.load(folder / f"broad_{trial}.npz") as file:
        rate_hz = float(file["fs"])
        up = inclinations(file["acc"] / STANDARD_GRAVITY, np.degrees(file["gyr"]), rate_hz)[:, :3]
        true, moving = up_of(file["ref_quat"]), file["movement"]
    known = moving & np.isfinite(true).all(axis=1) & np.isfinite(up).all(axis=1)
    apart = np.degrees(np.arccos(np.clip(np.sum(true[known] * up[known], axis=1), -1.0, 1.0)))
    return float(np.sqrt(np.mean(apart**2)))


def foot_pitch_rmse_deg(folder: Path) -> float:
    """The foot's inclination about its own main axis against the optical pitch, after alignment (an offset)."""
    with np.load(folder / "gaitmap_foot_left.npz") as file:
        rate_hz, true_hz = float(file["fs"]), float(file["ref_fs"])
        followed = inclinations(file["acc"] / STANDARD_GRAVITY, file["gyr"], rate_hz)
        true = file["ref_foot_pitch_deg"].astype(np.float64)
    axis = as_tuple(principal(followed[:, 3:]))
    pitch = np.unwrap(hinge_inclination_deg(followed[:, :3], axis), period=360.0)
    read = np.interp(np.arange(len(true)) / true_hz, np.arange(len(pitch)) / rate_hz, pitch)
    error = read - true
    error = error[np.isfinite(error)]
    return float(np.sqrt(np.mean((error - np.median(error)) ** 2)))


def foot_strides(folder: Path) -> list[Stride]:
    """The strides found in the foot's turning alone."""
    with np.load(folder / "gaitmap_foot_left.npz") as file:
        rate_hz, gyr_dps = float(file["fs"]), file["gyr"].astype(np.float64)
    rate_dps, time_s = gyr_dps @ principal(gyr_dps), np.arange(len(gyr_dps)) / rate_hz
    finder, found = StrideFinder(Settings().gait), []
    for second in range(int(time_s[-1]) + 1):
        rows = slice(*np.searchsorted(time_s, (second, second + 1)).tolist())
        found += finder.push(time_s[rows], rate_dps[rows])
    return found


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[3] / "shared" / "data" / "imu_reference"
    for trial, most_deg in BROAD.items():
        sys.stdout.write(f"tilt, BROAD {trial}: {tilt_rms_deg(folder, trial):.2f} deg RMS (at most {most_deg:g})\n")
    pitch_deg = foot_pitch_rmse_deg(folder)
    sys.stdout.write(f"foot pitch, gaitmap: {pitch_deg:.2f} deg RMSE (at most {FOOT_PITCH_DEG:g})\n")
    sys.stdout.write(f"strides, gaitmap: {len(foot_strides(folder))} found of {FOOT_STRIDES}\n")


if __name__ == "__main__":
    main()

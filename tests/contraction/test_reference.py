from pathlib import Path

import numpy as np
import pytest
from contraction.reference import (
    BROAD,
    FOOT_PITCH_DEG,
    FOOT_STRIDES,
    foot_pitch_rmse_deg,
    foot_strides,
    inclinations,
    tilt_rms_deg,
)


@pytest.fixture
def folder(shared: Path) -> Path:
    return shared / "data" / "imu_reference"


@pytest.mark.parametrize("trial", BROAD)
def test_the_tilt_agrees_with_the_optical_reference(folder: Path, trial: str):
    assert tilt_rms_deg(folder, trial) <= BROAD[trial]


def test_the_foots_pitch_agrees_with_the_optical_reference(folder: Path):
    assert foot_pitch_rmse_deg(folder) <= FOOT_PITCH_DEG


def test_at_most_one_stride_is_missed_or_invented(folder: Path):
    strides = foot_strides(folder)
    assert abs(len(strides) - FOOT_STRIDES) <= 1
    assert np.all(np.diff([stride.strike_s for stride in strides]) > 0.8)  # nobody takes two steps in one


def test_samples_in_columns_are_followed_as_well():
    still = np.asfortranarray(np.tile([0.0, 0.0, 1.0], (400, 1)))
    assert np.allclose(inclinations(still, np.zeros((400, 3), order="F"), 100.0)[-1, :3], [0, 0, 1])

"""What a leg does in each activity: angles, drive, steps, ground, and what the sensors feel of it."""

from __future__ import annotations

import numpy as np
import pytest
from simulation.test_imu import inclination_deg

from monitor.simulation.calf import Calf
from monitor.simulation.imu import ImuSource
from monitor.simulation.movements import MOVEMENTS
from monitor.simulation.scenario import Part, Scenario


def doing(*steps: str, seed: int = 3) -> Calf:
    """A calf that stands for 8 s, does the steps, and stands."""
    return Calf(
        Scenario(name="one", title="", part=(Part(steps=("stand 8 s", *steps, "stand 20 s")),)),  # type: ignore[arg-type]
        "left",
        seed,
    )


def inside(seconds: float, rate_hz: float = 200.0) -> np.ndarray:
    return np.arange(10.0, 6.0 + seconds, 1.0 / rate_hz)


@pytest.mark.parametrize("activity", sorted(MOVEMENTS))
def test_no_activity_bends_an_ankle_that_no_ankle_bends(activity: str):
    calf = doing(f"{activity} 40 s rough slope 6")
    time_s = np.arange(0.0, 68.0, 0.005)
    angle_deg, drive = calf.angle_deg(time_s), calf.drive(time_s)
    assert angle_deg.min() > -45.0 and angle_deg.max() < 35.0
    assert drive.min() >= 0.0 and drive.max() <= 1.0
    assert np.abs(np.diff(angle_deg)).max() * 200.0 < 900.0  # deg/s


@pytest.mark.parametrize(("activity", "low", "high"), [("walk", 50, 60), ("run", 75, 95), ("sprint", 105, 130)])
def test_step_rates_are_those_of_people(activity: str, low: float, high: float):
    strikes_s, _ = doing(f"{activity} 60 s").strikes(8.0, 68.0)
    assert low <= 60.0 / np.median(np.diff(strikes_s)) <= high


def test_running_hits_harder_than_walking_and_each_step_leaves_the_ground():
    hard = {activity: doing(f"{activity} 30 s").strikes(8.0, 38.0)[1].mean() for activity in ("walk", "run", "sprint")}
    assert hard["walk"] < 0.5 * hard["run"] < hard["sprint"]
    calf = doing("run 30 s")
    strikes_s, toe_offs_s = calf.strikes(8.0, 38.0)[0], calf.toe_offs_s(8.0, 38.0)
    follow = toe_offs_s[np.searchsorted(toe_offs_s, strikes_s[:-1])] - strikes_s[:-1]
    assert np.all((follow > 0.2) & (follow < 0.32))


def test_the_calf_works_most_uphill_then_downhill_then_on_the_level():
    work = [doing(f"run 60 s slope {slope}").drive(inside(60)).mean() for slope in (6, -6, 0)]
    assert work[0] > work[1] > work[2]
    assert work[0] / work[2] == pytest.approx(1.3, rel=0.05)


@pytest.mark.parametrize("slope", [-5.0, 0.0, 6.0])
def test_the_flat_foot_lies_on_the_slope(slope: float):
    calf = doing(f"walk 60 s slope {slope}")
    strikes_s, _ = calf.strikes(12.0, 64.0)
    flat = calf.pose(strikes_s + 0.3)  # about a quarter of the stride
    level = doing("walk 60 s")
    reference = level.pose(level.strikes(12.0, 64.0)[0] + 0.3)
    assert np.median(flat.foot_deg) - np.median(reference.foot_deg) == pytest.approx(-slope, abs=1.2)


def test_rough_ground_makes_every_step_different():
    spread = []
    for ground in ("", " rough"):
        calf = doing(f"run 60 s{ground}")
        strikes_s, _ = calf.strikes(12.0, 64.0)
        spread.append(calf.pose(strikes_s + 0.1).foot_deg.std())
    assert spread[1] > 2.0 * spread[0]


def test_a_tiptoe_hold_looks_like_a_cramp_but_both_heads_hold():
    calf = doing("tiptoe 30 s")
    time_s = np.arange(15.0, 32.0, 0.01)
    assert calf.angle_deg(time_s).max() < -10.0
    assert calf.drive(time_s).min() > 0.2
    assert calf.rms_uv(time_s, "GL").mean() > 0.5 * calf.rms_uv(time_s, "GM").mean()
    assert len(calf.contractions(60.0)) == 1


@pytest.mark.parametrize(
    ("step", "limit_deg"), [("walk 40 s slope 4", 2.0), ("run 40 s", 4.0), ("kicks 30 s", 2.0), ("tiptoe 30 s", 2.0)]
)
def test_the_sensors_tell_the_angle_as_well_as_sensors_do(step: str, limit_deg: float):
    calf = doing(step)
    sources = [ImuSource(calf, segment, rate_hz=100.0) for segment in ("shank", "foot")]
    time_s, shank = sources[0].read(4500)
    _, foot = sources[1].read(4500)
    plantar_deg = inclination_deg(sources[1], foot) - inclination_deg(sources[0], shank)
    plantar_deg = (plantar_deg - np.median(plantar_deg[200:700]) + 180.0) % 360.0 - 180.0
    error_deg = (plantar_deg + calf.angle_deg(time_s))[1000:]
    assert 0.1 < np.sqrt((error_deg**2).mean()) < limit_deg


def test_soft_tissue_moves_the_sensor_of_the_shank_more_than_that_of_the_foot():
    calf = doing("run 20 s")
    time_s = np.arange(10.0, 26.0, 0.01)
    shank, foot = (ImuSource(calf, segment, rate_hz=100.0)._soft_deg(time_s).std() for segment in ("shank", "foot"))
    assert shank > 2.0 * foot > 0.0

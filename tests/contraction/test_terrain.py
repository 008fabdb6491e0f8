"""Walking and running over simulated ground: strides, slope, roughness and the ankle angle against the truth."""

from functools import cache

import numpy as np
import pytest
from contraction.test_ankle_angle import CALIBRATION, SETTINGS, errors_deg, imu, stream

from monitor.chunk import Chunk
from monitor.contraction.ankle_angle import AnkleAngle
from monitor.contraction.gait import Activity, GaitSecond
from monitor.settings import GaitSettings
from monitor.simulation.calf import Calf
from monitor.simulation.scenario import Part, Scenario
from monitor.view import gait_text

GROUND = ("walk 30 s", "walk 30 s slope 6", "walk 30 s slope -6", "walk 30 s rough")
GROUND += ("run 30 s", "run 30 s slope 5", "run 30 s slope -5", "run 30 s rough", "limp 30 s")
BEGIN_S = {step: 43 + 30 * number for number, step in enumerate(GROUND)}
UNTIL_S = 43 + 30 * len(GROUND)
SEEDS = (1, 2)


@cache
def session(seed: int) -> tuple[Calf, Chunk, list[GaitSecond]]:
    calf = Calf(Scenario(name="x", title="x", part=(Part(steps=(*CALIBRATION, *GROUND)),)), "left", seed)  # type: ignore[arg-type]
    angle, out, gait = AnkleAngle(stream("shank"), stream("foot"), SETTINGS), [], []
    shank, foot = imu(calf, "shank", UNTIL_S), imu(calf, "foot", UNTIL_S)
    for second in range(UNTIL_S):
        rows = [slice(*np.searchsorted(chunk.time_s, (second, second + 1))) for chunk in (shank, foot)]
        angle.push_shank(shank[rows[0]])
        angle.push_foot(foot[rows[1]])
        out.append(angle.advance(second + 1.0))
        gait.append(angle.gait or GaitSecond(second + 1.0, Activity.UNKNOWN, 0, None, None, None, None))
    return calf, Chunk.joined(out), gait


def after_ten_strides(seed: int, step: str) -> list[GaitSecond]:
    """The seconds of a step from its tenth stride on."""
    begin = BEGIN_S[step] + (14 if step.startswith(("walk", "limp")) else 10)
    return session(seed)[2][begin : BEGIN_S[step] + 29]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("step", GROUND)
def test_strides_are_counted_on_any_ground(seed: int, step: str):
    calf, _, gait = session(seed)
    first, last = BEGIN_S[step] + 3, BEGIN_S[step] + 28
    true = len(calf.strikes(first + 1.0, last + 1.0)[0])
    assert gait[last].strides - gait[first].strides == pytest.approx(true, abs=1)  # one may lie on an edge


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("step", GROUND)
def test_walking_and_running_are_told_apart(seed: int, step: str):
    expected = Activity.RUNNING if step.startswith("run") else Activity.WALKING
    assert {second.activity for second in after_ten_strides(seed, step)} == {expected}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("step", [step for step in GROUND if "slope" in step])
def test_after_ten_strides_the_slope_has_the_right_sign(seed: int, step: str):
    slopes = [second.slope_deg for second in after_ten_strides(seed, step)]
    sign = -1 if "-" in step else 1
    assert slopes and all(slope is not None and slope * sign > 1.0 for slope in slopes)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_walked_slope_is_read_to_two_degrees(seed: int):
    for step, true_deg in (("walk 30 s", 0.0), ("walk 30 s slope 6", 6.0), ("walk 30 s slope -6", -6.0)):
        slope_deg = after_ten_strides(seed, step)[-1].slope_deg
        assert slope_deg == pytest.approx(true_deg, abs=2.0)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("gait", ["walk", "run"])
def test_rough_ground_reads_rougher_than_even_ground(seed: int, gait: str):
    even, rough = after_ten_strides(seed, f"{gait} 30 s"), after_ten_strides(seed, f"{gait} 30 s rough")
    assert "rough ground" not in gait_text(even[-1], GaitSettings())
    assert gait_text(rough[-1], GaitSettings()).endswith("rough ground")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("gait", "most_deg"), [("walk", 2.0), ("run", 4.0)])
def test_the_angle_holds_on_any_ground(seed: int, gait: str, most_deg: float):
    calf, out, _ = session(seed)
    for step in (step for step in GROUND if step.startswith(gait)):
        error_deg = errors_deg(calf, out, (BEGIN_S[step] + 1.0, BEGIN_S[step] + 30.0))
        assert np.sqrt(np.mean(error_deg**2)) <= most_deg


def test_the_toes_leave_the_ground_when_they_do():
    walking, running = (after_ten_strides(1, step)[-1].stance_fraction for step in ("walk 30 s", "run 30 s"))
    assert walking == pytest.approx(0.62, abs=0.06)
    assert running == pytest.approx(0.36, abs=0.06)


def test_what_a_leg_does_is_told_in_words():
    settings = GaitSettings()
    assert gait_text(after_ten_strides(1, "walk 30 s slope 6")[-1], settings).startswith("walking, 11")
    assert "uphill 5 deg" in gait_text(after_ten_strides(1, "walk 30 s slope 6")[-1], settings)
    assert "level" in gait_text(after_ten_strides(1, "walk 30 s")[-1], settings)
    assert gait_text(None, settings) == ""

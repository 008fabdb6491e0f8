from functools import cache

import numpy as np
import pytest

from monitor.chunk import Channel, Chunk, Stream
from monitor.contraction.ankle_angle import AnkleAngle, RecordedAngle
from monitor.contraction.hinge import Calibration, hinge_inclination_deg, wrap_deg
from monitor.contraction.inclination import Inclination
from monitor.settings import AngleSettings
from monitor.simulation.calf import Calf
from monitor.simulation.imu import ImuSource
from monitor.simulation.scenario import Part, Scenario
from monitor.team import LegSide

SETTINGS = AngleSettings()
CHANNELS = tuple([Channel(f"acc_{a}", "g") for a in "xyz"] + [Channel(f"gyr_{a}", "deg/s") for a in "xyz"])
CALIBRATION = (("stand", 8.0), ("pumps", 15.0), ("walk", 20.0))
RAISES_S, WALK_S = (43.0, 67.0), (67.0, 87.0)


def stream(segment: str, rate_hz: float = 100.0) -> Stream:
    return Stream("imu", rate_hz, CHANNELS, segment)


@cache
def walker(
    seed: int,
    steps: tuple[tuple[str, float], ...] = (*CALIBRATION, ("raises", 24.0), ("walk", 20.0)),
    leg: LegSide = "left",
) -> Calf:
    return Calf(Scenario(name="x", title="x", part=(Part(steps=steps),)), leg, seed)


@cache
def imu(calf: Calf, segment: str, until_s: float, rate_hz: float = 100.0) -> Chunk:
    source = ImuSource(calf, segment, rate_hz=rate_hz, seed=calf.seed)  # type: ignore[arg-type]
    return Chunk(stream(segment, rate_hz), *source.read(round(until_s * rate_hz)))


def follow(angle: AnkleAngle, shank: Chunk, foot: Chunk, until_s: int) -> Chunk:
    """Second by second, as a leg does it."""
    out = []
    for second in range(until_s):
        rows = [slice(*np.searchsorted(chunk.time_s, (second, second + 1))) for chunk in (shank, foot)]
        angle.push_shank(shank[rows[0]])
        angle.push_foot(foot[rows[1]])
        out.append(angle.advance(second + 1.0))
    return Chunk.joined(out)


def measured(
    calf: Calf, until_s: int = 87, foot: Chunk | None = None, **known: Calibration
) -> tuple[AnkleAngle, Chunk]:
    angle = AnkleAngle(stream("shank"), stream("foot"), SETTINGS, **known)
    foot = imu(calf, "foot", until_s) if foot is None else foot
    return angle, follow(angle, imu(calf, "shank", until_s), foot, until_s)


@cache
def session(seed: int) -> tuple[AnkleAngle, Chunk]:
    return measured(walker(seed))


def errors_deg(calf: Calf, chunk: Chunk, span_s: tuple[float, float]) -> np.ndarray:
    rows = (chunk.time_s > span_s[0]) & (chunk.time_s <= span_s[1])
    return chunk.samples[rows, 0] - calf.angle_deg(chunk.time_s[rows])


def rmse_deg(*args) -> float:
    return float(np.sqrt(np.mean(errors_deg(*args) ** 2)))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_the_calibration_the_angle_follows_the_truth(seed: int):
    angle, out = session(seed)
    assert angle.note.startswith("calibrated at ")
    assert rmse_deg(walker(seed), out, WALK_S) <= 2.0
    assert rmse_deg(walker(seed), out, RAISES_S) <= 1.0


def test_plantarflexion_is_negative_and_standing_is_zero():
    _, out = session(1)
    raises = out.samples[(out.time_s > RAISES_S[0]) & (out.time_s < RAISES_S[1]), 0]
    assert raises.min() == pytest.approx(-28.5, abs=3.0)
    assert np.percentile(raises, 99) == pytest.approx(0.0, abs=2.0)


def test_the_right_leg_has_the_same_sign():
    calf = walker(5, leg="right")
    _, out = measured(calf)
    assert rmse_deg(calf, out, RAISES_S) <= 1.0


def test_the_grid_is_that_of_the_slower_sensor():
    calf = walker(1)
    angle = AnkleAngle(stream("shank"), stream("foot", 50.0), SETTINGS)
    out = follow(angle, imu(calf, "shank", 70), imu(calf, "foot", 70, 50.0), 70)
    assert angle.output.rate_hz == 50.0
    np.testing.assert_allclose(np.diff(out.time_s), 0.02, rtol=1e-9)
    assert rmse_deg(calf, out, (43.0, 67.0)) < 1.5


def test_nothing_is_said_before_the_calibration_is_found():
    angle, out = session(1)
    assert angle.calibration is not None
    before = out.time_s < angle.calibration.to_s
    assert np.isnan(out.samples[before]).all() and np.isfinite(out.samples[~before]).mean() > 0.99


def test_a_stored_calibration_gives_the_angle_from_the_start():
    calibration = session(1)[0].calibration
    assert calibration is not None
    again = Calibration.from_dict(calibration.to_dict())
    angle, out = measured(walker(1), 30, calibration=again)
    assert angle.note == "" and not angle.pending
    assert rmse_deg(walker(1), out, (4.0, 30.0)) < 1.5


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ((("stand", 130.0),), "no walking was seen"),
        ((("stand", 120.0), ("walk", 6.0)), "no walking was seen"),
        ((("stand", 10.0), ("pumps", 15.0), ("walk", 6.0), ("stand", 99.0)), "walk for 20 s"),
    ],
)
def test_without_a_calibration_there_is_no_angle_and_the_reason_is_said(steps, reason: str):
    angle, out = measured(walker(4, steps), 125)
    assert angle.calibration is None and not angle.pending
    assert angle.note.startswith("no ankle angle: ") and reason in angle.note
    assert np.isnan(out.samples).all()


def test_a_sensor_that_never_sends_is_named():
    calf = walker(1)
    angle, out = measured(calf, 125, foot=Chunk.empty(stream("foot")))
    assert angle.note.startswith("no ankle angle: no data from the shank and foot sensors")
    assert np.isnan(out.samples).all()


def test_a_long_gap_in_one_sensor_is_unknown_until_the_tilt_is_found_again_and_never_wrong():
    calf = walker(2)
    foot = imu(calf, "foot", 87)
    kept = (foot.time_s < 50.0) | (foot.time_s >= 51.0)
    _, out = measured(calf, foot=Chunk(foot.stream, foot.time_s[kept], foot.samples[kept]))
    gap = (out.time_s > 50.06) & (out.time_s < 51.0 + SETTINGS.converge_s - 0.02)
    assert np.isnan(out.samples[gap]).all()
    after = errors_deg(calf, out, (51.0 + SETTINGS.converge_s + 0.05, 67.0))
    assert np.isfinite(after).all() and np.abs(after).max() < 5.0


def test_lost_samples_of_a_moment_are_bridged():
    calf = walker(2)
    foot = imu(calf, "foot", 87)
    samples = foot.samples.copy()
    for start in range(4500, 8600, 100):
        samples[start : start + 5] = np.nan
    _, out = measured(calf, foot=Chunk(foot.stream, foot.time_s, samples))
    assert rmse_deg(calf, out, RAISES_S) < 1.5
    assert rmse_deg(calf, out, WALK_S) < 3.0


def test_the_calibration_may_be_given():
    calf = walker(3, (("walk", 30.0), *CALIBRATION, ("raises", 20.0)))
    angle = AnkleAngle(stream("shank"), stream("foot"), SETTINGS, window_s=(29.0, 75.0))
    out = follow(angle, imu(calf, "shank", 92), imu(calf, "foot", 92), 92)
    assert angle.calibration is not None and angle.calibration.from_s >= 29.0
    assert rmse_deg(calf, out, (74.0, 92.0)) < 1.5


def test_the_inclination_points_up_in_the_sensors_frame():
    calf = walker(1)
    source = ImuSource(calf, "shank", rate_hz=100.0, seed=1)
    out = Inclination(stream("shank"), SETTINGS).push(imu(calf, "shank", 8))
    up = source.mounting @ np.array([0.0, 0.0, 1.0])
    np.testing.assert_allclose(out.samples[300:, :3], np.tile(up, (500, 1)), atol=0.02)
    np.testing.assert_array_equal(out.samples[:, 3:], imu(calf, "shank", 8).samples[:, 3:])


def test_a_turn_about_the_hinge_is_read_in_degrees():
    turned = np.radians(np.array([0.0, 30.0, -45.0, 100.0]))
    up = np.stack([np.sin(turned), np.zeros(4), np.cos(turned)], axis=1)
    found = hinge_inclination_deg(up, (0.0, 1.0, 0.0))
    np.testing.assert_allclose(np.abs(found - found[0]), [0.0, 30.0, 45.0, 100.0], atol=1e-9)
    assert np.sign(found[1] - found[0]) == -np.sign(found[2] - found[0])
    np.testing.assert_allclose(wrap_deg(np.array([190.0, -190.0, 30.0])), [-170.0, 170.0, 30.0])


def recorded() -> tuple[RecordedAngle, Chunk]:
    angle_stream = Stream("angle", 100.0, (Channel("ankle", "deg"),), "goniometer")
    time_s = np.arange(300) / 100
    return RecordedAngle(angle_stream), Chunk(angle_stream, time_s, -20 * time_s[:, None])


def test_a_recorded_angle_comes_out_as_it_was_second_by_second():
    angle, chunk = recorded()
    angle.push(chunk[:150])
    first = angle.advance(1.0)
    angle.push(chunk[150:])
    rest = Chunk.joined([angle.advance(2.0), angle.advance(3.0)])
    assert first.time_s[-1] == 1.0
    np.testing.assert_array_equal(np.concatenate([first.samples, rest.samples]), chunk.samples)
    assert not angle.pending


def test_a_recorded_angle_is_given_once():
    angle, chunk = recorded()
    angle.push(chunk)
    assert [len(angle.advance(until_s)) for until_s in (1.0, 1.0, 9.0, 9.0)] == [101, 0, 199, 0]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("steps", "note"),
    [
        ((("walk", 20.0), ("stand", 12.0), ("walk", 48.0), ("raises", 24.0), ("walk", 30.0)), "zero from standing"),
        ((("walk", 100.0), ("raises", 24.0), ("walk", 30.0)), "the zero is arbitrary"),
    ],
    ids=["with a stand", "walking only"],
)
def test_without_the_calibration_the_walk_tells_axes_and_sign(seed: int, steps, note: str):
    """After two minutes, and it says that it is no calibration."""
    calf = walker(seed, steps)
    angle, out = measured(calf, 150)
    assert note in angle.note and angle.note.startswith("not calibrated")
    rows = out.time_s > 125.0
    found, true = out.samples[rows, 0], calf.angle_deg(out.time_s[rows])
    assert np.corrcoef(found, true)[0, 1] > 0.98
    assert np.std(found - true) < 2.0
    assert "arbitrary" in note or abs(np.mean(found - true)) < 1.5

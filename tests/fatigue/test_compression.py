import json
from functools import cache

import numpy as np
import pytest
from shaped_emg import density, shaped
from signals import emg_stream

from monitor.breaks import Breaks
from monitor.chunk import Channel, Chunk, Stream
from monitor.emg_path import EmgPath, EmgSecond
from monitor.fatigue.baseline import Fit
from monitor.fatigue.compression import FIXED, Compression, compression_input
from monitor.fatigue.spectrum import Frames
from monitor.settings import BaselineSettings, Settings, SpectrumSettings
from monitor.simulation.calf import Calf
from monitor.simulation.emg import EmgSource
from monitor.simulation.scenario import LegPlan, Part, Scenario
from monitor.simulation.spectrum import angle_scale

BASELINE = BaselineSettings()
HOP_S = 0.06
FREQUENCY_HZ = Frames(emg_stream("GM", "GL"), SpectrumSettings()).frequency_hz
INPUT = compression_input(Frames(emg_stream("GM", "GL"), SpectrumSettings()).output)


def frames(
    angle_deg: np.ndarray,
    *,
    seed: int,
    compression: float = 1.0,
    effort_ln: float = 0.0,
    start_s: float = 0.0,
    expected: bool = True,
    told_deg: np.ndarray | None = None,
) -> Chunk:
    """Contraction frames of two channels whose spectra follow angle and fatigue as those of the simulated calf."""
    rng = np.random.default_rng(seed)
    n = len(angle_deg)
    scale = compression * angle_scale(angle_deg)
    power = np.stack([density(FREQUENCY_HZ, c) / c for c in scale]) * np.exp(effort_ln + rng.uniform(-1.0, 1.0, (n, 1)))
    both = np.concatenate([power, 0.5 * power], axis=1) * rng.exponential(size=(n, 2 * len(FREQUENCY_HZ)))
    told = angle_deg if told_deg is None else told_deg
    extra = np.stack([np.ones(n), told, np.full(n, float(expected))], axis=1)
    return Chunk(INPUT, start_s + HOP_S * np.arange(1, n + 1), np.concatenate([both, extra], axis=1))


def stage(settings: BaselineSettings = BASELINE, breaks: Breaks | None = None) -> Compression:
    return Compression(INPUT, ("GM", "GL"), FREQUENCY_HZ, SpectrumSettings(), settings, breaks=breaks)


def wandering(n: int, low_deg: float, high_deg: float, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(low_deg, high_deg, n)


def after_baseline(later: Chunk, **baseline: object) -> np.ndarray:
    """u of later frames for a calf whose baseline was learnt at -30 to 10 deg in 90 s."""
    learning = stage()
    learning.push(frames(wandering(1500, -30, 10, 1), seed=2, **baseline))  # type: ignore[arg-type]
    return learning.push(later).samples[:, 0]


def test_an_unchanged_calf_reads_unchanged():
    u = after_baseline(frames(wandering(600, -30, 10, 3), seed=4, start_s=100.0))
    assert np.mean(u) == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize("compression", [0.95, 0.85, 0.75])
def test_a_tired_calf_reads_its_compression(compression: float):
    u = after_baseline(frames(wandering(600, -30, 10, 5), seed=6, compression=compression, start_s=100.0))
    assert np.exp(np.mean(u)) == pytest.approx(compression, abs=0.02)


@pytest.mark.parametrize("angle_deg", [-25.0, 5.0])
def test_an_angle_that_is_known_makes_no_shift(angle_deg: float):
    u = after_baseline(frames(np.full(600, angle_deg), seed=7, start_s=100.0))
    assert np.mean(u) == pytest.approx(0.0, abs=0.03)


@pytest.mark.parametrize("angle_deg", [-25.0, 5.0])
def test_an_angle_that_is_not_known_reads_as_fatigue_or_recovery(angle_deg: float):
    unknown, baseline = np.full(600, np.nan), np.full(1500, np.nan)
    later = frames(np.full(600, angle_deg), seed=7, start_s=100.0, expected=False, told_deg=unknown)
    u = after_baseline(later, expected=False, told_deg=baseline)
    true_shift = np.log(angle_scale(np.array([angle_deg]))[0]) - np.mean(
        np.log(angle_scale(wandering(1500, -30, 10, 1)))
    )
    assert abs(true_shift) > 0.05
    assert np.mean(u) == pytest.approx(true_shift, abs=0.03)


def test_a_lost_angle_leaves_the_reading_alive_by_effort_alone():
    angle_deg = wandering(600, -30, 10, 8)
    later = frames(angle_deg, seed=9, compression=0.85, start_s=100.0, told_deg=np.full(600, np.nan))
    assert np.exp(np.mean(after_baseline(later))) == pytest.approx(0.85, abs=0.03)


def test_efforts_never_seen_in_the_baseline_are_skipped():
    later = frames(wandering(50, -30, 10, 10), seed=11, effort_ln=4.0, start_s=100.0)
    assert np.isnan(after_baseline(later)).all()


def test_frames_outside_contractions_are_not_scored():
    learning = stage()
    learning.push(frames(wandering(1500, -30, 10, 1), seed=2))
    rest = frames(wandering(50, -30, 10, 12), seed=13, start_s=100.0)
    rest.samples[:, -3] = 0
    assert np.isnan(learning.push(rest).samples[:, 0]).all()


def test_nothing_is_learnt_before_start_s():
    learning = stage()
    learning.push(frames(wandering(330, -30, 10, 14), seed=15))  # up to 19.8 s
    assert learning.calibration_fraction == 0.0
    learning.push(frames(wandering(70, -30, 10, 16), seed=17, start_s=19.98))
    assert 0.0 < learning.calibration_fraction < 1.0
    assert learning.fit is None


def test_a_baseline_is_there_in_the_second_after_150_frames():
    learning = stage()
    given = learning.push(frames(wandering(700, -30, 10, 18), seed=19))
    first_s = given.time_s[np.isfinite(given.samples[:, 0])][0]
    assert first_s == pytest.approx(BASELINE.start_s + BASELINE.usable_frames * HOP_S, abs=1.1)


def test_the_baseline_is_frozen_in_the_end():
    learning = stage()
    learning.push(frames(wandering(6000, -30, 10, 20), seed=21))
    early = learning.fit
    learning.push(frames(wandering(2000, -30, 10, 22), seed=23, compression=0.8, start_s=361.0))
    assert learning.fit is early


def test_a_calf_that_rests_for_six_minutes_first_can_still_be_learnt():
    learning = stage()
    rest = frames(wandering(6000, -5, 5, 26), seed=27)
    rest.samples[:, -3] = 0
    learning.push(rest)
    learning.push(frames(wandering(1500, -30, 10, 28), seed=29, start_s=360.0))
    assert learning.fit is not None


def test_frames_whose_angle_is_expected_and_unknown_teach_nothing():
    learning = stage()
    learning.push(frames(wandering(1500, -30, 10, 1), seed=2, told_deg=np.full(1500, np.nan)))
    assert learning.calibration_fraction == 0.0


def test_one_bad_channel_leaves_the_reading_of_the_other():
    learning = stage()
    learning.push(frames(wandering(1500, -30, 10, 1), seed=2))
    later = frames(wandering(400, -30, 10, 24), seed=25, compression=0.85, start_s=100.0)
    later.samples[:, : len(FREQUENCY_HZ)] = np.nan
    u = learning.push(later).samples
    assert np.isnan(u[:, FIXED]).all()
    assert np.exp(np.mean(u[:, 0])) == pytest.approx(0.85, abs=0.03)


def test_calves_that_tire_during_the_baseline_are_measured_from_its_start():
    """4 % a minute from the first second on: the reading is against the start, not against the mean of the baseline."""
    learning, readings = stage(), []
    for second in range(0, 400):
        compression = float(np.exp(-0.04 * second / 60))
        part = frames(wandering(16, -30, 10, 1000 + second), seed=2000 + second, compression=compression)
        readings.append(learning.push(Chunk(INPUT, second + part.time_s, part.samples)).samples[:, 0])
    found, true = np.mean(np.concatenate(readings[380:])), -0.04 * 390 / 60
    assert found == pytest.approx(true, abs=0.05), "20 s of it passed before the baseline began"


# the whole path on simulated EMG -------------------------------------------------------------------------------------

STEPS = (("raises", 24.0), ("stand", 8.0), ("walk", 20.0), ("hold", 10.0), ("stand", 4.0))
END = 0.85
SETTINGS = Settings().changed({"baseline.end_s": 150, "baseline.freeze_s": 160})


@cache
def simulated(seed: int, angle: bool = True) -> tuple[list[EmgSecond], Calf]:
    """A calf that is fresh until the baseline is frozen, compressed to END at 200 s and watched until 420 s."""
    plan = LegPlan(compression=((160.0, 1.0), (200.0, END)))
    scenario = Scenario(
        name="x", title="x", part=(Part(steps=(("stand", 6.0),)), Part(steps=STEPS)), leg={"left": plan}
    )
    calf = Calf(scenario, "left", seed)
    source = EmgSource(calf, ("GM", "GL"), rate_hz=1000.0, seed=seed)
    stream = Stream("emg", 1000.0, (Channel("GM", "uV"), Channel("GL", "uV")), "pod")
    path, seconds = EmgPath(stream, None, SETTINGS), []
    for second in range(420):
        time_s, samples = source.read(1000 + 20 * (second == 0))
        path.push(Chunk(stream, time_s, samples.astype(np.float32)))
        angle_s = np.arange(second - 0.3, second + 1.0, 0.01) if angle else np.empty(0)
        seconds.append(path.close(second + 1.0, angle_s, calf.angle_deg(angle_s), angle))
    return seconds, calf


def truth(calf: Calf, label: str) -> float:
    return float(calf.compression(np.array([400.0]), label)[0])


@pytest.mark.parametrize("seed", [1, 3])
def test_the_reading_of_a_simulated_calf_is_within_two_percent_of_the_truth(seed: int):
    seconds, calf = simulated(seed)
    assert seconds[150].compression[0] == pytest.approx(1.0, abs=0.02)
    assert seconds[-1].compression[0] == pytest.approx((truth(calf, "GM") * truth(calf, "GL")) ** 0.5, abs=0.02)


def test_each_channel_has_its_own_reading():
    seconds, calf = simulated(1)
    found = seconds[-1].compression[[6, 9]]
    np.testing.assert_allclose(found, [truth(calf, "GM"), truth(calf, "GL")], atol=0.03)


def test_the_plantarflexed_reading_falls_too_and_rests_on_fewer_frames():
    reading, frames_all, _, plantarflexed, frames_plantarflexed = simulated(1)[0][-1].compression[:5]
    assert plantarflexed == pytest.approx(reading, abs=0.03)
    assert 500 < frames_plantarflexed < 0.9 * frames_all


def test_the_mdf_of_all_contractions_falls_with_the_compression():
    seconds, calf = simulated(1)
    mdf_hz = np.array([second.mdf_hz for second in seconds])
    ratio = np.nanmean(mdf_hz[288:], axis=0) / np.nanmean(mdf_hz[24:156], axis=0)  # two whole rounds each
    np.testing.assert_allclose(ratio, [truth(calf, "GM"), truth(calf, "GL")], atol=0.03)


def test_without_an_angle_there_is_a_reading_but_no_plantarflexed_one():
    last = simulated(1, angle=False)[0][-1]
    assert 0.8 < last.compression[0] < 0.9, "the age of the contractions stands in for the angle"
    assert np.isnan(last.compression[3]) and last.compression[4] == 0
    assert np.isnan(last.shortened_share)


def test_a_stored_baseline_serves_at_a_rate_measured_a_little_differently():
    """The same sensor, measured as 1136 Hz yesterday and as 1141.5 Hz today: other bins would lie beside the mains."""

    def frames_at(rate_hz: float) -> tuple[Frames, Chunk]:
        stream = Stream("emg", rate_hz, (Channel("GM", "uV"),), "test")
        time_s = np.arange(round(60 * rate_hz)) / rate_hz
        frames = Frames(stream, SpectrumSettings())
        chunk = frames.push(
            Chunk(stream, time_s, shaped(len(time_s), rate_hz, lambda _: 1.0, seed=int(rate_hz))[:, None])
        )
        extra = np.stack([np.ones(len(chunk)), np.full(len(chunk), np.nan), np.zeros(len(chunk))], axis=1)
        rows = np.concatenate([chunk.samples, extra], axis=1)
        return frames, Chunk(compression_input(chunk.stream), chunk.time_s, rows)

    yesterday, matched = frames_at(1136.0)
    first = Compression(matched.stream, ("GM",), yesterday.frequency_hz, SpectrumSettings(), BASELINE)
    first.push(matched)
    assert first.fit is not None
    today, again = frames_at(1141.5)
    assert len(today.frequency_hz) == len(yesterday.frequency_hz)
    stored = Fit.from_dict(json.loads(json.dumps(first.fit.to_dict())))
    second = Compression(again.stream, ("GM",), today.frequency_hz, SpectrumSettings(), BASELINE, stored)
    u = second.push(again).samples[100:, 0]
    assert np.isfinite(u).all()
    assert abs(u.mean()) < 0.03


def learnt_over(out_s: int, settings: BaselineSettings = BASELINE, work_s: int = 345, from_s: int = 100) -> Compression:
    """A calf that works without a pause and tires by 5 % in five minutes; out of range for so long from a second on."""
    breaks = Breaks(settings)
    learning = stage(settings, breaks)
    for second in range(work_s):
        out = from_s <= second < from_s + out_s
        tired = 1.0 - 0.05 * (second - (out_s if second >= from_s else 0)) / 300.0
        chunk = frames(wandering(16, -30, 10, second), seed=second, start_s=float(second), compression=tired)
        breaks.hear(heard=not out)
        learning.push(chunk[:0] if out else chunk)
    breaks.hear(heard=True)
    learning.push(frames(wandering(16, -30, 10, 3), seed=2, start_s=float(work_s)))  # what came before is learnt
    return learning


def n_learnt(out_s: int, break_s: float = 10.0, work_s: int = 345) -> int:
    fit = learnt_over(out_s, BaselineSettings(break_s=break_s), work_s).fit
    assert fit is not None
    return fit.n_frames


def test_a_break_stops_the_clock_of_the_window_and_a_short_loss_does_not():
    whole, broken, short = n_learnt(0), n_learnt(60, work_s=405), n_learnt(9)
    assert broken > whole - 30 * 16, "as many as without the break, but for those since the last fit"
    assert short == pytest.approx(whole - 9 * 16, abs=16)


@pytest.mark.parametrize("break_s", [5.0, 20.0])
def test_twice_or_half_of_what_is_a_break_is_noticed(break_s: float):
    out_s = 7 if break_s < 10.0 else 15
    assert n_learnt(out_s, break_s, work_s=400) != n_learnt(out_s, work_s=400)


def test_the_level_at_the_start_is_not_carried_back_through_a_break():
    """Else a calf that tires by 5 % in its baseline's five minutes read 10 % lower after ten minutes out of range."""
    early = learnt_over(600, work_s=960, from_s=10)
    u = early.push(frames(wandering(600, -30, 10, 5), seed=6, start_s=960.0)).samples[:, 0]
    assert np.exp(np.nanmean(u)) == pytest.approx(1.0, abs=0.03)

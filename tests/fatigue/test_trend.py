import numpy as np
import pytest

from monitor.chunk import Channel, Chunk, Stream
from monitor.fatigue.trend import Trend
from monitor.settings import AngleSettings, TrendSettings

SETTINGS = TrendSettings()
STILL = TrendSettings(slope_gain=0.0)  # a level that follows no slope
NAMES = ("all", "ankle", "amplitude", "at any effort", "GM")
INPUT = Stream("u", 1 / 0.06, tuple(Channel(name, "ln") for name in NAMES), "pod")
READING, FRAMES, RECENT = 0, 1, 2
PLANTARFLEXED, OF_GM = 3, 6


def frames(length_s: float, u: float, angle_deg: float, working: float = 1.0, start_s: float = 0.0) -> Chunk:
    """A frame each 60 ms; the first `working` of every second are contraction, the others unknown."""
    time_s = start_s + 0.06 * np.arange(1, round(length_s / 0.06) + 1)
    value = np.where((time_s - 1e-6) % 1.0 < working, u, np.nan)
    nothing = np.full(len(time_s), np.nan)
    columns = [value, np.full(len(time_s), angle_deg), nothing, nothing, value + 0.1]
    return Chunk(INPUT, time_s, np.stack(columns, axis=1))


def followed(*chunks: Chunk, settings: TrendSettings = SETTINGS) -> np.ndarray:
    trend = Trend(INPUT, settings, AngleSettings())
    return np.concatenate([trend.push(chunk).samples for chunk in chunks])


def test_a_steady_compression_is_read_exactly_once_enough_frames_have_come():
    out = followed(frames(60.0, np.log(0.87), 0.0))
    known = out[:, FRAMES] >= SETTINGS.first_reading_frames
    assert np.isnan(out[~known, READING]).all() and (~known).any()
    np.testing.assert_allclose(out[known, READING], 0.87, rtol=1e-12)
    np.testing.assert_allclose(out[known, OF_GM], 0.87 * np.exp(0.1), rtol=1e-12)


def test_one_second_is_stamped_with_its_end():
    stamps = Trend(INPUT, SETTINGS, AngleSettings()).push(frames(6.0, 0.0, 0.0)).time_s
    np.testing.assert_array_equal(stamps, [1, 2, 3, 4, 5, 6])


def test_the_memory_is_counted_in_frames_not_in_seconds():
    """After a change, a calf that works half as much needs twice the time to show it."""
    always = followed(frames(120.0, 0.0, 0.0), frames(120.0, -0.2, 0.0, start_s=120.0), settings=STILL)
    half = followed(frames(120.0, 0.0, 0.0), frames(240.0, -0.2, 0.0, working=0.3, start_s=120.0), settings=STILL)

    def frames_until_halfway(out: np.ndarray) -> float:
        return out[np.flatnonzero(out[:, READING] < np.exp(-0.1))[0], FRAMES] - out[119, FRAMES]

    seconds = [int(np.flatnonzero(out[:, READING] < np.exp(-0.1))[0]) - 119 for out in (always, half)]
    assert seconds[1] / seconds[0] == pytest.approx(2.0, rel=0.1)
    assert frames_until_halfway(half) == pytest.approx(np.log(2) * SETTINGS.frames_constant, rel=0.05)


def test_a_second_of_many_frames_counts_no_more_than_the_cap():
    out = followed(frames(300.0, 0.0, 0.0), frames(60.0, -0.2, 0.0, start_s=300.0), settings=STILL)
    after = np.log(out[329, READING])
    assert after == pytest.approx(
        -0.2 * (1 - np.exp(-30 * SETTINGS.frames_per_s_cap / SETTINGS.frames_constant)), rel=0.02
    )


def test_rest_leaves_the_reading_as_it_was_and_runs_out_of_recent_frames():
    out = followed(frames(60.0, -0.1, 0.0), frames(200.0, np.nan, 0.0, start_s=60.0))
    np.testing.assert_array_equal(out[60:, READING], out[59, READING])
    assert out[60, RECENT] > 900
    assert out[60 + 121, RECENT] == 0
    assert out[-1, FRAMES] == out[59, FRAMES]


def test_recent_frames_are_those_of_two_minutes():
    out = followed(frames(240.0, 0.0, 0.0))
    assert out[-1, RECENT] == pytest.approx(SETTINGS.stale_window_s / 0.06, abs=2)
    assert out[-1, FRAMES] == 4000


@pytest.mark.parametrize(("angle_deg", "member"), [(-30.0, True), (-10.0, True), (-9.9, False), (np.nan, False)])
def test_only_frames_at_ten_degrees_plantarflexion_or_more_are_plantarflexed(angle_deg: float, member: bool):
    last = followed(frames(30.0, -0.1, angle_deg))[-1]
    assert last[PLANTARFLEXED + FRAMES] == (500 if member else 0)
    assert np.isfinite(last[PLANTARFLEXED]) == member
    assert last[FRAMES] == 500


def test_the_plantarflexed_reading_is_its_own():
    parts = [frames(1.2, u, angle, start_s=1.2 * i) for i, (u, angle) in enumerate([(-0.2, -20.0), (0.0, 5.0)] * 60)]
    last = followed(*parts)[-1]
    assert np.log(last[PLANTARFLEXED]) == pytest.approx(-0.2, abs=1e-9)
    assert np.log(last[READING]) == pytest.approx(-0.1, abs=0.02)


def tiring(per_min: float, minutes: float) -> np.ndarray:
    """The reading's ln error at the end: a calf that is fresh for two minutes and then tires at a steady pace."""
    second_by_second = [frames(1.02, -per_min * at / 60, 0.0, 0.3, start_s=120 + at) for at in range(int(60 * minutes))]
    parts = [frames(120.0, 0.0, 0.0, 0.3), *(part[:16] for part in second_by_second)]
    return np.array([np.log(followed(*parts, settings=settings)[-1, READING]) for settings in (SETTINGS, STILL)])


def test_a_calf_that_tires_steadily_is_read_as_it_is_and_not_as_it_was_a_minute_ago():
    following, still = tiring(0.02, 8.0) + 0.02 * 8.0
    assert abs(following) < 0.013 < 0.022 < still


def test_a_sudden_fall_is_overshot_by_a_hundredth_at_most():
    out = followed(frames(200.0, 0.0, 0.0, 0.3), frames(400.0, -0.15, 0.0, 0.3, start_s=200.0))
    assert np.nanmin(np.log(out[:, READING])) > -0.162
    assert np.log(out[-1, READING]) == pytest.approx(-0.15, abs=0.009)

"""What the pipeline said of a leg, as plain data: what is unknown is null, however well it was known before."""

import numpy as np
import pytest
from leg_rig import Told, even_edges, events, session
from signals import RATE_HZ, emg_stream, muscle

from monitor.chunk import Chunk
from monitor.settings import Settings
from monitor.story import Story, story

UNTIL_S, LOUDER_S = 52.0, 30.0
SOON = Settings().changed({"baseline.start_s": 0.0, "trend.first_reading_frames": 30.0, "trend.stale_window_s": 10.0})


def keys(value: object) -> object:
    return {name: keys(each) for name, each in value.items()} if isinstance(value, dict) else None


def told(louder: float) -> Story:
    """Without an angle, half of every 1.2 s is work; from half a minute on as many times as strong."""
    time_s = np.arange(round(UNTIL_S * RATE_HZ)) / RATE_HZ
    rms_uv = np.where(time_s < LOUDER_S, 60.0, 60.0 * louder) * (time_s % 1.2 < 0.6)
    samples = muscle(UNTIL_S, 1.0, 1) * rms_uv + muscle(UNTIL_S, 3.0, 2)
    emg = Chunk(emg_stream("GM"), time_s, samples[:, None].astype(np.float32))
    rig = Told(session(SOON)).feed(events({"emg": emg}, even_edges(1.0, UNTIL_S))).finish()
    return story(rig.leg, rig.seconds)


@pytest.fixture(scope="module")
def stories() -> dict[float, Story]:
    return {louder: told(louder) for louder in (1.0, 6.0, 0.0)}


def test_an_effort_that_the_baseline_does_not_know_leaves_the_reading_unknown(stories):
    harder = stories[6.0]
    assert harder.track["compression"]["GM"][28] == pytest.approx(1.0, abs=0.1)
    assert harder.track["compression"]["GM"][-1] is None and harder.track["mdf_hz"]["GM"][-2] is not None
    assert harder.compression_end == {"GM": None}
    fatigue = harder.fatigue
    assert (fatigue["all"]["compression"], fatigue["all"]["compression_ci"], fatigue["quadrant"]) == (None, None, None)
    assert fatigue["all"]["recent_frames"] < SOON.trend.stale_frames < fatigue["all"]["frames"]
    assert (fatigue["each_second"]["compression"][-1], fatigue["each_second"]["compression_ci"][-1]) == (None, None)
    assert "works harder than its baseline knows (5.9 x)" in fatigue["course"] and "new baseline" in fatigue["course"]
    assert fatigue["text"].startswith("last known") and "rest" not in fatigue["text"]
    assert "(works harder than its baseline knows)" in fatigue["text"]


def test_after_a_rest_the_last_one_stands_for_the_end_and_nothing_is_said_of_harder_work(stories):
    rested = stories[0.0]
    track = rested.track["compression"]["GM"]
    assert track[-1] is None, "it is unknown by then"
    assert rested.compression_end["GM"] == [each for each in track if each is not None][-1], "of before the rest"
    assert rested.fatigue["text"].startswith("last known")
    assert "works" not in rested.fatigue["course"] + rested.fatigue["text"]


def test_a_calf_that_works_on_is_read_to_the_end(stories):
    same = stories[1.0]
    assert same.compression_end["GM"] == same.track["compression"]["GM"][-1] == pytest.approx(1.0, abs=0.1)
    assert not same.fatigue["text"].startswith("last known")


def test_a_leg_without_an_angle_is_never_said_to_be_matched_by_one(stories):
    for each in stories.values():
        assert (each.angle_source, each.fatigue["matched_by"]) == ("none", "effort")
        assert each.fatigue["text"].endswith("effort, angle unknown")
        assert any("less sure" in note for note in each.fatigue["notes"])


def test_a_recording_of_less_than_a_second_says_of_fatigue_all_that_a_long_one_does_as_unknown(stories):
    time_s = np.arange(round(0.8 * RATE_HZ)) / RATE_HZ
    emg = Chunk(emg_stream("GM"), time_s, muscle(0.8, 1.0, 1)[:, None].astype(np.float32))
    for streams in ({"emg": emg}, {}):
        rig = Told(session(SOON)).feed(events(streams, [0.8])).finish()
        fatigue = story(rig.leg, rig.seconds).fatigue
        assert keys(fatigue) == keys(stories[1.0].fatigue)
        assert (fatigue["all"]["compression"], fatigue["all"]["slope_ci"], fatigue["all"]["frames"]) == (None, None, 0)
        assert (fatigue["text"], fatigue["quadrant"], fatigue["course"]) == (None, None, "")
        assert set(fatigue["each_second"]["compression"]) <= {None}

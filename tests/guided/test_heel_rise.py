"""The heel-rise test on a simulated athlete: through the whole pipeline, and many legs cheaply."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from monitor.chunk import Channel, Chunk, Stream
from monitor.events import Event, Marker
from monitor.fatigue.response import sensor_response
from monitor.guided import texts
from monitor.guided.comparing import change_sentences, earlier_tests, norm_sentences, save_result
from monitor.guided.heel_rise import HeelRiseGuide
from monitor.guided.marks import HEEL_RISE, Mark, marks_of
from monitor.guided.replaying import replayed
from monitor.guided.report import lines, result_object
from monitor.guided.result import declines_of
from monitor.guided.rises import rises_in_angle
from monitor.recording.backlog import Entry
from monitor.recording.replay import RecordingSource
from monitor.recording.session_file import SessionFile
from monitor.report import physio
from monitor.session import Session
from monitor.settings import Settings
from monitor.simulation.calf import Calf
from monitor.simulation.disturbances import emg_of
from monitor.simulation.heel_rises import measure, repeats, simulated_leg
from monitor.simulation.recorded import Worn, simulated_team, write_session
from monitor.simulation.sessions import session_of

SEED, LEFT_ALONE = 4, Worn(("left",), ("GM",), emg_hz=1000.0, imu_hz=50.0)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("heel-rise") / "simulated.xdf"
    write_session(session_of("heel-rise", SEED), SEED, 186 / 60, path, worn=LEFT_ALONE)
    return path


@pytest.fixture(scope="module")
def found(recorded: Path) -> tuple[HeelRiseGuide, dict]:
    guide, header, settings = replayed(recorded)
    return guide, result_object(guide, str(recorded), header, settings)


def test_repetitions_and_decline_agree_with_the_truth(found):
    guide, result = found
    left = result["legs"]["left"]
    calf = Calf(session_of("heel-rise", SEED), "left", SEED)
    _, heights_deg = calf.rises(111.0, 186.0)
    assert abs(left["repetitions"] - np.count_nonzero(heights_deg > 15)) <= 1
    assert (left["repetitions_from"], left["ended"]) == ("angle", "height lost")
    judged = guide.judged("left", *guide.ended["left"][:2])[0]
    start, end = calf.compression(np.array([judged.counted[0].peak_s, judged.counted[-1].peak_s]))
    low, high = left["mdf_change_ci"]
    assert low <= 100 * (end / start - 1) <= high
    assert left["rises_per_min"] == pytest.approx(30, abs=0.5)
    json.dumps(result, allow_nan=False)


def test_without_an_angle_the_bursts_are_counted_low_rises_too(found):
    guide, _ = found
    trace, (begin_s, end_s, _) = guide.traces.legs["left"], guide.ended["left"]
    calf = Calf(session_of("heel-rise", SEED), "left", SEED)
    angles, trace.angles = trace.angles, []
    rises, source = trace.rises(begin_s, end_s, guide.settings)
    trace.angles = angles
    assert source == "emg"
    assert abs(len(rises) - len(calf.rises(begin_s, end_s)[0])) <= 1


def test_a_recording_of_the_test_itself_gives_the_same_result(recorded, found, tmp_path):
    """The steps stand in it as markers; nothing is decided again."""
    guide, result = found
    begin_s, end_s, why = guide.ended["left"]
    steps: list[Event] = [
        Marker(begin_s, str(Mark(HEEL_RISE, "test", "left"))),
        Marker(end_s, str(Mark(HEEL_RISE, "end", "left", why))),
    ]
    path = tmp_path / "test.xdf"
    with RecordingSource(recorded) as source:
        file = SessionFile(path, source.header)
        for event in sorted([*source, *steps], key=lambda event: event.time_s):
            file.write([Entry(event, (), ())])
        file.finish()
        file.close()
    again = result_object(*_of(path))
    assert again["legs"] == result["legs"]


def _of(path: Path) -> tuple:
    guide, header, settings = replayed(path)
    assert guide.phase == "done"
    return guide, str(path), header, settings


def test_the_simulated_test_repeats(found):
    figures = measure(repeats(3, 3, 0, ("GM", "GL"), 1000.0, "spectrum"))
    assert figures.counted_within_1 == 1.0
    assert figures.within_3 >= 8 / 9
    assert figures.covered >= 7 / 9


def test_what_a_narrow_sensor_hides_of_the_decline_is_made_up_for_or_unknown():
    corner_hz, rate_hz, settings = 131.0, 1000.0, Settings()
    calf = simulated_leg(30, 0.2, 11)
    angle_s = np.arange(20.0, calf.scenario.length_s, 0.01)
    rises = rises_in_angle(angle_s, calf.angle_deg(angle_s), settings.guided)[:30]
    time_s, samples = emg_of(calf, ("GM",), rate_hz=rate_hz, seed=11).read(round(calf.scenario.length_s * rate_hz))
    hz = np.fft.rfftfreq(len(samples), 1 / rate_hz)[:, None]
    narrow = np.fft.irfft(np.fft.rfft(samples, axis=0) / np.sqrt(1 + (hz / corner_hz) ** 4), len(samples), axis=0)
    start, end = calf.compression(np.array([rises[0].peak_s, rises[-1].peak_s]))
    heard = Chunk(Stream("emg", rate_hz, (Channel("GM", "uV"),), "narrow"), time_s, narrow)
    hidden = declines_of(heard, rises, settings)["GM"]
    found = declines_of(heard, rises, settings, corner_hz)["GM"]
    assert hidden is not None and found is not None
    assert hidden.mdf_change_ci[0] > 100 * (end / start - 1)
    assert found.mdf_change_pct == pytest.approx(100 * (end / start - 1), abs=3.0)
    assert declines_of(heard, rises, settings, 75.0)["GM"] is None  # too little to say


def test_a_limited_sensor_is_told(found):
    result = json.loads(json.dumps(found[1]))
    assert result["legs"]["left"]["sensor"] == ""
    result["legs"]["left"]["sensor"] = sensor_response((20.0, 450.0), 131.0).note
    assert "left: limited: the MDF of this sensor's band shows" in "\n".join(lines(result, []))


def test_a_recording_that_does_not_say_when_has_no_date(found, tmp_path):
    _, result = found
    assert result["begun"] is None
    assert next(lines(result, [])).endswith("date unknown")
    save_result(tmp_path / "old.heel-rise.json", result | {"begun": "2026-05-01T10:00:00+00:00"})
    assert earlier_tests([tmp_path], result) == []
    assert "date unknown" in physio.tests_html([result])


def test_own_earlier_tests_are_found_and_compared(found, tmp_path):
    result = found[1] | {"begun": "2026-05-02T10:00:00+00:00"}
    old = json.loads(json.dumps(result)) | {"begun": "2026-05-01T10:00:00+00:00"}
    old["legs"]["left"]["repetitions"] += 12
    save_result(tmp_path / "old.heel-rise.json", old)
    save_result(tmp_path / "other.heel-rise.json", old | {"athlete": "somebody else"})
    save_result(tmp_path / "undated.heel-rise.json", old | {"begun": None})
    save_result(tmp_path / "real.heel-rise.json", old | {"simulated": False})
    (earlier,) = earlier_tests([tmp_path, tmp_path / "none"], result)
    told = list(change_sentences(result, earlier))
    assert "more than two days differ by chance" in told[0]
    assert "as in a repeat of the same leg" in told[1]
    words = "\n".join(lines(result, [earlier]))
    assert all(sentence in words for sentence in norm_sentences())
    assert "not a medical device" in words


def test_a_virtual_athlete_is_nobody_elses_earlier_test(tmp_path):
    real = {"athlete": "A1", "begun": "2026-05-02T10:00:00+00:00", "simulated": False, "legs": {}}
    virtual = real | {"begun": "2026-05-01T10:00:00+00:00", "simulated": True}
    save_result(tmp_path / "virtual.heel-rise.json", virtual)
    assert earlier_tests([tmp_path], real) == []
    assert earlier_tests([tmp_path], virtual | {"begun": real["begun"]}) == [virtual]


def test_the_key_moves_each_step_on_and_only_a_marker_does():
    asked: list[str] = []
    team = simulated_team(LEFT_ALONE)
    guide = HeelRiseGuide(Session(team, {}, Settings()), team.athletes[0].name, asked.append)
    for expected in ("warm-up", "rest", "test left", "end left (ended by the person)"):
        guide.press()
        guide.press()
        assert asked[-1] == f"heel-rise: {expected}"
        guide.put(Marker(10.0, asked[-1]), (), ())
    assert len(asked) == 4
    assert guide.phase == "done"
    assert marks_of([(1.0, text) for text in asked], HEEL_RISE)[3][1].detail == "ended by the person"


def test_a_test_whose_signal_was_lost_does_not_end_as_if_the_person_had(found):
    guide, result = found
    trace, (begin_s, end_s, _) = guide.traces.legs["left"], guide.ended["left"]
    angles, trace.angles = trace.angles, [each for each in trace.angles if not 20 < each.time_s[0] - begin_s < 28]
    judged, source = guide.judged("left", begin_s, end_s)
    unknown_s = trace.unknown_s(begin_s, end_s, source)
    trace.angles = angles
    assert (judged.end, source) == ("signal lost", "angle")
    assert unknown_s == pytest.approx(8.0, abs=1.0)
    assert result["legs"]["left"]["unknown_s"] < 1.0
    broken = json.loads(json.dumps(result)) | {"begun": "2026-05-02T10:00:00+00:00"}
    broken["legs"]["left"] |= {"unknown_s": unknown_s, "ended": str(judged.end)}
    words = "\n".join(lines(broken, [result | {"begun": "2026-05-01T10:00:00+00:00"}]))
    assert "left: at least " in words and "of the test the signal was lost" in words
    assert "rises are not compared with 2026-05-01" in words


def test_one_rise_is_said_as_one(found):
    result = json.loads(json.dumps(found[1])) | {"begun": "2026-05-02T10:00:00+00:00"}
    result["legs"]["left"]["repetitions"] = 1
    words = "\n".join(lines(result, [found[1] | {"begun": "2026-05-01T10:00:00+00:00"}]))
    assert "left: 1 rise (from" in words and " -> 1 rise since" in words and "1 rises" not in words
    settings = Settings().changed({"guided.warm_up_rises": 1.0}).guided
    assert texts.heel_rise("warm-up", "left", 1, 30.0, settings).startswith("Warm up: 1 heel rise on both legs")
    assert "10 heel rises" in texts.heel_rise("warm-up", "left", 1, 30.0, Settings().guided)


def test_without_any_signal_it_is_the_signal_that_ends_it(found):
    guide, _ = found
    trace, (begin_s, end_s, _) = guide.traces.legs["left"], guide.ended["left"]
    held = trace.angles, trace.contractions, trace.good_s
    trace.angles, trace.contractions, trace.good_s = [], [], []
    judged, source = guide.judged("left", begin_s, end_s)
    trace.angles, trace.contractions, trace.good_s = held
    assert (judged.counted, judged.end, source) == ((), "signal lost", "emg")

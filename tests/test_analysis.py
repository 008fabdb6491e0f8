"""The analysis of a span of a recording."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from short_recording import content, written

from monitor.analysis import analyse_files, analyse_recording
from monitor.exporting.formats import write_file


def test_the_noise_floor_of_a_span_is_that_of_the_whole_file_in_recordings_too(tmp_path: Path) -> None:
    """In the span alone there is no rest."""
    recording, table = written(tmp_path / "a.xdf", "left"), written(tmp_path / "a.csv")
    (told,), (same,) = (analyse_files({"emg": path}, 12.5, 15.5)["legs"] for path in (recording, table))
    assert told["channels"][0]["gate"] == "emg"
    assert told["channels"][0] == same["channels"][0]
    assert {round(time_s) for time_s in told["track"]["time_s"]} == {13, 14, 15}


def test_a_span_in_which_the_sensor_is_silent_knows_nothing(tmp_path: Path) -> None:
    worn = content("left")
    (emg,) = worn.streams
    short = replace(worn, streams=(emg[:12_000],), annotations=((29.0, "end"),))
    write_file(short, tmp_path / "a.xdf")
    (leg,) = analyse_recording(tmp_path / "a.xdf", 20.0, 28.0)["legs"]
    (channel,) = leg["channels"]
    assert (channel["good_fraction"], channel["mdf_change_pct"], channel["fatigue"]) == (0.0, None, "unknown")

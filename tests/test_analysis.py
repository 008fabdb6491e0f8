"""The analysis of a span, and what its track holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from short_recording import content, written

from monitor.analysis import analyse, analyse_files, analyse_recording
from monitor.exporting.formats import write_file
from monitor.leg_tables import load_tables


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


@pytest.mark.parametrize("rate_hz,track_hz", [(1000.0, 100.0), (100.3, 100.3)])
def test_the_track_of_the_angle_is_at_its_rate_at_most_100_hz(tmp_path: Path, rate_hz: float, track_hz: float) -> None:
    time_s = np.arange(round(30 * rate_hz)) / rate_hz
    np.savez(tmp_path / "angle.npz", time_s=time_s, ankle_deg=10 * np.sin(time_s))
    tables = load_tables(emg=written(tmp_path / "a.csv"), angle=tmp_path / "angle.npz", leg="left")
    (leg,) = analyse(tables, 5.0, 15.0)["legs"]
    told_s, degrees = leg["track"]["ankle_time_s"], leg["track"]["ankle_deg"]
    assert len(told_s) == pytest.approx(10 * track_hz, abs=track_hz / 10)
    np.testing.assert_allclose(degrees, 10 * np.sin(told_s), atol=0.05)

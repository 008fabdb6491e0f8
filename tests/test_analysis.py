"""The analysis of a span, and what its track holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from short_recording import content, written

from monitor import analysis
from monitor.analysis import analyse, analyse_files, analyse_recording
from monitor.events import Heartbeat
from monitor.exporting.formats import write_file
from monitor.leg_tables import load_tables, tables_source
from monitor.settings import Settings


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


def holey(tmp_path: Path) -> dict[str, Path]:
    """EMG with lost samples and holes of some lengths (but the last they are filled), and an angle for a part of it."""
    rng, time_s = np.random.default_rng(3), np.arange(90_000) / 1000.0
    emg_uv = rng.standard_normal((len(time_s), 2)) * np.where(time_s % 1.6 < 0.8, 80.0, 4.0)[:, None]
    emg_uv[rng.random(len(time_s)) < 0.01] = np.nan
    kept = np.ones(len(time_s), dtype=bool)
    for begin_s, lasts_s in ((12.3, 0.2), (20.1, 0.3), (31.8, 0.7), (44.2, 1.3), (60.7, 6.1)):
        kept &= (time_s < begin_s) | (time_s >= begin_s + lasts_s)
    np.savez(tmp_path / "emg.npz", time_s=time_s[kept], GM_uV=emg_uv[kept, 0], GL_uV=emg_uv[kept, 1])
    angle_s = np.arange(600, 8000) / 100.0
    angle_s = angle_s[(angle_s < 50.0) | (angle_s > 53.0)]
    np.savez(tmp_path / "angle.npz", time_s=angle_s, ankle_deg=-12 + 10 * np.sin(angle_s))
    return {"emg": tmp_path / "emg.npz", "angle": tmp_path / "angle.npz"}


def test_what_is_analysed_at_once_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = load_tables(**holey(tmp_path), leg="left")
    settings = Settings().changed({"baseline.start_s": 2.0, "baseline.usable_frames": 60.0})
    told = []
    for longest_s in (0.5, 3.0, 10.0, 60.0):
        monkeypatch.setattr(analysis, "_STEP_S", longest_s)
        told.append(analyse(tables, settings=settings))
    assert told[0] == told[1] == told[2] == told[3]
    assert {"CALIBRATING", "NO_SIGNAL", "OK"} <= {change["state"] for change in told[0]["legs"][0]["states"]}


def test_steps_are_long_only_where_nothing_begins_ends_or_pauses(tmp_path: Path) -> None:
    tables = load_tables(**holey(tmp_path), leg="left")
    ends = [event.time_s for event in tables_source(tables, longest_s=10.0) if isinstance(event, Heartbeat)]
    every = [event.time_s for event in tables_source(tables) if isinstance(event, Heartbeat)]
    assert set(ends) < set(every) and ends[-1] == every[-1]
    assert len(ends) < 0.7 * len(every) and max(np.diff(ends)) > 4
    for begin_s, end_s in ((0.0, 6.0), (60.7, 66.8), (80.0, 90.0)):
        assert {each for each in every if begin_s <= each <= end_s + 0.5} <= set(ends)

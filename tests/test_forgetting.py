"""Forgetting a pseudonym: all that is kept is found and deleted, what others share stays without it; and merging."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from monitor import shipped, tidy
from monitor.cli import app
from monitor.errors import CrampwatchError
from monitor.events import Decoded
from monitor.exporting import bids, formats
from monitor.forgetting import find, named
from monitor.importing.content import Content
from monitor.importing.formats import read_file
from monitor.recording.replay import RecordingSource
from monitor.rewriting import merge

UNTIL_S = 20.0


@cache
def content(athletes: tuple[str, ...]) -> Content:
    """The first seconds of a sample, worn by each of these athletes."""
    whole = read_file(shipped.folder("recordings") / "tiring.xdf")
    (worn,) = whole.header["team"]["athletes"]
    streams, team = [], []
    for name in athletes:
        rename = {s["match"]: f"{name}-{s['match']}" for s in worn["sensors"]}
        team.append({"name": name, "sensors": [s | {"match": rename[s["match"]]} for s in worn["sensors"]]})
        for chunk in whole.streams:
            part = chunk[: int(np.searchsorted(chunk.time_s, UNTIL_S))]
            streams.append(replace(part, stream=replace(part.stream, source_id=rename[part.stream.source_id])))
    header = whole.header | {"team": {"athletes": team}, "epoch_s": 1_700_000_000.0 + 3 * len(athletes)}
    states = tuple({"time_s": 1.0, "state": "OK", "athlete": name, "leg": "left"} for name in athletes)
    return replace(whole, streams=tuple(streams), header=header, states=states, epoch_s=header["epoch_s"])


@pytest.fixture
def kept(tmp_path) -> Path:
    formats.write_file(content(("Zebra7",)), tmp_path / "alone.xdf")
    formats.write_file(content(("Zebra7", "B1")), tmp_path / "both.xdf")
    formats.write_file(content(("Zebra7", "B1")), tmp_path / "out.bdf")
    bids.write_dataset(content(("Zebra7", "B1")), tmp_path / "dataset")
    (tmp_path / "stored.json").write_text(
        json.dumps({"about": "x", "legs": [{"athlete": "Zebra7"}, {"athlete": "B1"}]})
    )
    (tmp_path / "table.csv").write_text("file,athlete,leg\na,Zebra7,left\nb,B1,left\n")
    sensor = 'match = "x{0}"\nprofile = "umyo"\nleg = "left"\nroles = ["emg"]\n'
    block = '[[athletes]]\nname = "{0}"\n[[athletes.sensors]]\n' + sensor
    (tmp_path / "team.toml").write_text(block.format("Zebra7") + block.format("B1"))
    (tmp_path / "other.txt").write_text("Zebra7")
    (tmp_path / "report.html").write_text("<p>Zebra7 left, B1 right</p>")
    (tmp_path / "Zebra7_emg.tab").write_text("1.0 2.0")  # samples that say nothing of whose they are
    (tmp_path / "report-of-another.html").write_text("<p>Zebra77 left, B1 right</p>")
    result = {"athlete": "Zebra7", "begun": "2026-01-01", "legs": {"left": {"repetitions": 24}}}
    (tmp_path / "today.heel-rise.json").write_text(json.dumps(result))
    states = [{"time_s": 1.0, "state": "OK", "athlete": name, "leg": "left"} for name in ("Zebra7", "B1")]
    (tmp_path / "states.jsonl").write_text("".join(json.dumps(state) + "\n" for state in states))
    of_the_season = {"sessions": 1, "athletes": [{"athlete": "Zebra7", "legs": []}, {"athlete": "B1", "legs": []}]}
    (tmp_path / "season.json").write_text(json.dumps(of_the_season))
    return tmp_path


def test_all_of_one_goes_and_all_of_the_other_stays(kept):
    found = find("Zebra7", [kept])
    names = {hit.path.relative_to(kept).as_posix() for hit in found}
    assert {"alone.xdf", "both.xdf", "stored.json", "table.csv", "team.toml", "dataset/sub-Zebra7"} <= names
    assert {"today.heel-rise.json", "states.jsonl", "season.json"} <= names
    reports = {kept / "other.txt", kept / "report.html", kept / "Zebra7_emg.tab"}
    assert set(named("Zebra7", [kept], found)) == reports
    for hit in found:
        hit.forget()
    assert json.loads((kept / "season.json").read_text())["athletes"] == [{"athlete": "B1", "legs": []}]
    assert [json.loads(line)["athlete"] for line in (kept / "states.jsonl").read_text().splitlines()] == ["B1"]
    assert find("Zebra7", [kept]) == []
    left = {path.relative_to(kept).as_posix() for path in kept.rglob("*") if path.is_file()}
    assert "alone.xdf" not in left and "both.xdf" in left and "today.heel-rise.json" not in left
    for path in kept.rglob("*"):
        if path.is_file() and path not in {*reports, kept / "report-of-another.html"}:
            assert b"Zebra7" not in path.read_bytes(), path
    with RecordingSource(kept / "both.xdf") as source:
        heard = {event.sensor for event in source if isinstance(event, Decoded)}
        assert heard == {name for name in heard if name.startswith("B1")} and len(heard) == 3
        assert {change["athlete"] for change in source.recorded_changes} == {"B1"}


@pytest.mark.parametrize("title", ["features", "sessions"])
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx"])
def test_of_a_table_the_rows_of_others_stay_whatever_it_is_called(tmp_path, title, suffix):
    for package in {".parquet": ["pyarrow"], ".xlsx": ["openpyxl"]}.get(suffix, []):
        pytest.importorskip(package)
    says = {"file": ("", "which"), "athlete": ("", "pseudonym"), "hours": ("h", "how long")}
    rows = [{"file": "a.xdf", "athlete": name, "hours": 1.0} for name in ("Zebra7", "B1", "Zebra7")]
    tidy.write(tmp_path / f"both{suffix}", title, says, rows)
    tidy.write(tmp_path / f"alone{suffix}", title, says, rows[:1])
    found = find("Zebra7", [tmp_path])
    assert [(hit.path.stem, hit.what) for hit in found] == [("alone", "table"), ("both", "table with others")]
    for hit in found:
        hit.forget()
    assert find("Zebra7", [tmp_path]) == [] and [hit.what for hit in find("B1", [tmp_path])] == ["table"]
    assert not (tmp_path / f"alone{suffix}").exists()


def test_what_stands_by_name_goes_too(tmp_path):
    said = {"surface": ["turf"], "athletes": {"Zebra7": {"sleep": ["bad"]}, "B1": {"sleep": ["good"]}}}
    legs = [{"athlete": name, "leg": "left"} for name in ("Zebra7", "B1")]
    (tmp_path / "shared.json").write_text(json.dumps({"legs": legs, "journal": said}))
    (tmp_path / "figures.json").write_text(json.dumps({"by_athlete": {"Zebra7": {"cramps": 1}, "B1": {"cramps": 0}}}))
    for hit in find("Zebra7", [tmp_path]):
        assert hit.shared
        hit.forget()
    assert json.loads((tmp_path / "shared.json").read_text())["journal"]["athletes"] == {"B1": {"sleep": ["good"]}}
    assert json.loads((tmp_path / "figures.json").read_text()) == {"by_athlete": {"B1": {"cramps": 0}}}


def test_a_name_that_is_left_in_a_report_is_not_nothing(tmp_path):
    (tmp_path / "report.txt").write_text("Zebra7")
    for name, words in (("Zebra7", "nothing else is kept"), ("Zebra8", "nothing is kept")):
        assert words in CliRunner().invoke(app, ["forget", name, str(tmp_path)]).output


def test_recordings_of_two_computers_become_one_on_one_clock(tmp_path):
    early, late = content(("Zebra7",)), content(("B1",))
    header = late.header | {"epoch_s": early.header["epoch_s"] + 4.0}
    formats.write_file(early, tmp_path / "a.xdf")
    formats.write_file(replace(late, header=header), tmp_path / "b.xdf")
    merge([tmp_path / "a.xdf", tmp_path / "b.xdf"], tmp_path / "c.xdf")
    both = read_file(tmp_path / "c.xdf")
    assert {each["name"] for each in both.header["team"]["athletes"]} == {"Zebra7", "B1"}
    first = {chunk.stream.source_id: float(chunk.time_s[0]) for chunk in both.of("emg")}
    assert first["B1-sim-left-emg"] - first["Zebra7-sim-left-emg"] == pytest.approx(4.0)
    with pytest.raises(CrampwatchError, match="merged twice"):
        merge([tmp_path / "a.xdf", tmp_path / "c.xdf"], tmp_path / "d.xdf")

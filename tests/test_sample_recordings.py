"""The sample recordings are what their README says: small, whole, with a fitting truth, and states at told times."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from monitor import shipped
from monitor.analysis import analyse_recording
from monitor.chunk import Chunk
from monitor.events import Decoded
from monitor.keeping import session_from_header
from monitor.recording.replay import RecordingSource
from monitor.session import change_to_dict
from monitor.warning.state import StateChange

FOLDER = shipped.folder("recordings")
SAMPLES = sorted(path.stem for path in FOLDER.glob("*.xdf"))
TOLD = re.findall(
    r"^\| `([\w-]+)` \| (left|right) \| (\d+) \| (\w+) \|", (FOLDER / "README.md").read_text("utf-8"), re.M
)


@cache
def replayed(name: str) -> tuple[dict[str, Chunk], list[StateChange], str]:
    """EMG of each leg, the states that came, and the title; one pass over the file."""
    emg: dict[str, list[Chunk]] = {}
    with RecordingSource(FOLDER / f"{name}.xdf") as source:
        session = session_from_header(source.header)
        changes = list(session.first_changes)
        for event in source:
            changes += session.feed(event).changes
            if isinstance(event, Decoded) and event.chunk.stream.name == "emg":
                emg.setdefault(event.sensor.split("-")[1], []).append(event.chunk)
        assert source.header["simulated"] is True
        assert source.notes == ()
        return {leg: Chunk.joined(chunks) for leg, chunks in emg.items()}, changes, source.header["title"]


def test_there_are_a_few_and_they_are_small():
    assert 3 <= len(SAMPLES) <= 6
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 40e6
    assert {name for name, *_ in TOLD} == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_its_truth_is_of_it(name: str):
    truth = json.loads((FOLDER / f"{name}.truth.json").read_text())
    emg, _, title = replayed(name)
    assert truth["simulated"] is True and truth["scenario"] == title
    assert truth["legs"].keys() == emg.keys()
    for leg, chunk in emg.items():
        told = truth["legs"][leg]
        assert told["ankle_deg"]["time_s"][-1] == pytest.approx(chunk.time_s[-1], abs=0.1)
        working = np.zeros(len(chunk), dtype=bool)
        for start_s, end_s in told["contractions"]:
            working |= (chunk.time_s > start_s) & (chunk.time_s < end_s)
        level_uv = np.abs(chunk.samples[:, 0])
        assert np.nanmedian(level_uv[working]) > 4.0 * np.nanmedian(level_uv[~working])


@pytest.mark.parametrize(("name", "leg", "second", "state"), TOLD)
def test_the_states_come_when_the_readme_says(name: str, leg: str, second: str, state: str):
    found = [(change.time_s, str(change.state)) for change in replayed(name)[1] if change.leg == leg]
    assert any(each == state and abs(time_s - float(second)) <= 20.0 for time_s, each in found), found


@pytest.mark.parametrize("name", SAMPLES)
def test_the_analysis_tells_the_same_states_as_the_replay(name: str):
    _, changes, _ = replayed(name)
    for leg in analyse_recording(FOLDER / f"{name}.xdf")["legs"]:
        told = [change_to_dict(change) for change in changes if change.leg == leg["leg"]]
        assert leg["states"] == [{k: v for k, v in each.items() if k not in ("athlete", "leg")} for each in told]
        assert leg["states"], "a leg begins in a state"


def test_an_electrode_that_comes_off_is_called_so():
    (lost,) = (change for change in replayed("electrode-off")[1] if change.state == "NO_SIGNAL")
    assert lost.reasons == ("GM left: electrode off, there is nothing but noise",)


def test_a_sample_is_found_by_its_name_and_a_file_of_that_name_comes_first(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert shipped.recording(Path("cramp")) == FOLDER / "cramp.xdf"
    assert shipped.recording(Path("no-such-thing")) == Path("no-such-thing")
    (tmp_path / "cramp").touch()
    assert shipped.recording(Path("cramp")) == Path("cramp")

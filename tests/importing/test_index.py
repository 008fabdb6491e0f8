"""Every recording of the shared `formats` and `streams` imports as its index says, or is refused with the reason."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from monitor.errors import CrampwatchError
from monitor.importing.asked import Asked
from monitor.importing.content import Content
from monitor.importing.formats import read_file

SHARED = Path(__file__).parents[3] / "shared"
DESCRIPTIONS = (".md", ".json", "participants.tsv", "_channels.tsv", "_electrodes.tsv", "_events.tsv", "_scans.tsv")
REFUSED = {"brainflow_cyton_daisy_open.csv": "package numbers", "sub-01_task-pullstand_emg.edf": "no edf file"}
MYO = Asked(unit="counts", rate_hz=200.0, names={f"ch{n}": f"M{n}" for n in range(1, 9)})


def entries() -> list[dict]:
    index = SHARED / "data" / "INDEX.json"
    found = json.loads(index.read_text(encoding="utf-8")) if index.is_file() else []
    return [e for e in found if e["file"].startswith(("formats/", "streams/")) and not e["file"].endswith(DESCRIPTIONS)]


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry["file"].rsplit("/", 1)[-1])
def test_it_imports_as_the_index_says_or_is_refused_with_the_reason(shared, entry):
    path = shared / "data" / entry["file"]
    if reason := REFUSED.get(path.name):
        with pytest.raises(CrampwatchError, match=reason):
            read_file(path)
        return
    content = read_file(path, MYO if path.name.startswith("myo") else None)
    if "streams" in entry["facts"]:
        check_xdf(content, entry["facts"]["streams"])
        return
    channels, rate_hz, seconds = told(entry)
    if channels:
        assert sum(len(chunk.stream.channels) for chunk in content.streams) == channels
    if rate_hz:
        assert max(chunk.stream.rate_hz for chunk in content.streams) == pytest.approx(rate_hz, rel=0.003)
    if seconds:
        assert content.duration_s == pytest.approx(seconds, abs=0.06)


def told(entry: dict) -> tuple[int | None, float | None, float | None]:
    facts = entry["facts"]
    rate_hz = entry.get("rate_hz") or facts.get("fs")
    rows = facts.get("rows")
    seconds = entry.get("seconds") or facts.get("seconds") or (rows / rate_hz if rows else None)
    channels = entry.get("channels") or facts.get("signals")
    if entry["file"].startswith("streams/openbci"):
        channels += 3  # the index counts EXG; the board's accelerometer is imported as well
    return channels, rate_hz, seconds


def check_xdf(content: Content, streams: list[dict]) -> None:
    numeric = {chunk.stream.name: chunk for chunk in content.streams}
    texts = 0
    for stream in streams:
        chunk = numeric.get(stream["name"])
        if chunk is None:
            texts += stream["samples"]
            continue
        assert (len(chunk), len(chunk.stream.channels)) == (stream["samples"], stream["channels"])
        assert chunk.stream.rate_hz == pytest.approx(stream["srate"])
        assert chunk.time_s[-1] - chunk.time_s[0] == pytest.approx(stream["t_last"] - stream["t_first"])
    assert len(content.annotations) == texts


def test_two_formats_of_one_trial_hold_the_same_channels(shared):
    text = read_file(shared / "data/formats/btk_Gait.anc", Asked(names={"L Sol": "SOL"}))
    film = read_file(shared / "data/emg_gait_angle/bmc_Gait.c3d", Asked(names={"LSOL": "SOL"}))
    (a,) = list(text.of("emg"))
    (b,) = list(film.of("emg"))
    n = min(len(a), len(b))
    assert np.corrcoef(a.samples[:n, 0], b.samples[:n, 0])[0, 1] > 0.99
    assert (a.stream.channels[0].unit, b.stream.channels[0].unit) == ("", "uV")


def test_angles_of_a_c3d_come_in_degrees(shared):
    content = read_file(
        shared / "data/emg_gait_angle/biomechzoo_HC032A03.c3d", Asked(names={"RAnkleAngles_x": "ankle"})
    )
    (angle,) = list(content.of("angle"))
    assert angle.stream.labels == ("ankle",)
    assert angle.stream.rate_hz == 100.0
    assert -60 < float(angle.samples.min()) < float(angle.samples.max()) < 60


def test_a_bids_folder_imports_and_tells_where_its_tables_disagree(shared):
    content = read_file(shared / "data/formats/bids_emg_CustomBipolar")
    assert content.streams[0].samples.shape == (2000, 1)
    assert "another unit of EMG1" in content.notes[0]


def test_rows_without_a_header_ask_for_the_rate(shared):
    with pytest.raises(CrampwatchError, match="--rate"):
        read_file(shared / "data/streams/myo_35622-1_7.txt")

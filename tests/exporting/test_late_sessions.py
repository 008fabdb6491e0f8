"""A session whose sensors began seconds apart comes back on its own clock, with every note, from whatever holds it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from late_session import EPOCH_S, NOTES, STARTS_S, late_session

from monitor.exporting import bids, formats
from monitor.importing.content import Content
from monitor.importing.formats import read_file, read_files


def starts(content: Content) -> dict[str, float]:
    return {chunk.stream.source_id: pytest.approx(float(chunk.time_s[0]), abs=1e-4) for chunk in content.streams}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("late") / "dataset"
    bids.write_dataset(late_session(), folder)
    return folder


def test_a_data_set_of_a_squad_brings_starts_notes_and_states_back(dataset, tmp_path):
    formats.write_file(read_file(dataset), tmp_path / "back.xdf")
    for back in (read_file(dataset), read_file(tmp_path / "back.xdf")):
        assert starts(back) == STARTS_S
        assert (back.annotations, back.states) == (NOTES, late_session().states)
        assert (back.header["team"], back.epoch_s) == (late_session().header["team"], EPOCH_S)


def test_a_data_set_without_team_and_notes_keeps_its_clock_and_invents_no_note(tmp_path):
    bids.write_dataset(late_session((), of_a_team=False), tmp_path / "dataset")
    back = read_file(tmp_path / "dataset")
    assert starts(back) == STARTS_S
    assert back.annotations == ()


def test_what_somebody_adds_to_the_events_comes_too(tmp_path):
    bids.write_dataset(late_session(), tmp_path / "dataset")
    events = min((tmp_path / "dataset").rglob("*_events.tsv"))
    with events.open("a", encoding="utf-8") as file:
        file.write('1.5\tn/a\t"seen later\n')
    assert read_file(tmp_path / "dataset").annotations == (*NOTES, (STARTS_S["A"] + 1.5, '"seen later'))


def test_a_data_set_of_another_program_has_one_clock_for_streams_and_events(tmp_path):
    bids.write_dataset(late_session(((5.3, "stretch"),), of_a_team=False), tmp_path / "dataset")
    for beside in (tmp_path / "dataset").rglob("*.json"):
        facts = json.loads(beside.read_text(encoding="utf-8"))
        facts.pop("Crampwatch", None)
        beside.write_text(json.dumps(facts), encoding="utf-8")
    (scans,) = (tmp_path / "dataset").rglob("*_scans.tsv")
    head, *rows = scans.read_text(encoding="utf-8").splitlines()
    seconds = {"recording-A": 20, "recording-B": 24, "motion": 10}
    times = [f"{row.split()[0]}\t2026-05-01T10:00:{next(s for n, s in seconds.items() if n in row)}" for row in rows]
    scans.write_text("\n".join([head, "anat/T1w.nii.gz\t2026-05-01T09:00:00", *times, ""]), encoding="utf-8")
    back = read_file(tmp_path / "dataset")
    assert sorted(float(chunk.time_s[0]) for chunk in back.streams) == [0.0, 10.0, 14.0]
    assert back.annotations == ((11.0, "stretch"),)


def test_edf_keeps_notes_from_before_its_first_sample(tmp_path):
    files = formats.write_file(late_session(), tmp_path / "a.edf")
    back = read_files(files)
    assert starts(back) == STARTS_S
    assert back.annotations == NOTES
    files[0].with_suffix(".json").unlink()
    plain = read_file(files[0])
    assert [at_s for at_s, _ in plain.annotations] == [pytest.approx(at_s - STARTS_S["A"]) for at_s, _ in NOTES]
    assert [text.split() for _, text in plain.annotations] == [text.strip("\x14").split() for _, text in NOTES]


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".npz", ".mat", ".xdf"])
def test_notes_keep_their_letters_and_quotation_marks(tmp_path, suffix):
    formats.write_file(late_session(), tmp_path / f"a{suffix}")
    if suffix in (".csv", ".parquet"):
        with (tmp_path / "a_annotations.csv").open(encoding="utf-8", newline="") as file:
            found = tuple((float(row["time_s"]), row["text"]) for row in csv.DictReader(file))
    else:
        found = read_file(tmp_path / f"a{suffix}").annotations
    assert found == NOTES

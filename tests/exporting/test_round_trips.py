"""What is exported comes back: samples, lost ones, stamps, notes, and with them the same fatigue and states."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from monitor import shipped
from monitor.analysis import analyse_recording
from monitor.errors import CrampwatchError
from monitor.exporting import bids, formats
from monitor.exporting.grid import on_grid
from monitor.importing.content import Content
from monitor.importing.formats import read_file, read_files

UNTIL_S = 130.0


@cache
def content() -> Content:
    """The beginning of a sample recording, with stamps that wander and samples that were lost."""
    whole = read_file(shipped.folder("recordings") / "tiring.xdf")
    streams = []
    for chunk in whole.streams:
        part = chunk[: int(np.searchsorted(chunk.time_s, UNTIL_S))]
        samples = part.samples.copy()
        n = len(samples)
        samples[n // 3 : n // 3 + n // 400] = np.nan
        samples[n // 2 : n // 2 + 3, 0] = np.nan
        time_s = part.time_s + 0.003 * np.sin(part.time_s / 17.0)
        streams.append(replace(part, time_s=time_s, samples=samples))
    return replace(whole, streams=tuple(streams), annotations=((3.25, "stretch, left"), (20.5, "é")))


@cache
def told(path: Path) -> dict:
    return analyse_recording(path)


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("original") / "session.xdf"
    formats.write_file(content(), path)
    return path


def check_same(found: Content, samples_atol: float = 1e-3) -> None:
    before = {(c.stream.source_id, c.stream.name): c for c in content().streams}
    assert {(c.stream.source_id, c.stream.name) for c in found.streams} == before.keys()
    for chunk in found.streams:
        was = before[chunk.stream.source_id, chunk.stream.name]
        assert chunk.stream == was.stream
        np.testing.assert_allclose(chunk.time_s, was.time_s, atol=2e-4)
        np.testing.assert_allclose(chunk.samples, was.samples, atol=samples_atol, equal_nan=True)
    assert found.header["team"] == content().header["team"]


def check_same_answers(original: Path, other: Path) -> None:
    one, two = told(original), told(other)
    for a, b in zip(one["legs"], two["legs"], strict=True):
        for x, y in zip(a["channels"], b["channels"], strict=True):
            assert x["mdf_start_hz"] == pytest.approx(y["mdf_start_hz"], abs=0.1)
            assert x["mdf_end_hz"] == pytest.approx(y["mdf_end_hz"], abs=0.1)
            assert x["fatigue"] == y["fatigue"]
            assert x["quality"]["lost_s"] == pytest.approx(y["quality"]["lost_s"], abs=0.02)
        assert [s["state"] for s in a["states"]] == [s["state"] for s in b["states"]]
        times = [(s["time_s"], t["time_s"]) for s, t in zip(a["states"], b["states"], strict=True)]
        assert all(abs(s - t) <= 1.0 for s, t in times)


def test_to_bdf_and_back_gives_the_same_fatigue_and_states(original, tmp_path):
    files = formats.write_file(read_file(original), tmp_path / "a.bdf")
    assert len(files) == 3  # one per device
    back = read_files(files)
    check_same(back)
    assert set(back.annotations) == set(content().annotations)
    formats.write_file(back, tmp_path / "back.xdf")
    check_same_answers(original, tmp_path / "back.xdf")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bids") / "dataset"
    bids.write_dataset(content(), folder, mains_hz=50.0)
    return folder


def test_to_bids_and_analysed_there_gives_the_same_fatigue_and_states(original, dataset):
    check_same(read_file(dataset))
    check_same_answers(original, dataset)


def test_the_data_set_passes_the_official_validator(dataset):
    validator = shutil.which("bids-validator-deno")
    if validator is None:
        pytest.skip("bids-validator-deno is not installed (pip install bids-validator-deno)")
    done = subprocess.run([validator, str(dataset)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_mne_bids_reads_the_data_set(dataset):
    mne_bids = pytest.importorskip("mne_bids", reason="mne-bids is not installed")
    (path,) = mne_bids.find_matching_paths(dataset, datatypes="emg", extensions=".bdf")
    raw = mne_bids.read_raw_bids(path, verbose="error")
    assert set(raw.get_channel_types()) == {"emg"}
    assert any("stretch" in text for text in raw.annotations.description)


@pytest.mark.parametrize("name", ["a.npz", "a.mat"])
def test_arrays_bring_back_all(tmp_path, name):
    formats.write_file(content(), tmp_path / name)
    found = read_file(tmp_path / name)
    check_same(found, 0.0)
    assert found.annotations == content().annotations


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_tables_bring_back_every_stream(tmp_path, suffix):
    short = replace(content(), streams=tuple(chunk[:3000] for chunk in content().streams))
    files = formats.write_file(short, tmp_path / f"a{suffix}")
    assert len(files) == 4  # three streams and the notes
    for chunk, file in zip(short.streams, files[:3], strict=True):
        (found,) = read_file(file).streams
        assert found.stream.channels == chunk.stream.channels
        np.testing.assert_allclose(found.samples, chunk.samples, rtol=1e-7, equal_nan=True)
        np.testing.assert_allclose(found.time_s, chunk.time_s, atol=1e-9)


def test_a_gap_becomes_lost_samples_on_the_grid():
    (emg,) = content().of("emg")
    short = emg[:4000]
    kept = np.r_[0:1000, 1500:4000]
    holed = replace(short, time_s=short.time_s[kept], samples=short.samples[kept])
    grid = on_grid(holed)
    assert len(grid.samples) == 4000
    assert (1000, 1500) in grid.lost_runs()


def test_nothing_is_overwritten_and_no_unknown_format_written(tmp_path):
    (tmp_path / "a.csv").touch()
    one = replace(content(), streams=content().streams[:1])
    with pytest.raises(CrampwatchError, match="never overwritten"):
        formats.write_file(one, tmp_path / "a.csv")
    with pytest.raises(CrampwatchError, match="no known format"):
        formats.write_file(one, tmp_path / "a.xyz")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(CrampwatchError, match="not empty"):
        bids.write_dataset(content(), tmp_path / "full")

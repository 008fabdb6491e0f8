"""Importers alone: units, counters that tell what is lost, names, and files that are none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from monitor.acquisition import child_reader, foreign_libraries
from monitor.errors import CrampwatchError, TableError
from monitor.importing.asked import Asked
from monitor.importing.content import Column, streams_of
from monitor.importing.formats import read_file, read_files
from monitor.importing.parts import read_part
from monitor.importing.rows import unwrapped
from monitor.importing.units import unit_of


@pytest.mark.parametrize(
    ("text", "name", "factor"),
    [
        ("uV", "uV", 1.0),
        ("\N{MICRO SIGN}V", "uV", 1.0),
        ("microvolts", "uV", 1.0),
        ("mV", "uV", 1e3),
        ("V", "uV", 1e6),
        ("m/s^2", "g", 1 / 9.80665),
        ("\N{DEGREE SIGN}/s", "deg/s", 1.0),
        ("rad/s", "deg/s", 180 / np.pi),
        ("degrees", "deg", 1.0),
        ("N", "N", 1.0),
        ("", "", 1.0),
        ("n/a", "", 1.0),
    ],
)
def test_units_are_read_and_never_guessed(text, name, factor):
    assert unit_of(text) == (name, pytest.approx(factor))


def open_signals(path: Path, numbers: list[int]) -> Path:
    header = {"00:07": {"sensor": ["EMG"], "column": ["nSeq", "DI", "CH1"], "sampling rate": 1000, "device": "x"}}
    rows = "".join(f"{n}\t0\t{3000 + n}\t\n" for n in numbers)
    path.write_text(f"# OpenSignals Text File Format\n# {json.dumps(header)}\n# EndOfHeader\n{rows}")
    return path


def test_samples_that_a_counter_misses_are_lost_and_not_closed_up(tmp_path):
    content = read_file(open_signals(tmp_path / "a.txt", [65534, 65535, 0, 1, 4, 5]))
    (emg,) = content.of("emg")
    assert np.isnan(emg.samples[:, 0]).tolist() == [False] * 4 + [True] * 2 + [False] * 2
    assert emg.time_s[-1] == pytest.approx(0.007)


def test_a_counter_is_unwrapped():
    assert unwrapped(np.array([254.0, 255.0, 0.0, 3.0]), 256).tolist() == [0, 1, 2, 5]


def test_six_axes_become_one_stream_of_motion():
    columns = [Column(f"a{n}", "m/s2", np.full(4, 9.80665)) for n in range(3)]
    columns += [Column(f"w{n}", "rad/s", np.full(4, np.pi)) for n in range(3)]
    (imu,) = streams_of(columns, 100.0, "pod")
    assert imu.stream.name == "imu" and imu.stream.labels[0] == "acc_x"
    np.testing.assert_allclose(imu.samples[0], [1, 1, 1, 180, 180, 180])


def test_channels_are_chosen_by_name_and_one_can_be_the_ankle(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("time_s,EMG1_mV,EMG2_mV,knee_deg\n" + "".join(f"{n / 1000},{n},{2 * n},-5\n" for n in range(20)))
    content = read_file(path, Asked(names={"EMG2": "GM", "knee": "ankle"}))
    (emg,), (angle,) = content.of("emg"), content.of("angle")
    assert emg.stream.labels == ("GM",) and emg.samples[3, 0] == pytest.approx(6000.0)
    assert angle.stream.labels == ("ankle",)


def test_files_of_one_session_share_its_clock(tmp_path):
    one, two = open_signals(tmp_path / "a.txt", [0, 1, 2]), open_signals(tmp_path / "b.txt", [0, 1, 2, 3])
    content = read_files([one, two])
    assert [len(chunk) for chunk in content.streams] == [3, 4]


@pytest.mark.parametrize(
    "suffix", ["txt", "csv", "tsv", "edf", "bdf", "c3d", "mat", "npz", "parquet", "h5", "xdf", "anc"]
)
@pytest.mark.parametrize("content", [b"", b"hello\n" * 9, bytes(3000)], ids=["empty", "text", "zeros"])
def test_what_is_no_such_file_is_one_sentence(tmp_path, suffix, content):
    path = tmp_path / f"wrong.{suffix}"
    path.write_bytes(content)
    with pytest.raises(CrampwatchError, match="wrong") as caught:
        read_file(path)
    assert "\n" not in str(caught.value)


def test_a_reader_that_crashes_takes_only_its_child_with_it(tmp_path, monkeypatch):
    monkeypatch.setitem(foreign_libraries._EXTRAS, "crash", ("numpy", ""))
    (tmp_path / "a.crash").write_bytes(b"x")
    with pytest.raises(TableError, match="crash"):
        child_reader.read_in_child("crash", tmp_path / "a.crash")


def test_a_missing_library_is_named_with_the_command_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setitem(foreign_libraries._EXTRAS, "c3d", ("no_such_library", "c3d"))
    (tmp_path / "a.c3d").write_bytes(b"x")
    with pytest.raises(TableError, match=r"pip install 'crampwatch\[c3d\]'"):
        read_file(tmp_path / "a.c3d")


def test_a_text_of_no_known_form_is_told_all_that_there_are(tmp_path):
    (tmp_path / "a.txt").write_text("hello world\nof text\n")
    for read in (read_file, lambda path: read_part(path, "emg")):
        with pytest.raises(TableError, match=r"a text of no known form.*\.anc, \.bdf, \.c3d"):
            read(tmp_path / "a.txt")

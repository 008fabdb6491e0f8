"""What is exported has a file of its own each, overwrites nothing, and is whole or not there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from killing import killed_on_a_small_disk
from late_session import late_session

from monitor.chunk import Chunk
from monitor.errors import CrampwatchError, TableError
from monitor.exporting import bids, formats
from monitor.exporting.files import names_of


def streams_of(*sources: str) -> list[Chunk]:
    """Each with other samples."""
    emg = late_session().streams[0]
    return [
        replace(emg, stream=replace(emg.stream, source_id=source), samples=emg.samples * number)
        for number, source in enumerate(sources, start=1)
    ]


def test_every_stream_has_a_file_of_its_own_whatever_its_sensor_is_called():
    names = [path.name for path in names_of(Path("e.csv"), streams_of("правый", "левый", "A B", "A-B", "a/b", ""))]
    assert names == [
        "e_правый_emg.csv",
        "e_левый_emg.csv",
        "e_A-B_emg.csv",
        "e_A-B_emg_2.csv",
        "e_a-b_emg_3.csv",
        "e_emg.csv",
    ]


@pytest.mark.parametrize("suffix", [".csv", ".edf"])
def test_sensors_of_similar_names_are_all_written(tmp_path, suffix):
    content = replace(late_session(()), streams=tuple(streams_of("A B", "A-B")))
    files = formats.write_file(content, tmp_path / f"e{suffix}")
    assert len({file.read_bytes() for file in files if file.exists()}) == len(set(files)) == 2


@pytest.mark.parametrize("mine, asked", [("leg_annotations.csv", "leg.csv"), ("leg_B_emg.json", "leg.edf")])
def test_a_file_that_would_be_overwritten_is_seen_before_any_is_written(tmp_path, mine, asked):
    (tmp_path / mine).write_text("mine")
    with pytest.raises(TableError, match=f"{mine} exists already and is never overwritten"):
        formats.write_file(late_session(), tmp_path / asked)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(mine, "mine")]


@pytest.mark.parametrize("suffix", formats.SUFFIXES)
def test_a_suffix_in_capitals_is_the_file_that_is_told(tmp_path, suffix):
    content = replace(late_session(()), streams=late_session().streams[:1])
    assert formats.write_file(content, tmp_path / f"a{suffix.upper()}") == [tmp_path / f"a{suffix.upper()}"]
    assert {file.name for file in tmp_path.iterdir()} - {"a.json"} == {f"a{suffix.upper()}"}


@pytest.fixture
def small_disk():
    """No file can grow beyond 30 kB."""
    resource = pytest.importorskip("resource", reason="only POSIX limits the size of files")
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, usual[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@pytest.mark.parametrize("suffix", [*formats.SUFFIXES, ""])
def test_where_the_disk_is_full_nothing_half_is_left(tmp_path, small_disk, suffix):
    with pytest.raises(CrampwatchError, match=r"cannot write .*the disk (takes no|took only|reports)"):
        if suffix:
            formats.write_file(late_session(long_s=40), tmp_path / f"full{suffix}")
        else:
            bids.write_dataset(late_session(long_s=40), tmp_path / "full")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [*formats.SUFFIXES, ""])
def test_a_process_that_is_killed_while_it_exports_leaves_nothing_half(tmp_path, suffix):
    content = late_session(long_s=40)
    write = formats.write_file if suffix else bids.write_dataset
    assert killed_on_a_small_disk(lambda: write(content, tmp_path / f"killed{suffix}"))
    assert [path for path in tmp_path.iterdir() if not path.name.startswith(".unfinished-")] == []

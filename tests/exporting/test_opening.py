"""Every file that holds a session is taken for one, and says what the recording says."""

from __future__ import annotations

from pathlib import Path

import pytest
from short_recording import written

from monitor.analysis import analyse_files
from monitor.cli.table_options import to_play
from monitor.exporting.opening import holds_session
from monitor.leg_tables import load_tables


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    """What the recording itself says of its legs."""
    return analyse_files({"emg": written(tmp_path_factory.mktemp("recording") / "a.xdf", "right")})["legs"]


@pytest.mark.parametrize("suffix", [".npz", ".mat"])
def test_an_exported_session_is_analysed_as_the_recording(tmp_path: Path, told: list[dict], suffix: str) -> None:
    export = written(tmp_path / f"a{suffix}", "right")
    assert to_play({"emg": export}, None, None) == export
    assert analyse_files({"emg": export})["legs"] == told


@pytest.mark.parametrize("suffix", [".npz", ".mat"])
def test_an_export_of_a_table_is_a_table(tmp_path: Path, suffix: str) -> None:
    export = written(tmp_path / f"a{suffix}")
    assert not holds_session(export)
    assert load_tables(emg=export, leg="left").duration_s == pytest.approx(30.0)


@pytest.mark.parametrize("name", ["none.npz", "none.mat", "broken.npz", "broken.mat"])
def test_what_cannot_be_read_is_no_session(tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.npz").write_bytes(b"PK not")
    (tmp_path / "broken.mat").write_bytes(b"not")
    assert not holds_session(tmp_path / name)

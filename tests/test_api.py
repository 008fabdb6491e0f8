"""The stable Python interface: its names, its cost, and that it tells what the command line tells."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import monitor
from monitor.analysis import analyse_files
from monitor.errors import TableError

STABLE = {
    "Analysis",
    "Channel",
    "Chunk",
    "CrampwatchError",
    "LegAnalysis",
    "Settings",
    "Stage",
    "Stream",
    "analyze",
    "open_recording",
    "read_file",
}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds of EMG that bursts every three, and an ankle angle."""
    folder = tmp_path_factory.mktemp("tables")
    time_s = np.arange(12000) / 1000
    uv = np.random.default_rng(3).standard_normal(12000) * np.where(time_s % 3 > 1.5, 200.0, 3.0)
    np.savez(folder / "emg.npz", time_s=time_s, GM_uV=uv)
    angle_s = np.arange(600) / 50
    np.savez(folder / "angle.npz", time_s=angle_s, ankle_deg=-15 * (angle_s % 3 > 1.5))
    return folder


def test_the_stable_names_are_there_and_only_ever_become_more() -> None:
    assert set(monitor.__all__) >= STABLE
    for name in monitor.__all__:
        assert getattr(monitor, name).__doc__
    assert set(monitor.__all__) <= set(dir(monitor))
    with pytest.raises(AttributeError, match="no attribute 'moonwalk'"):
        monitor.moonwalk  # noqa: B018


def test_importing_it_imports_nothing_heavy() -> None:
    code = (
        "import monitor, sys; print([name for name in ('numpy', 'scipy', 'PySide6', 'bleak') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_types_are_shipped() -> None:
    assert (Path(monitor.__file__).parent / "py.typed").is_file()


def test_arrays_say_what_the_json_says(tables: Path) -> None:
    analysis = monitor.analyze(tables / "emg.npz", angle=str(tables / "angle.npz"), leg="left", from_s=1, to_s=11)
    assert analysis.to_dict() == analyse_files(
        {"emg": tables / "emg.npz", "angle": tables / "angle.npz"}, 1, 11, leg="left"
    )
    leg, track = analysis.leg("left"), analysis.to_dict()["legs"][0]["track"]
    assert leg.labels == ("GM",) and leg.features["mdf_hz"].shape == (len(track["time_s"]), 1)
    known = np.isfinite(leg.features["mdf_hz"][:, 0])
    assert known.any() and [value is not None for value in track["mdf_hz"]["GM"]] == known.tolist()
    ankle_s, ankle_deg = leg.ankle
    assert len(ankle_s) == len(ankle_deg) > 400 and np.nanmin(ankle_deg) == -15
    assert leg.state_at(-1) is None and leg.state_at(5) == leg.states[0]["state"]
    with pytest.raises(TableError, match="exactly one leg 'right'"):
        analysis.leg("right")


def test_the_frame_has_a_row_a_second_and_channel(tables: Path) -> None:
    pytest.importorskip("pandas")
    analysis = monitor.analyze(tables / "emg.npz")
    frame = analysis.to_frame()
    assert len(frame) == len(analysis.legs[0].features["time_s"])
    np.testing.assert_array_equal(frame["mdf_hz"].to_numpy(), analysis.legs[0].features["mdf_hz"][:, 0])
    assert str(frame["score"].dtype) == "float64"


def test_settings_are_whole_or_those_that_differ(tables: Path) -> None:
    whole = monitor.Settings().changed({"trend.watch_level": 0.88})
    some = monitor.analyze(tables / "emg.npz", to_s=3, settings={"trend.watch_level": 0.88}).to_dict()
    assert some == monitor.analyze(tables / "emg.npz", to_s=3, settings=whole).to_dict()
    assert some["config_hash"] == whole.hash


def test_any_file_is_read_as_chunks(tables: Path) -> None:
    (chunk,) = monitor.read_file(tables / "emg.npz").streams
    assert chunk.stream.labels == ("GM",) and len(chunk) == 12000


def test_what_fails_says_so_in_a_sentence() -> None:
    for call in (monitor.analyze, monitor.open_recording, monitor.read_file):
        with pytest.raises(monitor.CrampwatchError, match=r"no-such\.xdf"):
            call("no-such.xdf")

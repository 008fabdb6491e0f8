"""The commands that bring recordings in and out: convert, export-bids, annotate, settings."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from monitor.cli import app
from monitor.errors import CrampwatchError
from monitor.settings import Settings


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit | CrampwatchError):
        raise result.exception
    return result


@pytest.fixture
def table(tmp_path) -> Path:
    path = tmp_path / "emg.csv"
    rng = np.random.default_rng(0)
    rows = [f"{n / 1000:.3f},{x:.3f},{y:.3f}" for n, (x, y) in enumerate(rng.normal(0, 50, (3000, 2)))]
    path.write_text("time_s,one,two\n" + "\n".join(rows) + "\n")
    return path


def test_a_preview_shows_channels_and_what_is_not_told(table):
    shown = run("convert", table, "--preview")
    assert shown.exit_code == 0
    assert all(word in shown.stdout for word in ("one", "two", "not told", "1000"))


def test_a_unit_that_is_not_told_is_asked_for_and_a_channel_chosen_by_name(table, tmp_path):
    asked = run("convert", table, tmp_path / "a.xdf")
    assert asked.exit_code == 1 and "--unit" in str(asked.exception)
    out = tmp_path / "leg.xdf"
    done = run("convert", table, out, "--unit", "mV", "--map", "two=GM", "--leg", "left")
    assert done.exit_code == 0, done.output
    answer = json.loads(run("analyze", out, "--json").stdout)
    assert [channel["label"] for channel in answer["legs"][0]["channels"]] == ["GM"]
    assert answer["inputs"][0]["sha256"] and answer["versions"]["numpy"] and answer["settings"] == Settings().to_dict()
    missing = run("convert", table, tmp_path / "b.xdf", "--map", "three=GM")
    assert "'three'" in str(missing.exception) and "'one'" in str(missing.exception)


def test_nothing_is_overwritten(table, tmp_path):
    (tmp_path / "a.xdf").touch()
    assert run("convert", table, tmp_path / "a.xdf", "--unit", "uV").exit_code == 2


def test_settings_are_shown_as_a_file_that_settings_reads(tmp_path):
    shown = run("settings", "show", "--set", "gate.on_floor=6")
    path = tmp_path / "mine.toml"
    path.write_text(shown.stdout, encoding="utf-8")
    differing = run("settings", "diff", path)
    assert differing.exit_code == 1 and differing.stdout.startswith("gate.on_floor: ")
    assert len(differing.stdout.splitlines()) == 1
    path.write_text(run("settings", "show").stdout, encoding="utf-8")
    assert run("settings", "diff", path).exit_code == 0


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx"])
def test_tables_carry_a_dictionary_of_every_column(table, tmp_path, suffix):
    from monitor.analysis_table import DICTIONARY, FEATURES, write_features, write_table

    leg = {"athlete": "A7", "leg": "left", "angle_source": "none", "states": [{"time_s": 0.0, "state": "OK"}]}
    leg["channels"] = [dict.fromkeys(DICTIONARY) | {"label": "GM", "mdf_change_ci": [-3.0, -1.0], "slope_ci": None}]
    leg["track"] = {"time_s": [1.0, 2.0], "mdf_hz": {"GM": [99.0, None]}, "compression": {"GM": [None, 0.9]}}
    leg["track"] |= {"score": [None, 1.0], "quiet_ratio": [1.0, 1.1], "twitches_per_min": [0.0, 3.0]}
    answers = [{"file": "x.xdf", "config_hash": "h", "legs": [leg]}]
    for name, dictionary, write, n_rows in (
        ("channels", DICTIONARY, write_table, 1),
        ("features", FEATURES, write_features, 2),
    ):
        path = tmp_path / f"{name}{suffix}"
        write(path, answers)
        head, rows, said = read_table_back(path, name)
        assert head == list(dictionary) and len(rows) == n_rows
        assert set(said) == set(dictionary)


def read_table_back(path: Path, sheet: str) -> tuple[list, list, list]:
    """Column names, rows, and the columns that the dictionary explains."""
    if path.suffix == ".xlsx":
        import openpyxl

        book = openpyxl.load_workbook(path)
        lines = list(book[sheet].iter_rows(values_only=True))
        return list(lines[0]), lines[1:], [row[0] for row in list(book["dictionary"].iter_rows(values_only=True))[1:]]
    said = [line.split(",")[0] for line in path.with_suffix(".dictionary.csv").read_text().splitlines()[1:]]
    if path.suffix == ".parquet":
        import pyarrow.parquet

        found = pyarrow.parquet.read_table(path)
        return found.column_names, found.to_pylist(), said
    lines = path.read_text(encoding="utf-8").splitlines()
    return lines[0].split(","), lines[1:], said

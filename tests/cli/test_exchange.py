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

"""analyze with settings, several processes, a table and a comparison with an earlier run."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from monitor.cli import app
from monitor.cli.analyze_more import differences, earlier, earlier_results, settings_of
from monitor.cli.new_file import write_new
from monitor.cli.settings import settings_in
from monitor.errors import RecordingError, SettingsError
from monitor.settings import Settings
from monitor.tidy import write


def run(*arguments):
    return CliRunner().invoke(app, ["analyze", *map(str, arguments)])


@pytest.fixture
def recordings(tmp_path):
    files = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        time_s = np.arange(20_000) / 1000
        emg = rng.normal(size=20_000) * np.where(time_s % 4 < 2, 100, 1)
        files.append(tmp_path / f"e{seed}.npz")
        np.savez(files[-1], time_s=time_s, GM_uV=emg)
    return files


def test_settings_change_the_hash_and_the_result(recordings, tmp_path):
    file = tmp_path / "s.toml"
    file.write_text("[gate]\non_floor = 4.0\n", encoding="utf-8")
    hashes = set()
    for more in ([], ["--settings", file], ["--settings", file, "--set", "trend.watch_level=0.88"]):
        done = run(recordings[0], "--json", *more)
        assert done.exit_code == 0, done.output
        hashes.add(json.loads(done.stdout)["config_hash"])
    assert len(hashes) == 3 and Settings().hash in hashes


@pytest.mark.parametrize("pair", ["trend.watch_level", "trend.watch_level=x", "nonsense=1", "trend.watch_level=9"])
def test_a_setting_that_is_none_is_one_sentence(recordings, pair):
    done = run(recordings[0], "--set", pair)
    assert done.exit_code == 1 and isinstance(done.exception, SettingsError)
    assert pair.split("=")[0].split(".")[-1] in str(done.exception)


def test_a_settings_file_that_is_none_is_refused(tmp_path):
    (tmp_path / "s.toml").write_text("watch_level = 0.9\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="outside a group"):
        settings_of(tmp_path / "s.toml", [])
    with pytest.raises(SettingsError, match="cannot read"):
        settings_of(tmp_path / "none.toml", [])


@pytest.mark.parametrize("content", ["[1, 2]", "3", "null"])
def test_json_of_another_shape_is_refused_as_settings_and_as_answers(content, tmp_path):
    file = tmp_path / "s.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot read the settings"):
        settings_of(file, [])
    with pytest.raises(RecordingError, match="no output of `analyze --json`"):
        earlier(file)
    file.write_text('{"settings": {"trend": 3}}', encoding="utf-8")
    with pytest.raises(SettingsError, match="holds no settings"):
        settings_in(file)


def test_an_object_without_results_is_no_earlier_answer(tmp_path):
    """It must not read as "nothing differs"."""
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RecordingError, match="holds no results"):
        earlier_results(tmp_path / "a.json")


def test_several_processes_give_the_same_in_the_same_order(recordings):
    alone, together = run(*recordings, "--json"), run(*recordings, "--json", "--jobs", 2)
    assert together.exit_code == 0, together.output
    assert together.stdout == alone.stdout and len(alone.stdout.splitlines()) == 3


def test_the_table_has_a_row_for_each_channel_and_overwrites_nothing(recordings, tmp_path):
    out = tmp_path / "channels.csv"
    assert run(*recordings, "--table", out).exit_code == 0
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["label"] for row in rows] == ["GM"] * 3
    assert float(rows[0]["mdf_start_hz"]) > 100 and rows[0]["fatigue"] in ("yes", "no", "unknown")
    again = run(recordings[0], "--table", out)
    assert again.exit_code == 1 and "exists already" in str(again.exception)


def test_a_dictionary_overwrites_nothing_and_no_table_that_of_another(recordings, tmp_path):
    mine = tmp_path / "t.dictionary.csv"
    mine.write_text("something of mine", encoding="utf-8")
    done = run(recordings[0], "--table", tmp_path / "t.csv")
    assert done.exit_code == 1 and "t.dictionary.csv exists already" in str(done.exception)
    with pytest.raises(RecordingError):
        write(tmp_path / "t.csv", "x", {"a": ("", "b")}, [])
    assert {each.name for each in tmp_path.glob("t.*")} == {mine.name} and mine.read_text() == "something of mine"
    assert run(recordings[0], "--table", tmp_path / "u.csv", "--features", tmp_path / "u.parquet").exit_code == 2


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    unwritable = "\ud800"  # no text: it fails half-way
    with pytest.raises(UnicodeEncodeError):
        write_new(tmp_path / "r.html", "the report", "x" * 100_000 + unwritable)
    with pytest.raises(UnicodeEncodeError):
        write(tmp_path / "t.csv", "x", {"a": ("", "b")}, [{"a": "x" * 100_000}, {"a": unwritable}])
    assert list(tmp_path.iterdir()) == []


def test_the_comparison_with_an_earlier_run_finds_what_differs(recordings, tmp_path):
    old = tmp_path / "old.json"
    old.write_text(run(*recordings, "--json").stdout, encoding="utf-8")
    same = run(*recordings, "--check", old)
    assert same.exit_code == 0 and "nothing differs" in same.stderr
    other = run(*recordings, "--check", old, "--set", "gate.on_floor=6")
    assert other.exit_code == 1 and "config_hash" in other.stderr


def test_differences_name_place_old_and_new():
    old = {"a": [1.0, {"b": 2}], "gone": 1, "same": None}
    new = {"a": [1.0 + 1e-12, {"b": 3}], "same": None, "added": 5}
    assert list(differences(old, new)) == ["a[1].b: 2 -> 3", "gone: gone"]

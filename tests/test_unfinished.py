"""What is written at once comes to its name when it is whole: not when the process is killed, not when it fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from killing import killed_on_a_small_disk
from typer.testing import CliRunner

from monitor.cli import app
from monitor.cli.new_file import write_new
from monitor.evaluation import page
from monitor.guided.comparing import save_result
from monitor.tidy import write
from monitor.unfinished import drafts

LONG = "x" * 100_000
WRITERS: list[Callable[[Path], object]] = [
    lambda folder: write_new(folder / "r.html", "the report", LONG),
    lambda folder: write(folder / "t.csv", "x", {"a": ("", "b")}, [{"a": LONG}]),
    lambda folder: save_result(folder / "a.heel-rise.json", {"athlete": LONG}),
]


@pytest.mark.parametrize("writer", WRITERS)
def test_a_process_that_is_killed_while_it_writes_leaves_nothing_half(tmp_path, writer):
    assert killed_on_a_small_disk(lambda: writer(tmp_path))
    assert [path for path in tmp_path.iterdir() if not path.name.startswith(".unfinished-")] == []


def test_an_older_page_stays_whole_until_the_new_one_is(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "page", lambda answer: LONG)
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")
    assert killed_on_a_small_disk(lambda: page.write_page(path, {}))
    assert path.read_text(encoding="utf-8") == "old"
    page.write_page(path, {})
    assert path.read_text(encoding="utf-8") == LONG


def test_of_files_that_belong_together_none_comes_where_one_fails(tmp_path):
    (tmp_path / "old").write_text("old", encoding="utf-8")
    with pytest.raises(FileExistsError), drafts(tmp_path / "old", tmp_path / "b", new=True) as written:
        for draft in written:
            draft.write_text("new", encoding="utf-8")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("old", "old")]


def test_what_a_killed_process_left_is_no_recording_of_the_season(tmp_path):
    with drafts(tmp_path / "a.xdf") as (draft,):
        draft.write_bytes(b"XDF:")
        done = CliRunner().invoke(app, ["season", str(tmp_path)])
    assert "holds no recording" in str(done.exception)


def test_a_folder_that_is_there_and_empty_is_filled(tmp_path):
    (tmp_path / "set").mkdir()
    with drafts(tmp_path / "set", new=True) as (draft,):
        draft.mkdir()
        (draft / "a").write_text("a", encoding="utf-8")
        assert list((tmp_path / "set").iterdir()) == []
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == ["set", "set/a"]

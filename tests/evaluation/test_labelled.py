"""Labelled recordings: what is judged is kept, and taken up again while nothing that it came from changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_outcomes import leg, session

from monitor.evaluation import labelled
from monitor.evaluation.labelled import Label, judged_file
from monitor.evaluation.tracks import AthleteSession
from monitor.settings import Settings

FOUND = [session(leg("left", warn=((100, 200),))), session(leg("right"))]


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were really judged, each of two athletes."""
    files: list[Path] = []
    monkeypatch.setattr(labelled, "labelled_sessions", lambda file, *_: files.append(file) or list(FOUND))
    return files


def states(answer: list) -> list[list[int]]:
    assert all(isinstance(each, AthleteSession) for each in answer)
    return [each.legs[0].state.tolist() for each in answer]


def test_what_is_kept_is_not_judged_again_and_is_the_same(judged: list[Path], tmp_path: Path) -> None:
    file, folder = tmp_path / "match.xdf", tmp_path / "done"
    file.write_bytes(b"a recording")
    first, second = (judged_file(file, [], None, folder) for _ in range(2))
    assert judged == [file]
    assert states(first) == states(second) == [each.legs[0].state.tolist() for each in FOUND]
    np.testing.assert_array_equal(first[0].legs[0].good, second[0].legs[0].good)  # type: ignore[union-attr]


def test_other_labels_settings_or_another_file_are_judged_anew(judged: list[Path], tmp_path: Path) -> None:
    file, folder = tmp_path / "match.xdf", tmp_path / "done"
    file.write_bytes(b"a recording")
    judged_file(file, [], None, folder)
    judged_file(file, [Label("match.xdf", "left", 5.0, 9.0)], None, folder)
    judged_file(file, [], Settings(), folder)
    file.write_bytes(b"a longer recording")
    judged_file(file, [], None, folder)
    assert len(judged) == 4


def test_one_that_was_cut_short_is_judged_again(judged: list[Path], tmp_path: Path) -> None:
    file, folder = tmp_path / "match.xdf", tmp_path / "done"
    file.write_bytes(b"a recording")
    judged_file(file, [], None, folder)
    next(folder.glob("match-0-*.npz")).unlink()  # it is written last
    judged_file(file, [], None, folder)
    assert len(judged) == 2

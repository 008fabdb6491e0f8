"""Labelled recordings: whose cramp it was; what is judged is kept, and taken up again while nothing changes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from made_outcomes import leg, session
from short_recording import written

from monitor.errors import EvaluationError
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


@pytest.mark.parametrize("name,leg", [("a.csv", None), ("a.xdf", "right"), ("a.npz", "right")])
def test_a_cramp_of_the_right_leg_counts(tmp_path: Path, name: str, leg: Literal["right"] | None) -> None:
    """A table is of the leg that its labels name."""
    file = written(tmp_path / name, leg)
    (found,) = labelled.labelled_sessions(file, [Label(name, "right", 18.0, 22.0)], None)
    assert [track.leg for track in found.legs] == ["right"]
    assert [(cramp.leg, cramp.onset_s) for cramp in found.cramps] == [("right", 18.0)]


@pytest.mark.parametrize(
    "name,labels,why",
    [
        ("a.xdf", [("right", 18.0)], "the right leg of .*a.xdf, which holds the left"),
        ("a.csv", [("right", 18.0), ("left", 5.0)], "a table of one leg"),
        ("a.csv", [("left", 2000.0)], "a cramp at 2000 s of .*a.csv, which lasts 30.0 s"),
        ("a.xdf", [("left", 2000.0)], "a cramp at 2000 s"),
    ],
)
def test_a_cramp_that_fits_no_leg_or_time_is_said(tmp_path: Path, name: str, labels: list, why: str) -> None:
    file = written(tmp_path / name, "left" if name == "a.xdf" else None)
    noted = [Label(name, leg, start_s, start_s + 5.0) for leg, start_s in labels]
    with pytest.raises(EvaluationError, match=why):
        labelled.labelled_sessions(file, noted, None)

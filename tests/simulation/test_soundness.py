"""Random sessions are sound; the full thousand: `python -m monitor.simulation.soundness`."""

from __future__ import annotations

import numpy as np

from monitor.simulation import soundness
from monitor.simulation.soundness import Report


def test_some_random_sessions_are_sound_and_nothing_repeats():
    *_, report = soundness.look(range(500, 506))
    assert report.faults == []
    assert report.sessions == 6 and report.hours > 3.0
    assert len(report.pieces) == 6 * 2 * 2 * (2 + 6 + 6)


def test_what_is_unsound_is_found():
    report = Report()
    piece = np.random.default_rng(1).standard_normal((50, 1))
    soundness._check(report, piece, "here")
    soundness._check(report, piece.copy(), "there")
    soundness._check(report, np.array([[np.nan], [1.0]]), "elsewhere")
    assert report.faults == ["there: a signal that was there before", "elsewhere: not all samples are numbers"]


def test_the_command_says_what_it_looked_at(capsys):
    assert soundness.main(["--sessions", "1", "--first", "7"]) == 0
    assert "SIMULATED: 1 sessions" in capsys.readouterr().out

"""The shortened hold: consent first, the key notes the cramp, recording and labels fit what really happened."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from monitor.cli.guided_run import agreed, virtual_presses_s
from monitor.errors import CrampwatchError, RecordingError, TeamError
from monitor.evaluation.labelled import read_labels
from monitor.events import Event, Heartbeat, Marker
from monitor.guided.hold import HoldGuide, hold_spans, write_labels
from monitor.guided.hold_result import cramp_spans, hold_result, lines
from monitor.guided.marks import HEEL_RISE, HOLD, Mark
from monitor.guided.texts import CONSENT
from monitor.recording.backlog import Entry
from monitor.recording.header import session_header
from monitor.recording.session_file import SessionFile
from monitor.session import Session
from monitor.settings import Settings
from monitor.simulation.recorded import Worn, session_events, simulated_team
from monitor.simulation.sessions import session_of

WORN = Worn(("left",), ("GM",), emg_hz=1000.0, imu_hz=50.0)
TEAM = simulated_team(WORN)
NAME = TEAM.athletes[0].name


def guide(asked: list[str]) -> HoldGuide:
    return HoldGuide(Session(TEAM, {}, Settings()), NAME, asked.append, "left")


def test_a_minute_at_most_then_a_minute_to_see_whether_it_still_comes():
    asked: list[str] = []
    hold = guide(asked)
    hold.press()
    hold.put(Marker(100.0, asked[-1]), (), ())
    for half in range(200, 420):
        hold.put(Heartbeat(half / 2), (), ())
        if asked[-1].endswith("end left") and hold.phase == "test":
            hold.put(Marker(half / 2, asked[-1]), (), ())
    assert asked == ["shortened-hold: test left", "shortened-hold: end left"]
    hold.press()  # it still comes
    hold.put(Marker(210.0, asked[-1]), (), ())
    assert hold.phase == "cramp"
    hold.press()
    hold.put(Marker(230.0, asked[-1]), (), ())
    hold.put(Heartbeat(291.0), (), ())
    hold.put(Marker(291.0, asked[-1]), (), ())
    assert hold.phase == "done"
    markers = list(zip((100.0, 160.0, 210.0, 230.0, 291.0), asked, strict=True))
    assert hold_spans(markers, 300.0) == ([(100.0, 160.0)], [(210.0, 230.0)], "left")


def test_what_is_open_at_the_end_ends_there_and_other_tests_do_not_count():
    markers = [(5.0, str(Mark(HEEL_RISE, "test", "left"))), (10.0, str(Mark(HOLD, "test", "right")))]
    assert hold_spans(markers, 30.0) == ([(10.0, 30.0)], [], "right")
    assert hold_spans([*markers, (20.0, str(Mark(HOLD, "cramp", "right")))], 30.0)[1] == [(20.0, 30.0)]


def test_a_leg_without_a_sensor_is_refused():
    with pytest.raises(TeamError, match="right"):
        HoldGuide(Session(TEAM, {}, Settings()), NAME, print, "right")


class _Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_begins_without_consent(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", _Keyboard("yes\n"))
    with pytest.raises(CrampwatchError, match="not agreed"):
        agreed()
    assert "cramp" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("I agree\n"))  # no terminal
    with pytest.raises(CrampwatchError, match="terminal"):
        agreed()
    monkeypatch.setattr("sys.stdin", _Keyboard("i agree\n"))
    assert agreed().keys() == {"consent_sha256", "agreed"}
    assert "ethics board" in CONSENT and "not a medical device" in CONSENT.replace("\n", " ")


def _recorded(path: Path) -> tuple[float, ...]:
    """The virtual athlete's hold with its key presses, written as the live session writes it."""
    session, asked = Session(TEAM, {}, Settings()), []
    hold, presses_s = HoldGuide(session, NAME, asked.append, "left"), list(virtual_presses_s("shortened-hold", "left"))
    about = {"test": {"kind": "shortened-hold", "athlete": NAME}}
    team = TEAM.model_dump(mode="json")
    header = session_header(
        title="hold",
        settings=session.settings.to_dict(),
        team=team,
        profiles={},
        speed=1.0,
        simulated=True,
        epoch_s=0.0,
    )
    file = SessionFile(path, header | about)

    def put(event: Event) -> None:
        hold.put(event, (), ())
        file.write([Entry(event, (), ())])

    for event in session_events(session_of("shortened-hold", 1), 1, 260.0, worn=WORN):
        put(event)
        if presses_s and event.time_s >= presses_s[0]:
            presses_s.pop(0)
            hold.press()
        while asked:
            put(Marker(event.time_s, asked.pop(0)))
    file.finish()
    file.close()
    return virtual_presses_s("shortened-hold", "left")


def test_the_labels_are_where_the_cramp_was(tmp_path: Path):
    path, labels = tmp_path / "hold.xdf", tmp_path / "hold.labels.csv"
    _, cramps_s, relieved_s = _recorded(path)
    result = hold_result(path)
    (cramp,) = result["cramps"]
    assert cramp["start_s"] == pytest.approx(cramps_s, abs=0.6)
    assert cramp["end_s"] == pytest.approx(relieved_s, abs=0.6)
    write_labels(labels, path, result["leg"], cramp_spans(result))
    (label,) = read_labels(labels)
    assert (label.file, label.leg, label.start_s) == ("hold.xdf", "left", pytest.approx(cramps_s, abs=0.6))
    assert "one cramp noted" in next(lines(result, labels))
    with pytest.raises(RecordingError, match="labels"):
        write_labels(labels, path, "left", [])

"""`crampwatch test` in the terminal: prompts, metronome, key, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from monitor.cli import app
from monitor.cli.guided_run import GuidedRun, LostLinks, Presses, Teller, story_missed
from monitor.errors import CrampwatchError
from monitor.events import Heartbeat, Link, LinkChange
from monitor.guided.comparing import save_result
from monitor.guided.heel_rise import GuideView
from monitor.simulation.recorded import Worn, write_session
from monitor.simulation.sessions import session_of


@dataclass
class FakeGuide:
    view: GuideView
    pressed: int = 0

    def press(self) -> None:
        self.pressed += 1


@dataclass
class FakeSource:
    now_s: float = 0.0
    stopped: bool = False
    clock: SimpleNamespace = field(default_factory=SimpleNamespace)

    def __post_init__(self) -> None:
        self.clock.now_s = lambda: self.now_s

    def stop(self) -> None:
        self.stopped = True


def test_prompts_come_once_the_metronome_beats_and_the_end_stops_the_sensors(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    guide, source, at_s = FakeGuide(GuideView("rest", "left", 0, "Rest.", 0.0)), FakeSource(), [0.0]
    teller = Teller(guide, source, 30.0, Presses(guide, lambda: at_s[0], (5.0, 9.0)))
    assert [line.split("  ")[-1] for line in teller.lines()] == ["Rest."]
    assert not list(teller.lines())
    at_s[0] = 6.0
    assert not list(teller.lines()) and guide.pressed == 1
    guide.view = GuideView("test", "left", 0, "Go.", 100.0, 100.0)
    beats = []
    for tick in range(8):
        source.now_s = 100.0 + 0.5 * tick
        list(teller.lines())
        beats.append(capsys.readouterr().err)
    assert ["up" in beat for beat in beats] == [True, False, False, False] * 2  # 60 beats a minute, two for a rise
    assert [beat.count("\a") for beat in beats] == [1, 0, 0, 0] * 2
    guide.view = GuideView("done", "", 0, "Done.", 160.0)
    list(teller.lines())
    assert source.stopped


def test_a_speed_that_the_virtual_radio_cannot_carry_is_refused(tmp_path: Path):
    result = CliRunner().invoke(app, ["test", "heel-rise", "--virtual", "--speed", "100", "--folder", str(tmp_path)])
    assert isinstance(result.exception, CrampwatchError)
    assert "the largest that works is" in str(result.exception)
    assert not list(tmp_path.iterdir())


def test_speed_is_for_virtual_sensors(tmp_path: Path):
    with pytest.raises(CrampwatchError, match="--virtual"):
        GuidedRun("heel-rise", None, "os", False, None, None, tmp_path, 2.0, 1).play(lambda *_: pytest.fail("began"))


def test_the_hold_needs_somebody_who_agrees():
    done = CliRunner().invoke(app, ["test", "shortened-hold"], input="I agree\n")
    assert done.exit_code == 1
    assert isinstance(done.exception, CrampwatchError)
    assert "consent" in str(done.exception)


def test_earlier_tests_are_sought_where_results_are_saved(tmp_path: Path, monkeypatch):
    begun = [f"2026-05-0{day}T10:00:00+00:00" for day in (1, 2, 3)]
    of_day = [{"athlete": "A7", "begun": day, "simulated": False, "legs": {}} for day in begun]
    for number, place in enumerate(("elsewhere", "usual")):
        (tmp_path / place).mkdir()
        save_result(tmp_path / place / "old.heel-rise.json", of_day[number])
    record = tmp_path / "elsewhere" / "today.xdf"
    monkeypatch.setattr(GuidedRun, "play", lambda run, make: run.record)
    monkeypatch.setattr("monitor.cli.guided_run.heel_rise_result", lambda path, athlete: of_day[2])
    call = ["test", "heel-rise", "--record", str(record), "--folder", str(tmp_path / "usual"), "--json"]
    done = CliRunner().invoke(app, call)
    assert json.loads(done.stdout)["earlier"] == of_day[:2]
    assert record.with_suffix(".heel-rise.json").exists()


def test_a_recording_without_a_test_says_so(tmp_path: Path):
    path = tmp_path / "short.xdf"
    write_session(session_of("rested", 1), 1, 0.5, path, worn=Worn(("left",), ("GM",), emg_hz=500.0, imu_hz=50.0))
    result = json.loads(CliRunner().invoke(app, ["test", "heel-rise", "--replay", str(path), "--json"]).stdout)
    assert result["legs"] == {} and result["earlier"] == []
    done = CliRunner().invoke(app, ["test", "shortened-hold", "--replay", str(path)])
    assert "holds no shortened hold" in str(done.exception)


def test_a_virtual_test_that_came_too_late_for_its_athlete_says_so() -> None:
    legs = {"left": {"ended": "not begun"}, "right": {"ended": "height lost"}}
    assert story_missed({"legs": legs}).startswith("no rises of the left leg:")
    assert story_missed({"legs": {"right": legs["right"]}}) == ""


def test_links_that_a_virtual_test_loses_are_counted() -> None:
    links = LostLinks()
    for event in (LinkChange(1.0, "uMyo-1L", Link.LIVE), Heartbeat(1.5), LinkChange(2.0, "uMyo-1L", Link.LOST)):
        links.put(event, (), ())
    assert links.lost == 1

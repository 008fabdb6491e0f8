"""When the engine publishes a picture: a wall's before seconds are closed, and at once where a state changes."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from monitor.chunk import Channel, Chunk, Stream
from monitor.engine import Engine
from monitor.events import Decoded, Heartbeat, Marker
from monitor.leg import Leg
from monitor.session import Session
from monitor.settings import Settings
from monitor.snapshot import Snapshot
from monitor.team import Athlete, Sensor, Team

TEAM = Team(athletes=(Athlete(name="A1", sensors=(Sensor(match="S", profile="decoded", leg="left", roles=("emg",)),)),))


def described() -> dict[str, object]:
    return {"speed": 1.0, "source": "live", "title": "today", "simulated": False}


class Engraved(Engine):
    """An engine that notes what it does, in order: "picture", or the seconds that a leg has closed."""

    def __init__(self, *, curves: bool, frame_s: float = 0.0) -> None:
        self.done: list[str] = []
        session = Session(TEAM, {}, Settings())
        super().__init__([], session, describe=described, watched=True, frame_s=frame_s, curves=curves)
        self.done.clear()

    def _picture(self) -> Snapshot:
        self.done.append("picture")
        return super()._picture()


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make legs note, in the engine's list, that they were asked to close."""

    def note(engine: Engraved) -> Engraved:
        advance = Leg.advance

        def noting(leg: Leg, *given: float) -> Any:
            engine.done.append("close")
            return advance(leg, *given)

        monkeypatch.setattr(Leg, "advance", noting)
        return engine

    return note


@pytest.mark.parametrize(("curves", "order"), [(False, ["picture", "close"]), (True, ["close", "picture"])])
def test_a_walls_picture_comes_before_seconds_are_closed(noted: Any, curves: bool, order: list[str]) -> None:
    engine = noted(Engraved(curves=curves))
    for event in (Heartbeat(0.1), Heartbeat(0.2)):
        engine._take(event)
    assert engine.done == order * 2


@pytest.mark.parametrize("curves", [False, True])
def test_a_change_of_state_is_shown_at_once(noted: Any, curves: bool) -> None:
    emg = Stream("emg", 1000.0, (Channel("GM", "uV"),), "S")
    rng, engine = np.random.default_rng(1), noted(Engraved(curves=curves, frame_s=1000.0))
    shown = []
    for second in range(30):  # three seconds of signal, then silence
        time_s = second + np.arange(1, 1001) / 1000
        if second < 3:
            engine._take(Decoded(second + 1.0, "S", Chunk(emg, time_s, 5.0 * rng.standard_normal((1000, 1)))))
        engine._take(Heartbeat(second + 1.0))
        shown.append(engine.snapshot.legs[0].state)
    assert shown[0] == "CALIBRATING" and shown[-1] == "NO_SIGNAL"
    pictures = [i for i, what in enumerate(engine.done) if what == "picture"]
    changes = sum(after != before for before, after in itertools.pairwise(shown))
    assert len(pictures) == 1 + changes, "the first is due, each other is a change"
    assert all(engine.done[i - 1] == "close" for i in pictures[1:])


@pytest.mark.parametrize("curves", [False, True])
def test_a_marker_is_shown_without_waiting_for_a_heartbeat(curves: bool) -> None:
    engine = Engraved(curves=curves)
    engine._take(Marker(0.05, "kick-off"))
    assert engine.done == ["picture"]

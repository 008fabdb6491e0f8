"""What a person orders of a baseline: what comes of it, live, in a replay, and ordered afterwards in a recording."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from leg_rig import TEAM, Told, even_edges, events, samples, session
from typer.testing import CliRunner

from monitor.cli import app
from monitor.events import Event, Marker
from monitor.keeping import session_facts, session_from_header
from monitor.orders import BaselineOrder, baseline_marker, is_baseline_order
from monitor.recording import amend
from monitor.recording.replay import RecordingSource
from monitor.rewriting import write_session
from monitor.settings import Settings

LENGTH_S, ORDERED_S = 60.0, 50.0
SETTINGS = Settings().changed({"baseline.recent_s": 60, "baseline.refit_s": 5, "baseline.start_s": 2})
HEADER = {"team": TEAM.model_dump(mode="json"), "profiles": {}, "settings": SETTINGS.to_dict(), "speed": 1.0} | (
    session_facts(session(), {})
)


def stream(*orders: tuple[float, BaselineOrder]) -> list[Event]:
    """The events of a minute's EMG with the orders among them."""
    emg = {"emg": samples("working", 1, LENGTH_S)["emg"]}
    found: list[Event] = list(events(emg, even_edges(0.5, LENGTH_S)))
    for time_s, order in orders:
        at = next(number for number, event in enumerate(found) if event.time_s > time_s)
        found.insert(at, Marker(time_s, baseline_marker(order, "A7", "left")))
    return found


@cache
def told(*orders: tuple[float, BaselineOrder]) -> Told:
    return Told(session(SETTINGS)).feed(stream(*orders)).finish()


def fitted(of: Told) -> np.ndarray:
    path = of.leg.path
    assert path is not None and path.compression.fit is not None
    return path.compression.fit.weights


def remarks(of: Told) -> list[tuple[float, str]]:
    return [(second.remark.time_s, second.remark.text) for second in of.seconds if second.remark is not None]


def test_a_frozen_baseline_learns_no_more():
    until = Told(session(SETTINGS)).feed(itertools.takewhile(lambda event: event.time_s <= ORDERED_S, stream()))
    frozen = told((ORDERED_S, BaselineOrder.FREEZE))
    np.testing.assert_array_equal(fitted(frozen), fitted(until))
    assert not np.array_equal(fitted(told()), fitted(frozen), equal_nan=True)
    ((time_s, text),) = remarks(frozen)
    assert time_s == pytest.approx(ORDERED_S, abs=1.5) and "stays as it is" in text
    assert frozen.states == told().states


def test_what_is_not_learnt_cannot_be_frozen_and_is_learnt_all_the_same():
    early = told((3.0, BaselineOrder.FREEZE))
    ((_, text),) = remarks(early)
    assert "no baseline yet" in text
    np.testing.assert_array_equal(fitted(early), fitted(told()))


def test_a_refit_rests_on_the_last_minutes_and_readings_begin_anew():
    again = told((ORDERED_S, BaselineOrder.REFIT))
    ((_, text),) = remarks(again)
    assert "the last 1 minutes" in text and "readings begin anew" in text
    readings = {second.time_s: second.evidence.compression for second in again.seconds}
    assert readings[49.0] is not None and readings[52.0] is None
    assert again.state_at(59.0) == told().state_at(59.0) == "OK", "the calf stays learnt"
    path = again.leg.path
    assert path is not None and path.compression.fit is not None
    assert 150 <= path.compression.fit.n_frames < told().leg.path.compression.fit.n_frames  # type: ignore[union-attr]


def test_a_refit_without_contractions_leaves_the_baseline():
    early = told((3.0, BaselineOrder.REFIT))
    ((_, text),) = remarks(early)
    assert "0 contraction frames and 150 are needed" in text
    np.testing.assert_array_equal(fitted(early), fitted(told()))


@pytest.mark.parametrize("order", list(BaselineOrder))
def test_a_replay_obeys_as_the_live_session_did(tmp_path: Path, order: BaselineOrder):
    path = tmp_path / "a.xdf"
    write_session(stream((ORDERED_S, order)), HEADER, path)
    with RecordingSource(path) as source:
        again = Told(session_from_header(source.header)).feed(source).finish()
    assert again.states == told((ORDERED_S, order)).states
    assert [second.evidence for second in again.seconds] == [s.evidence for s in told((ORDERED_S, order)).seconds]


def test_what_is_ordered_afterwards_is_obeyed_until_it_is_undone(tmp_path: Path):
    path = tmp_path / "a.xdf"
    write_session(stream(), HEADER, path)
    ordered = ["annotate", str(path), "--at", str(ORDERED_S), "--baseline", "restart", "--of"]
    assert CliRunner().invoke(app, [*ordered, "B2 right"]).exit_code == 2, "nobody of that name"
    assert CliRunner().invoke(app, [*ordered, "A7 left"]).exit_code == 0
    amend.add(path, [amend.Note(30.0, "cramp: A7 left")])
    with RecordingSource(path) as source:
        again = Told(session_from_header(source.header)).feed(source).finish()
    assert again.states == told((ORDERED_S, BaselineOrder.RESTART)).states != told().states
    for _ in range(2):
        amend.undo(path)
    with RecordingSource(path) as source:
        markers = [event for event in source if isinstance(event, Marker)]
    assert not markers


def test_only_orders_are_orders():
    assert is_baseline_order(baseline_marker(BaselineOrder.REFIT, "A7", "left"))
    assert not is_baseline_order("cramp: A7 left") and not is_baseline_order("the baseline: A7 left")


# an electrode that moves -------------------------------------------------------------------------------------------

MOVED_S = 24.0
QUICK = SETTINGS.changed({"electrodes.block_frames": 50, "electrodes.least_blocks": 3})


@cache
def shifted(channels: tuple[float, float]) -> Told:
    """The same minute, with channels that grow louder or quieter from one moment on."""
    emg = samples("working", 1, LENGTH_S)["emg"]
    gain = np.where(emg.time_s[:, None] < MOVED_S, 1.0, np.array(channels))
    fed = events({"emg": replace(emg, samples=emg.samples * gain.astype(np.float32))}, even_edges(0.5, LENGTH_S))
    return Told(session(QUICK)).feed(fed).finish()


def test_a_channel_that_moves_is_said_and_no_longer_compared():
    moved, still = shifted((3.0, 1.0)), shifted((1.0, 1.0))
    said = [second.time_s for second in moved.seconds if any("moved" in text for text in second.evidence.quality)]
    assert MOVED_S < said[0] < LENGTH_S - 1 and not any("moved" in str(s.evidence.quality) for s in still.seconds)
    emg = moved.seconds[-1].emg
    assert emg is not None
    n_moved = int(emg.electrodes.channels.sum())
    if n_moved == 1:
        assert emg.electrodes.channels.tolist() == [True, False]
        assert moved.states == still.states, "the other channel goes on"
    else:
        assert moved.state_at(LENGTH_S) == "CALIBRATING" and moved.seconds[-1].evidence.rebased


def test_a_refit_takes_the_electrodes_as_they_are_now():
    moved = shifted((3.0, 1.0))
    path = moved.leg.path
    assert path is not None and path.compression.refit()
    assert not path.compression.electrodes.moved.any() and not path.compression.rebased

"""Streams of another program as a source, over the real library on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from monitor.acquisition.lsl_library import lsl
from monitor.acquisition.lsl_source import LslSource
from monitor.errors import NetworkError, TeamError
from monitor.events import Decoded, Event, Heartbeat, Link, LinkChange, Marker
from monitor.team import Team

RATE_HZ = 1000.0
WAIT_S = 30.0


@pytest.fixture(scope="module")
def library() -> Any:
    try:
        return lsl()
    except NetworkError as error:
        pytest.skip(str(error))


def team(match: str, **more: object) -> Team:
    worn = {"match": match, "profile": "lsl", "leg": "left", "roles": ["emg"], **more}
    return Team.model_validate({"athletes": [{"name": "A7", "sensors": [worn]}]})


def outlet(library: Any, name: str, unit: str = "microvolts") -> Any:
    info = library.StreamInfo(name, "EMG", 2, RATE_HZ, "float32", f"id of {name}")
    info.set_channel_labels(["GM", "GL"])
    info.set_channel_units([unit, unit])
    return library.StreamOutlet(info, 0, 60)


def until(events: Iterator[Event], done: Callable[[Event], bool]) -> list[Event]:
    seen: list[Event] = []
    end_s = time.monotonic() + WAIT_S
    for event in events:
        seen.append(event)
        if done(event):
            return seen
        assert time.monotonic() < end_s, seen[-5:]
    raise AssertionError(seen)


def is_link(link: Link) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, LinkChange) and event.link is link


def test_samples_come_whole_on_one_clock_with_gaps_as_gaps(library: Any) -> None:
    sends, rng = outlet(library, "amp one"), np.random.default_rng(1)
    with LslSource(team("amp one")) as source:
        events = iter(source)
        until(events, is_link(Link.LIVE))
        begin_s, blocks = library.local_clock() - 12.0, np.r_[0:200, 240:440]  # of 25 samples; 1 s is missing
        for block in blocks:
            rows = np.column_stack([block * 25 + np.arange(25)] * 2).astype(np.float32)
            sends.push_chunk(rows, begin_s + (block * 25 + 24) / RATE_HZ + rng.uniform(0, 0.02))
        chunks: list[Any] = []
        while sum(map(len, chunks)) < 25 * len(blocks):
            (newest,) = until(events, lambda event: isinstance(event, Decoded))[-1:]
            chunks.append(newest.chunk)
    time_s, number = np.concatenate([c.time_s for c in chunks]), np.concatenate([c.samples[:, 0] for c in chunks])
    np.testing.assert_array_equal(number, (blocks[:, None] * 25 + np.arange(25)).ravel())
    assert (np.diff(time_s) > 0).all()
    straight = time_s - number / RATE_HZ
    assert np.ptp(straight) < 0.02, "the stamps stepped by up to 20 ms; a line does not"
    assert np.diff(time_s).max() == pytest.approx(1.0, abs=0.05)
    assert chunks[0].stream.labels == ("GM", "GL")


def test_a_stream_that_tells_no_unit_is_named_and_not_guessed(library: Any) -> None:
    _kept = outlet(library, "amp two", unit="")
    with LslSource(team("amp two")) as source:
        (told,) = until(iter(source), is_link(Link.UNSUPPORTED))[-1:]
    assert isinstance(told, LinkChange) and "tells no unit" in told.detail


def test_while_nothing_comes_time_goes_on_and_notes_are_taken(library: Any) -> None:
    with LslSource(team("nowhere")) as source:
        source.mark("cramp left")
        events = until(iter(source), lambda event: isinstance(event, Heartbeat) and event.time_s > 0.4)
    assert any(isinstance(event, Marker) and event.text == "cramp left" for event in events)
    assert is_link(Link.SEARCHING)(next(event for event in events if isinstance(event, LinkChange)))


@pytest.mark.parametrize("more,told", [({"profile": "umyo"}, "'umyo'"), ({"roles": ["emg", "shank"]}, "several roles")])
def test_a_team_of_other_sensors_is_refused(library: Any, more: dict[str, object], told: str) -> None:
    with pytest.raises(TeamError, match=told):
        LslSource(team("amp", **more))

"""What other programs read of a session over LSL, over the real library on this machine."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from monitor.acquisition.lsl_library import lsl
from monitor.chunk import Channel, Chunk, Stream
from monitor.errors import NetworkError
from monitor.events import Decoded, Event, Heartbeat
from monitor.network.lsl_outlets import LslOutlets
from monitor.session import Session
from monitor.settings import Settings
from monitor.team import Team

TEAM = Team.model_validate(
    {
        "athletes": [
            {
                "name": "A7",
                "sensors": [{"match": "amp", "profile": "lsl", "leg": "left", "roles": ["emg"]}],
            }
        ]
    }
)
STREAM = Stream("emg", 1000.0, (Channel("GM", "uV"), Channel("GL", "uV")), "amp")


@pytest.fixture(scope="module")
def library() -> Any:
    try:
        return lsl()
    except NetworkError as error:
        pytest.skip(str(error))


def inlet(library: Any, source_id: str) -> Any:
    (info,) = library.resolve_byprop("source_id", source_id, 1, 20.0)
    made = library.StreamInlet(info)
    made.open_stream(20.0)
    return made


def pulled(stream: Any) -> tuple[list[Any], list[float]]:
    rows, stamps = stream.pull_chunk(1.0, 100_000)
    return rows, stamps


ANGLE = Stream("angle", 50.0, (Channel("ankle", "deg"),), "gonio")
WITH_ANGLE = Team.model_validate(
    {
        "athletes": [
            {
                "name": "A8",
                "sensors": [
                    {"match": "amp", "profile": "lsl", "leg": "left", "roles": ["emg"]},
                    {"match": "gonio", "profile": "lsl", "leg": "left", "roles": ["angle"]},
                ],
            }
        ]
    }
)


def test_each_second_is_a_sample_of_mdf_compression_and_score_and_the_angle_is_there(library: Any) -> None:
    session = Session(WITH_ANGLE, {}, Settings())
    outlets: Any = LslOutlets(lambda: session)
    rng, sent = np.random.default_rng(4), defaultdict(list)
    outlets._push = lambda outlet, rows, time_s: sent[outlet.get_info().name()].append((rows, time_s))

    def put(event: Event) -> None:
        outlets.put(event, session.feed(event).chunks, ())

    for second in range(15):
        works = 3.0 if second % 2 else 90.0
        emg, degrees = works * rng.standard_normal((1000, 2)), np.full((50, 1), float(second))
        put(Decoded(second + 1.0, "gonio", Chunk(ANGLE, second + np.arange(50) / 50, degrees.astype(np.float32))))
        put(Decoded(second + 1.0, "amp", Chunk(STREAM, second + np.arange(1000) / 1000, emg.astype(np.float32))))
        put(Heartbeat(second + 1.0))
    put(Heartbeat(20.0))  # nothing came for so long: this closes several seconds at once
    (leg,) = session.legs
    made = outlets.outlets["A8", "left", "fatigue"].get_info()
    assert made.get_channel_labels() == ["MDF GM", "MDF GL", "compression", "score"]
    rows, times_s = (np.concatenate(told) for told in zip(*sent["Crampwatch A8 left fatigue"], strict=True))
    assert times_s.tolist() == [second.time_s for second in leg.history] and len(times_s) >= 19
    wanted = [[*s.emg.mdf_hz, s.evidence.compression, s.score] for s in leg.history if s.emg is not None]
    np.testing.assert_array_equal(rows, np.array(wanted, dtype=np.float64))
    assert np.isnan(rows[0]).all() and np.isfinite(rows[-1, :2]).all()
    degrees, times_s = (np.concatenate(told) for told in zip(*sent["Crampwatch A8 left angle"], strict=True))
    assert (np.diff(times_s) > 0).all() and len(times_s) >= 700
    known = np.isfinite(degrees[:, 0])
    assert known.sum() >= 700 and degrees[known, 0].tolist() == np.floor(times_s[known] + 1e-6).tolist()


def test_a_second_without_emg_is_unknown_and_a_replay_that_begins_anew_is_told_anew(library: Any) -> None:
    outlets: Any = LslOutlets(lambda: Session(TEAM, {}, Settings()))
    told: list[tuple[float, float]] = []
    outlets._outlet = lambda *_: None
    outlets._push = lambda _, rows, time_s: told.append((float(time_s[0]), float(rows[0, 0])))

    def second(time_s: float, mdf_hz: float | None = None) -> SimpleNamespace:
        emg = None if mdf_hz is None else SimpleNamespace(mdf_hz=np.array([mdf_hz]))
        return SimpleNamespace(time_s=time_s, emg=emg, evidence=SimpleNamespace(compression=0.9), score=1.0)

    path = SimpleNamespace(stream=SimpleNamespace(labels=("GM",)))
    leg: Any = SimpleNamespace(athlete="A7", leg="left", path=path, history=[second(1.0, 80.0), second(2.0)])
    outlets._put_fatigue(leg)
    leg.history += [second(3.0, 79.0), second(4.0, 78.0)]
    outlets._put_fatigue(leg)
    leg.history = [second(1.0, 77.0)]
    outlets._put_fatigue(leg)
    assert [time_s for time_s, _ in told] == [1.0, 2.0, 3.0, 4.0, 1.0]
    assert [mdf_hz for _, mdf_hz in told] == pytest.approx([80.0, np.nan, 79.0, 78.0, 77.0], nan_ok=True)


def test_a_leg_is_published_as_it_was_fed(library: Any) -> None:
    session = Session(TEAM, {}, Settings())
    outlets = LslOutlets(lambda: session)
    rng = np.random.default_rng(3)

    def feed(first: int, count: int) -> np.ndarray:
        samples = (30 * rng.standard_normal((count, 2))).astype(np.float32)
        event = Decoded((first + count) / 1000, "amp", Chunk(STREAM, (first + np.arange(count)) / 1000, samples))
        outcome = session.feed(event)
        outlets.put(
            event, outcome.chunks, [{"time_s": event.time_s, "athlete": "A7", "leg": "left", "state": "CALIBRATING"}]
        )
        return samples

    for second in range(4):
        feed(1000 * second, 1000)
    streams = {what: inlet(library, f"crampwatch-a7-left-{what}") for what in ("emg", "state")}
    whole = streams["emg"].info(20.0)
    assert (whole.get_channel_labels(), whole.get_channel_units()) == (["GM", "GL"], ["microvolts"] * 2)
    assert whole.desc().child("crampwatch").child_value("athlete") == "A7"
    sent = np.concatenate([feed(4000 + 500 * part, 500) for part in range(4)])
    rows: list[Any] = []
    stamps: list[float] = []
    while len(rows) < len(sent):
        more = pulled(streams["emg"])
        rows, stamps = rows + more[0], stamps + more[1]
    np.testing.assert_array_equal(np.array(rows, dtype=np.float32), sent)
    assert (np.diff(stamps) > 0).mean() > 0.99
    assert pulled(streams["state"])[0][0] == ["CALIBRATING"]

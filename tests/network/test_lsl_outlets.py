"""What other programs read of a session over LSL, over the real library on this machine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from monitor.acquisition.lsl_library import lsl
from monitor.chunk import Channel, Chunk, Stream
from monitor.errors import NetworkError
from monitor.events import Decoded
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

"""A short session whose sensors began one after the other, as they do live: two athletes, notes before all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from monitor.acquisition.tables import IMU_CHANNELS
from monitor.chunk import Channel, Chunk, Stream
from monitor.importing.content import Content
from monitor.recording.header import session_header
from monitor.settings import Settings
from monitor.team import Athlete, Role, Sensor, Team

NOTES = ((2.0, 'früh, "linke" Wade'), (6.5, '"'), (7.25, "Krampf\tä,\nЖ\x85\x14"), (9.0, "state of the calf: bad"))
STARTS_S = {"A": 4.3, "B": 7.5, "F": 8.2}
EPOCH_S = 1795707120.5


def late_session(notes: tuple[tuple[float, str], ...] = NOTES, of_a_team: bool = True, long_s: int = 3) -> Content:
    """EMG of A and B, motion of F."""
    rng = np.random.default_rng(3)
    emg, axes = (Channel("GM", "uV"),), IMU_CHANNELS
    streams = []
    for source, name, rate_hz, channels in (
        ("A", "emg", 500.0, emg),
        ("B", "emg", 500.0, emg),
        ("F", "imu", 50.0, axes),
    ):
        time_s = STARTS_S[source] + np.arange(int(long_s * rate_hz)) / rate_hz
        samples = rng.normal(0, 50, (len(time_s), len(channels)))
        samples = samples.astype(np.float32) if name == "emg" else samples
        streams.append(Chunk(Stream(name, rate_hz, channels, source), time_s, samples))
    states = tuple(
        {"time_s": at_s, "athlete": "A1", "leg": "left", "state": s} for at_s, s in ((0.0, "OK"), (8.0, "WARN"))
    )
    header = _header() if of_a_team else {}
    return Content(Path("late.xdf"), "XDF", tuple(streams), notes, states, header, EPOCH_S if of_a_team else None)


def _header() -> dict[str, Any]:
    def sensor(source: str, role: Role) -> Sensor:
        return Sensor(match=source, profile="imported", leg="left", roles=(role,))

    team = Team(
        athletes=(
            Athlete(name="A1", sensors=(sensor("A", "emg"), sensor("F", "foot"))),
            Athlete(name="A2", sensors=(sensor("B", "emg"),)),
        )
    )
    return session_header(
        title="late",
        settings=Settings().to_dict(),
        team=team.model_dump(mode="json"),
        profiles={},
        speed=1.0,
        simulated=False,
        epoch_s=EPOCH_S,
    )

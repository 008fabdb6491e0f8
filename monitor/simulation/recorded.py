"""A simulated session as the events that a source gives: two legs, each with EMG, shank and foot sensors."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from monitor.chunk import Channel, Chunk, Stream
from monitor.errors import RecordingError
from monitor.events import Decoded, Event, Heartbeat
from monitor.recording.backlog import Entry
from monitor.recording.header import session_header
from monitor.recording.session_file import SessionFile, problem
from monitor.settings import Settings
from monitor.simulation.calf import Calf
from monitor.simulation.disturbances import Emg, emg_of
from monitor.simulation.imu import ImuSource
from monitor.simulation.scenario import Scenario
from monitor.simulation.truth import LEGS, truth
from monitor.simulation.wire import Wire
from monitor.team import Athlete, LegSide, Sensor, Team

HEARTBEAT_S = 0.5
_EVENTS_PER_WRITE = 300
_IMU_CHANNELS = tuple(
    [Channel(f"acc_{axis}", "g") for axis in "xyz"] + [Channel(f"gyr_{axis}", "deg/s") for axis in "xyz"]
)
SimulatedRole = Literal["emg", "shank", "foot"]
ROLES: tuple[SimulatedRole, ...] = ("emg", "shank", "foot")


@dataclass(frozen=True, slots=True)
class Worn:
    """What the athlete wears. legs : with sensors; channels : of the EMG; emg_hz, imu_hz : samples per second."""

    legs: tuple[LegSide, ...]
    channels: tuple[str, ...]
    emg_hz: float
    imu_hz: float


EVERYTHING = Worn(LEGS, ("GM", "GL"), emg_hz=1000.0, imu_hz=100.0)


def simulated_team(worn: Worn = EVERYTHING) -> Team:
    """One athlete with three sensors on each leg; their `match` is the source_id of the simulated streams."""
    sensors = tuple(_sensor(worn, leg, role) for leg in worn.legs for role in ROLES)
    return Team(athletes=(Athlete(name="Virtual athlete", sensors=sensors),))


def session_events(
    scenario: Scenario, seed: int, until_s: float, block_s: float = 0.25, worn: Worn = EVERYTHING
) -> Iterator[Event]:
    """The session from 0 to until_s: each sensor's samples every block_s, a heartbeat every 0.5 s.

    EMG: stream "emg", in uV; motion: stream "imu", acc in g and gyr in deg/s, all float32.
    Samples arrive when their block ends, so the last ones before until_s come at until_s; the size of the blocks
    changes no sample, but a block longer than a session waits (0.5 s) comes late.
    Raises: ValueError where block_s is not above 0.
    """
    if block_s <= 0:
        raise ValueError(f"a block lasts longer than 0 s, got {block_s}")
    sensors = [make_sensor(scenario, worn, leg, role, seed) for leg in worn.legs for role in ROLES]
    beats, arrived_s = 0, 0.0
    for block in range(1, int(np.ceil(until_s / block_s - 1e-9)) + 1):
        start_s, arrived_s = arrived_s, min(block * block_s, until_s)
        while (beats + 1) * HEARTBEAT_S < arrived_s:
            beats += 1
            yield Heartbeat(beats * HEARTBEAT_S)
        for sensor in sensors:
            yield sensor.decoded(start_s, arrived_s)
    yield Heartbeat(until_s)


def write_session(
    scenario: Scenario,
    seed: int,
    minutes: float,
    path: Path,
    truth_path: Path | None = None,
    progress: Callable[[float], None] | None = None,
    worn: Worn = EVERYTHING,
) -> None:
    """Record a simulated session into a new XDF file, and the truth about it into a JSON file.

    progress : is told now and then how many session seconds are done
    Raises: RecordingError if the recording is there already or one of the files cannot be written.
    """
    until_s = 60.0 * minutes
    file = SessionFile(path, _header(scenario, worn))
    try:
        for batch in _batches(session_events(scenario, seed, until_s, worn=worn)):
            file.write([Entry(event, (), ()) for event in batch])
            if progress is not None:
                progress(batch[-1].time_s)
        file.finish()
    except OSError as error:
        raise RecordingError(f"cannot write {path}: {problem(error)}") from error
    finally:
        file.close()
    if truth_path is not None:
        _write_truth(truth_path, truth(scenario, seed, until_s, emg_hz=worn.emg_hz, legs=worn.legs))


def _batches(events: Iterator[Event]) -> Iterator[list[Event]]:
    while batch := list(itertools.islice(events, _EVENTS_PER_WRITE)):
        yield batch


def _header(scenario: Scenario, worn: Worn) -> dict[str, Any]:
    """What the recording says about itself; a simulated session has no date, so its seconds count from 1970."""
    return session_header(
        title=scenario.name,
        settings=Settings().to_dict(),
        team=simulated_team(worn).model_dump(mode="json"),
        profiles={},
        speed=1.0,
        simulated=True,
        epoch_s=0.0,
    )


def _write_truth(path: Path, content: dict[str, Any]) -> None:
    try:
        path.write_text(json.dumps(content), encoding="utf-8")
    except OSError as error:
        raise RecordingError(f"cannot write the truth to {path}: {problem(error)}") from error


def _sensor(worn: Worn, leg: LegSide, role: SimulatedRole) -> Sensor:
    channels = worn.channels if role == "emg" else ()
    return Sensor(match=f"sim-{leg}-{role}", profile="simulated", leg=leg, roles=(role,), channels=channels)


@dataclass(frozen=True, slots=True)
class SimulatedSensor:
    """One simulated sensor: its stream, its signal by its own clock, and its link."""

    stream: Stream
    source: Emg | ImuSource
    wire: Wire

    def decoded(self, start_s: float, end_s: float) -> Decoded:
        """What it sends of a span of time; a lost packet is a row of NaN."""
        first, end = (int(np.ceil(edge_s * self.wire.rate_hz - 1e-6)) for edge_s in (start_s, end_s))
        time_s, samples = self.source.read(end - first)
        rows = samples.astype(np.float32)
        rows[self.wire.lost(first, end)] = np.nan
        return Decoded(end_s, self.stream.source_id, Chunk(self.stream, self.wire.stamps_s(time_s), rows))


def make_sensor(scenario: Scenario, worn: Worn, leg: LegSide, role: SimulatedRole, seed: int) -> SimulatedSensor:
    """One of the sensors that an athlete wears."""
    calf, source_id = Calf(scenario, leg, seed), _sensor(worn, leg, role).match
    emg = tuple(Channel(label, "uV") for label in worn.channels)
    name, nominal_hz, channels = ("emg", worn.emg_hz, emg) if role == "emg" else ("imu", worn.imu_hz, _IMU_CHANNELS)
    stream = Stream(name, nominal_hz, channels, source_id)
    wire = Wire(scenario.sensor, source_id, seed, nominal_hz)
    if role == "emg":
        return SimulatedSensor(stream, emg_of(calf, worn.channels, rate_hz=wire.rate_hz), wire)
    return SimulatedSensor(stream, ImuSource(calf, role, rate_hz=wire.rate_hz), wire)

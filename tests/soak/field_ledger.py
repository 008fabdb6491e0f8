"""What the recordings of a soak hold of all that the sensors sent: every packet once, or why not.

The samples of a virtual sensor are counted since the field began, so each packet tells when it was made. Numbers of
packets here are that of their first sample.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from field_plan import GATEWAY_KILLED, GATEWAYS, Plan

from monitor.acquisition.profile import find
from monitor.events import Notification
from monitor.recording.replay import RecordingSource
from monitor.simulation.packing import Packer

TAIL_S = 2.0  # wall seconds; what a killed gateway may not have written yet: a recorder appends each 0.25 s


@dataclass
class Held:
    """What one recording has. packets : by sensor their numbers, in order; since_s : the field's second at its 0."""

    path: Path
    since_s: float
    packets: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Held:
        """Raises: RecordingError."""
        source = RecordingSource(path)
        held, first = cls(path, float(source.header.get("field_s", 0.0))), find("umyo").sim.start_index
        for event in source:
            if isinstance(event, Notification):
                (counter,) = struct.unpack_from("<I", event.payload)
                held.packets.setdefault(event.sensor, []).append((counter - first) % 2**32)
        return held


def compare(plan: Plan, gateways: Mapping[str, Sequence[Path]], hub: Path, merged: Path) -> dict[str, Any]:
    """gateways : by name its recordings, one for each start; merged : all of these as one."""
    seen, joined = Held.read(hub), Held.read(merged)
    held = {name: [Held.read(path) for path in paths] for name, paths in gateways.items()}
    figures: dict[str, Any] = {"packets": 0, "doubled": 0, "out_of_order": 0, "missing_in_a_recording": 0,
                               "hub_lacks": 0, "in_the_hub_alone": 0, "in_no_recording": 0, "lost_by_merge": 0,
                               "tails": []}  # fmt: skip
    for name in GATEWAYS:
        for sensor in plan.sensors_of(name):
            runs = [run.packets.get(sensor, []) for run in held[name]]
            dead = _dead(plan, name, held[name])
            told = [each.packets.get(sensor, []) for each in (seen, joined)]
            _count(plan, sensor, runs, told[0], told[1], dead, figures)
        figures["tails"] += _tails(plan, name, held[name])
    return figures


def _dead(plan: Plan, name: str, runs: Sequence[Held]) -> list[tuple[float, float]]:
    """While this gateway did not live, session seconds of the field."""
    killed_s = [f.begin_s * plan.speed for f in plan.faults if (f.kind, f.whom) == (GATEWAY_KILLED, name)]
    return list(zip([0.0, *killed_s], [run.since_s for run in runs], strict=True))


def _count(
    plan: Plan,
    sensor: str,
    runs: list[list[int]],
    seen: list[int],
    joined: list[int],
    dead: Any,
    figures: dict[str, Any],
) -> None:
    """seen, joined : what the hub's recording has of it, and the merged one."""
    step, absences = _step(), plan.absences(sensor)
    for numbers in (*runs, seen, joined):
        figures["doubled"] += len(numbers) - len(set(numbers))
        figures["out_of_order"] += sum(after < before for before, after in itertools.pairwise(numbers))
    for numbers in runs:
        figures["missing_in_a_recording"] += _missing(numbers, step, absences, 0.0)
    recorded = set(itertools.chain.from_iterable(runs))
    figures["packets"] += len(recorded | set(seen))
    figures["hub_lacks"] += len(recorded - set(seen))
    figures["in_the_hub_alone"] += len(set(seen) - recorded)
    figures["lost_by_merge"] += len(recorded - set(joined))
    figures["in_no_recording"] += _missing(sorted(recorded | set(seen)), step, [*absences, *dead], TAIL_S * plan.speed)


def _missing(numbers: list[int], step: int, gaps_s: Sequence[tuple[float, float]], tail_s: float) -> int:
    """Packets that lack between two of these, but for those of times when none could come."""
    missing = 0
    for before, after in itertools.pairwise(numbers):
        if after - before > step:
            begin_s, end_s = _field_s(before), _field_s(after)
            known = any(begin_s < to_s and end_s > from_s - tail_s for from_s, to_s in gaps_s)
            missing += 0 if known else (after - before) // step - 1
    return missing


def _tails(plan: Plan, name: str, runs: Sequence[Held]) -> list[float]:
    """Wall seconds before each SIGKILL of which this gateway's own recording has nothing."""
    killed = [f.begin_s for f in plan.faults if (f.kind, f.whom) == (GATEWAY_KILLED, name)]
    newest = [max(_field_s(c[-1]) for c in run.packets.values() if c) / plan.speed for run in runs[: len(killed)]]
    return [round(at_s - last_s, 2) for at_s, last_s in zip(killed, newest, strict=True)]


def _field_s(number: int) -> float:
    profile = find("umyo")
    return number / profile.sim.notify[0].true_rate_hz


def _step() -> int:
    profile = find("umyo")
    return Packer(profile, profile.packet(profile.sim.notify[0].packet)).samples_per_packet

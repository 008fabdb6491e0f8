"""One simulated leg as a session meets it: its samples, and the events that bring them in any cutting."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

import numpy as np

from monitor.chunk import Chunk
from monitor.events import Decoded, Event, Heartbeat
from monitor.leg import Leg, LegSecond
from monitor.session import Outcome, Session
from monitor.settings import Settings
from monitor.simulation.recorded import session_events
from monitor.simulation.scenario import LegPlan, Part, Scenario, scenario
from monitor.stored import StoredLeg
from monitor.team import Athlete, Sensor, Team
from monitor.warning.state import StateChange

LENGTH_S = 100.0
ROLES = ("emg", "shank", "foot")
TEAM = Team(
    athletes=(
        Athlete(
            name="A7",
            sensors=tuple(
                Sensor(match=role, profile="simulated", leg="left", roles=(role,), channels=())  # type: ignore[arg-type]
                for role in ROLES
            ),
        ),
    )
)


@cache
def samples(name: str = "tiring", seed: int = 1, until_s: float = LENGTH_S) -> Mapping[str, Chunk]:
    """All samples of the left leg by role."""
    played = _PLANS[name] if name in _PLANS else scenario(name)
    found: dict[str, list[Chunk]] = {role: [] for role in ROLES}
    for event in session_events(played, seed, until_s, block_s=10.0):
        if isinstance(event, Decoded) and event.sensor.startswith("sim-left-"):
            found[event.sensor.removeprefix("sim-left-")].append(event.chunk)
    return {role: Chunk.joined(chunks) for role, chunks in found.items()}


_PLANS = {
    "working": Scenario(
        name="working",
        title="a calf at work from the first second on, 15 % down",
        part=(Part(steps=(("stand", 4.0), ("raises", 19.2), ("stand", 6.0), ("walk", 15.0))),),
        leg={"left": LegPlan(compression=((0.0, 0.85),))},
    )
}


def between(chunk: Chunk, start_s: float, end_s: float) -> Chunk:
    """The samples in start_s <= time < end_s."""
    return chunk[slice(*(int(row) for row in np.searchsorted(chunk.time_s + 1e-9, (start_s, end_s))))]


def lost(chunk: Chunk, start_s: float, end_s: float) -> Chunk:
    """The samples without those of a span."""
    return Chunk.joined([between(chunk, -1.0, start_s), between(chunk, end_s, 1e9)])


def events(
    chunks: Mapping[str, Chunk], edges_s: Iterable[float], late_s: Mapping[str, Callable[[float], float]] | None = None
) -> Iterator[Event]:
    """Each sensor's samples cut at the edges, every block before the heartbeats that let it close.

    late_s : by role, how much of what was measured has not arrived at a time.
    """
    edges = sorted({0.0, *edges_s})
    beat = 0
    for start_s, end_s in itertools.pairwise(edges):
        for role, chunk in chunks.items():
            late = (late_s or {}).get(role, lambda _: 0.0)
            block = between(chunk, start_s - late(start_s), end_s - late(end_s))
            if len(block):
                yield Decoded(end_s, role, block)
        while (beat + 1) * 0.5 <= end_s + 1e-9:
            beat += 1
            yield Heartbeat(beat * 0.5)


def even_edges(block_s: float, until_s: float = LENGTH_S) -> list[float]:
    return [float(edge) for edge in np.append(np.arange(0.0, until_s, block_s), until_s)]


def session(settings: Settings | None = None, stored: StoredLeg | None = None, **how) -> Session:
    kept = {("A7", "left"): stored} if stored else None
    return Session(TEAM, {}, settings or Settings(), stored=kept, **how)


class Told:
    """A session that was fed, and everything that it said."""

    def __init__(self, of: Session) -> None:
        self.session = of
        self.seconds: list[LegSecond] = []
        self.changes: list[StateChange] = list(of.first_changes)

    def feed(self, fed: Iterable[Event]) -> Told:
        for event in fed:
            self._take(self.session.feed(event))
        return self

    def finish(self) -> Told:
        self._take(self.session.finish())
        return self

    def _take(self, outcome: Outcome) -> None:
        self.seconds += [second for _, second in outcome.seconds]
        self.changes += outcome.changes

    @property
    def leg(self) -> Leg:
        return self.session.legs[0]

    @property
    def states(self) -> list[tuple[float, str]]:
        return [(change.time_s, str(change.state)) for change in self.changes]

    def state_at(self, time_s: float) -> str:
        return [state for since_s, state in self.states if since_s <= time_s][-1]


def played(chunks: Mapping[str, Chunk], block_s: float = 0.25, until_s: float = LENGTH_S, **how) -> Told:
    return Told(session(**how)).feed(events(chunks, even_edges(block_s, until_s))).finish()

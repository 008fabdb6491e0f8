"""Random training sessions for the evaluation: another seed is another athlete, another training, another fate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from monitor.simulation.contact import SensorPlan
from monitor.simulation.fates import Fate, draw_fate
from monitor.simulation.noise import generator, key_of
from monitor.simulation.ranges import draw_sensors
from monitor.simulation.scenario import LegPlan, Part, Scenario, load_scenario, scenario
from monitor.simulation.step import Step
from monitor.team import LegSide

RANDOM = "random"
_LENGTH_S = (1800.0, 4200.0)
_SHORTEST_MIN = 20.0  # a fate needs time: what is to be shorter is the beginning of one so long
_COOL_DOWN_S = 180.0  # kept for it where a session's length is told
_COLD = 0.25  # share of sessions in which the skin cools (assumed)
Steps = list[Step]
Block = Callable[[np.random.Generator], Steps]


def session_of(name: str, seed: int) -> Scenario:
    """A shipped scenario, a scenario's own file ("mine.toml"), or "random": the session of that seed.

    Raises: ScenarioError.
    """
    if name.endswith(".toml"):
        return load_scenario(Path(name))
    return random_session(seed) if name == RANDOM else scenario(name)


def random_session(seed: int, minutes: float | None = None) -> Scenario:
    """Half an hour to 70 minutes of training of an athlete drawn from `ranges.toml`, with or without cramps.

    minutes : from the first step to the cool-down's end, about, 20 at least; None = drawn
    """
    rng = generator(key_of(seed, "session"))
    kinds = list(rng.choice(list(_BLOCKS), size=2, p=_SHARES))
    steps = _warm_up(rng)
    training_s = rng.uniform(*_LENGTH_S)
    if minutes is not None:
        training_s = max(60.0 * max(minutes, _SHORTEST_MIN) - _COOL_DOWN_S, _length_s(steps))
    fate = draw_fate(seed, _length_s(steps), training_s)
    while (now_s := _length_s(steps)) < training_s:
        kind = kinds[0] if rng.uniform() < 0.75 else kinds[1]
        steps += fate.cramp(now_s, rng) if fate.due(now_s) else _BLOCKS[kind](rng)
    steps += _cool_down(rng)
    return _scenario(seed, str(kinds[0]), steps, fate, rng)


def _scenario(seed: int, kind: str, steps: Steps, fate: Fate, rng: np.random.Generator) -> Scenario:
    legs: dict[LegSide, LegPlan] = {
        leg: LegPlan(cramps=tuple(cramps), false_starts=tuple(fate.false_starts[leg]))
        for leg, cramps in fate.cramps.items()
    }
    parts = (Part(steps=tuple(steps)), Part(steps=(_step("walk", 40), _step("stand", 30), _step("sit", 60))))
    told = f"Random session {seed}, mostly {kind}: {sum(len(plan.cramps) for plan in legs.values())} cramp(s)"
    sensor = SensorPlan.model_validate(draw_sensors(seed))
    skin_c = _weather(rng, _length_s(steps))
    return Scenario(name=f"{RANDOM}-{seed}", title=told, part=parts, leg=legs, athlete={}, skin_c=skin_c, sensor=sensor)


def _weather(rng: np.random.Generator, length_s: float) -> tuple[tuple[float, float], ...]:
    """Skin temperature: it wanders by a degree, or falls by 2 to 6 degrees within 10 to 25 minutes."""
    if rng.uniform() < _COLD:
        begin_s = rng.uniform(0.0, 0.4 * length_s)
        return ((begin_s, 0.0), (begin_s + rng.uniform(600.0, 1500.0), -rng.uniform(2.0, 6.0)))
    times_s = np.arange(0.0, length_s, 400.0)
    return tuple(zip(times_s.tolist(), np.clip(0.5 * rng.standard_normal(len(times_s)), -1, 1).tolist(), strict=True))


def _length_s(steps: Steps) -> float:
    return sum(step.seconds for step in steps)


def _step(activity: str, seconds: float, **more: float | bool) -> Step:
    return Step.model_validate({"activity": activity, "seconds": round(float(seconds), 1), **more})


def _warm_up(rng: np.random.Generator) -> Steps:
    """The calibration, then three to five minutes that show the calf fresh."""
    steps = [_step("stand", 8), _step("pumps", 15), _step("walk", 20)]
    for _ in range(int(rng.integers(2, 4))):
        steps += [_step("stand", rng.uniform(10, 20)), _step("raises", rng.uniform(14, 26))]
        steps += [_step("walk", rng.uniform(15, 30)), _step("run", rng.uniform(20, 40), effort=0.85)]
    return steps


def _cool_down(rng: np.random.Generator) -> Steps:
    return [
        _step("walk", rng.uniform(40, 90)),
        _step("stretch", 30),
        _step("stand", 20),
        _step("sit", rng.uniform(30, 60)),
    ]


def _calf_work(rng: np.random.Generator) -> Steps:
    work = rng.choice(["raises", "hold", "push", "tiptoe"], p=[0.5, 0.2, 0.15, 0.15])
    length_s = {"raises": (20, 60), "hold": (8, 25), "push": (12, 40), "tiptoe": (10, 40)}[str(work)]
    rest = rng.choice(["stand", "sit", "walk", "point"], p=[0.4, 0.3, 0.2, 0.1])
    return [_step(str(work), rng.uniform(*length_s)), _step(str(rest), rng.uniform(12, 60))]


def _run(rng: np.random.Generator) -> Steps:
    running = _step("run", rng.uniform(60, 240), effort=rng.uniform(0.8, 1.15))
    return [running, _step("walk", rng.uniform(10, 40)), *_pause(rng)]


def _hills(rng: np.random.Generator) -> Steps:
    slope = rng.uniform(3, 8)
    return [
        _step("run", rng.uniform(40, 120), slope_deg=slope, rough=bool(rng.uniform() < 0.4)),
        _step("walk", rng.uniform(10, 40), slope_deg=slope),
        _step("run", rng.uniform(40, 120), slope_deg=-slope, rough=bool(rng.uniform() < 0.4)),
        *_pause(rng),
    ]


def _match(rng: np.random.Generator) -> Steps:
    action = rng.choice(["sprint", "kicks", "tiptoe", "lean"], p=[0.5, 0.25, 0.1, 0.15])
    length_s = {"sprint": (3, 7), "kicks": (8, 20), "tiptoe": (6, 15), "lean": (10, 40)}[str(action)]
    steps = [_step("run", rng.uniform(15, 60)), _step("walk", rng.uniform(10, 30))]
    return [*steps, _step(str(action), rng.uniform(*length_s)), *_pause(rng)]


def _easy(rng: np.random.Generator) -> Steps:
    return [
        _step("walk", rng.uniform(30, 120)),
        _step("run", rng.uniform(20, 60), effort=0.75),
        _step("raises", rng.uniform(5, 15)),
        *_pause(rng),
    ]


def _pause(rng: np.random.Generator) -> Steps:
    rest = rng.choice(["stand", "lean", "sit", "stretch"], p=[0.6, 0.15, 0.15, 0.1])
    return [_step(str(rest), rng.uniform(8, 30))] if rng.uniform() < 0.7 else []


_BLOCKS: dict[str, Block] = {"calf work": _calf_work, "run": _run, "hills": _hills, "match": _match, "easy": _easy}
_SHARES = (0.3, 0.2, 0.15, 0.2, 0.15)

"""Scenarios: what two legs do in a session and what happens to their calves, as short TOML files in `scenarios/`."""

from __future__ import annotations

import itertools
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from monitor.errors import ScenarioError
from monitor.simulation.contact import SensorPlan
from monitor.simulation.ranges import draw_traits
from monitor.simulation.step import Step
from monitor.team import LegSide

_FOLDER = Path(__file__).parent / "scenarios"


def _rising(curve: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    if any(later[0] <= earlier[0] for earlier, later in itertools.pairwise(curve)):
        raise ValueError("the times of a curve must rise")
    return curve


def _drawable(traits: dict[str, float]) -> dict[str, float]:
    try:
        draw_traits(0, "left", traits)
    except ScenarioError as error:
        raise ValueError(str(error)) from error
    return traits


EmgLevel = Literal["spectrum", "motor-unit"]
Curve = Annotated[tuple[tuple[float, float], ...], Field(min_length=1), AfterValidator(_rising)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Precursor(_Strict):
    """What announces a cramp. kind: a word; strength: 0..1 of the strongest that is simulated, 0 = a sudden cramp."""

    kind: str
    start_s: float
    strength: float = Field(ge=0, le=1)


class FalseStart(Precursor):
    """A precursor that passes at end_s without a cramp."""

    end_s: float

    def delayed(self, seconds: float) -> FalseStart:
        """The same, so many seconds later."""
        return self.model_copy(update={"start_s": self.start_s + seconds, "end_s": self.end_s + seconds})


class CrampPlan(_Strict):
    """One cramp of GM.

    onset_s, rise_s, stretch_s : first discharges; from there to the plateau; the stretch that ends it
    plateau : RMS as a fraction of the calf's largest voluntary RMS
    """

    onset_s: float
    rise_s: float = Field(gt=0)
    stretch_s: float
    plateau: float = Field(gt=0, le=1)
    precursor: Precursor

    def delayed(self, seconds: float) -> CrampPlan:
        """The same, so many seconds later."""
        precursor = self.precursor.model_copy(update={"start_s": self.precursor.start_s + seconds})
        times = {name: getattr(self, name) + seconds for name in ("onset_s", "stretch_s")}
        return self.model_copy(update={**times, "precursor": precursor})


class LegPlan(_Strict):
    """What happens to one calf: curves of (session second, value), straight between their points, held after the last.

    compression : spectral scale of GM against the fresh muscle
    quiet : RMS of the EMG at rest against the fresh muscle
    twitches_per_min : single motor-unit twitches per minute at rest
    relaxation_s : time constant with which the drive dies away after a contraction; 0 = as fast as the movement says
    warmth, loudness : what temperature does to the spectral scale and to the RMS, 1 = as at the session's start
    drive_rise : how much more drive the same task needs at a compression of 0.75
    pitch, gain : the athlete's frequencies and amplitudes against the usual ones

    Where the scenario names an athlete, `physiology` makes these curves of what the calf does, and the file says only
    when it cramps and when precursors pass without a cramp.
    """

    compression: Curve = ((0.0, 1.0),)
    quiet: Curve = ((0.0, 1.0),)
    twitches_per_min: Curve = ((0.0, 0.5),)
    relaxation_s: Curve = ((0.0, 0.0),)
    warmth: Curve = ((0.0, 1.0),)
    loudness: Curve = ((0.0, 1.0),)
    drive_rise: float = Field(default=0.3, ge=0, le=0.5)
    pitch: float = Field(default=1.0, gt=0)
    gain: float = Field(default=1.0, gt=0)
    cramps: tuple[CrampPlan, ...] = ()
    false_starts: tuple[FalseStart, ...] = ()

    def delayed(self, seconds: float) -> LegPlan:
        """The same, so many seconds later."""
        cramps = tuple(cramp.delayed(seconds) for cramp in self.cramps)
        false_starts = tuple(start.delayed(seconds) for start in self.false_starts)
        curves = {name: later(getattr(self, name), seconds) for name in CURVES}
        return self.model_copy(update={**curves, "cramps": cramps, "false_starts": false_starts})


CURVES = ("compression", "quiet", "twitches_per_min", "relaxation_s", "warmth", "loudness")


def later(curve: Curve, seconds: float) -> Curve:
    """A curve, so many seconds later."""
    return tuple((time_s + seconds, value) for time_s, value in curve)


class Part(_Strict):
    """Activities in order ("raises 24 s"), the whole row `times` times."""

    times: int = Field(default=1, ge=1)
    steps: tuple[Step, ...] = Field(min_length=1)


class Scenario(_Strict):
    """A session for two legs. The last part goes on for ever when the session is run longer.

    athlete : traits by their names in `ranges.toml`; those not named are drawn by seed. None: the curves of the file
        are all that happens to the calves.
    skin_c : skin temperature against the session's start, deg C
    sensor : how well the sensors sit and work
    emg_level : how the EMG is made: "spectrum" is fast, "motor-unit" makes every impulse of every motor unit
    """

    name: str
    title: str
    part: tuple[Part, ...] = Field(min_length=1)
    leg: dict[LegSide, LegPlan] = {}
    athlete: Annotated[dict[str, float], AfterValidator(_drawable)] | None = None
    skin_c: Curve = ((0.0, 0.0),)
    sensor: SensorPlan = SensorPlan()
    emg_level: EmgLevel = "spectrum"

    @property
    def steps(self) -> tuple[Step, ...]:
        """All activities in order."""
        return tuple(step for part in self.part for step in part.steps * part.times)

    @property
    def length_s(self) -> float:
        """Seconds until the last part begins to repeat."""
        return sum(step.seconds for step in self.steps)

    def delayed(self, seconds: float) -> Scenario:
        """The same session after standing still for so many seconds (2 or more)."""
        waiting = Part(steps=(Step(activity="stand", seconds=seconds),))
        legs = {leg: plan.delayed(seconds) for leg, plan in self.leg.items()}
        skin_c = later(self.skin_c, seconds)
        moved = {"leg": legs, "skin_c": skin_c, "sensor": self.sensor.delayed(seconds)}
        return self.model_copy(update={"part": (waiting, *self.part), **moved})

    def calf(self, leg: Literal["left", "right"]) -> LegPlan:
        """The plan of one leg; a leg that the file does not name stays fresh."""
        return self.leg.get(leg, LegPlan())


def scenario_names() -> list[str]:
    """The scenarios that come with the program."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


@cache
def scenario(name: str) -> Scenario:
    """A shipped scenario by name. Raises: ScenarioError if there is none of that name."""
    if name not in scenario_names():
        raise ScenarioError(f"there is no scenario {name!r}; known are {', '.join(scenario_names())}")
    return load_scenario(_FOLDER / f"{name}.toml")


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file. Raises: ScenarioError naming file, place and reason."""
    try:
        return Scenario.model_validate({"name": path.stem, **tomllib.loads(path.read_text(encoding="utf-8"))})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(f"cannot read the scenario {path}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ScenarioError(f"the scenario {path} is wrong at {place}: {first['msg']}") from error

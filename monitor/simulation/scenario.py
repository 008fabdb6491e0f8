"""Scenarios: what two legs do in a session and what happens to their calves, as short TOML files in `scenarios/`."""

from __future__ import annotations

import itertools
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from monitor.errors import ScenarioError
from monitor.simulation.movements import MOVEMENTS
from monitor.team import LegSide

_FOLDER = Path(__file__).parent / "scenarios"


def _rising(curve: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    if any(later[0] <= earlier[0] for earlier, later in itertools.pairwise(curve)):
        raise ValueError("the times of a curve must rise")
    return curve


def _step(text: object) -> object:
    """ "raises 24 s" -> ("raises", 24.0)."""
    if not isinstance(text, str):
        return text
    activity, _, length = text.partition(" ")
    return activity, length.removesuffix("s").strip()


def _known(step: tuple[str, float]) -> tuple[str, float]:
    if step[0] not in MOVEMENTS:
        raise ValueError(f"unknown activity {step[0]!r}, known are {', '.join(MOVEMENTS)}")
    if step[1] < 2.0:
        raise ValueError(f"{step[0]!r} must last 2 s or more")
    return step


Curve = Annotated[tuple[tuple[float, float], ...], Field(min_length=1), AfterValidator(_rising)]
Step = Annotated[tuple[str, float], BeforeValidator(_step), AfterValidator(_known)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Precursor(_Strict):
    """What announces a cramp. kind: a word; strength: 0..1 of the strongest that is simulated."""

    kind: str
    start_s: float
    strength: float = Field(ge=0, le=1)


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
    """

    compression: Curve = ((0.0, 1.0),)
    quiet: Curve = ((0.0, 1.0),)
    twitches_per_min: Curve = ((0.0, 0.5),)
    cramps: tuple[CrampPlan, ...] = ()

    def delayed(self, seconds: float) -> LegPlan:
        """The same, so many seconds later."""

        def later(curve: Curve) -> Curve:
            return tuple((time_s + seconds, value) for time_s, value in curve)

        cramps = tuple(cramp.delayed(seconds) for cramp in self.cramps)
        curves = {name: later(getattr(self, name)) for name in ("compression", "quiet", "twitches_per_min")}
        return self.model_copy(update={**curves, "cramps": cramps})


class Part(_Strict):
    """Activities in order ("raises 24 s"), the whole row `times` times."""

    times: int = Field(default=1, ge=1)
    steps: tuple[Step, ...] = Field(min_length=1)


class Scenario(_Strict):
    """A session for two legs. The last part goes on for ever when the session is run longer."""

    name: str
    title: str
    part: tuple[Part, ...] = Field(min_length=1)
    leg: dict[LegSide, LegPlan] = {}

    @property
    def steps(self) -> tuple[tuple[str, float], ...]:
        """All activities with their seconds, in order."""
        return tuple(step for part in self.part for step in part.steps * part.times)

    @property
    def length_s(self) -> float:
        """Seconds until the last part begins to repeat."""
        return sum(seconds for _, seconds in self.steps)

    def delayed(self, seconds: float) -> Scenario:
        """The same session after standing still for so many seconds (2 or more)."""
        waiting = Part(steps=(("stand", seconds),))
        legs = {leg: plan.delayed(seconds) for leg, plan in self.leg.items()}
        return self.model_copy(update={"part": (waiting, *self.part), "leg": legs})

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

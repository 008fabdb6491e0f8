"""Where simulated athletes come from: the documented ranges of `ranges.toml`, drawn by seed.

`python -m monitor.simulation.ranges` prints the table and its hash.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, model_validator

from monitor.errors import ScenarioError
from monitor.simulation.noise import generator, key_of
from monitor.team import LegSide

_FILE = Path(__file__).parent / "ranges.toml"
_SENSOR = "sensor"
Traits = Mapping[str, float]


class Range(BaseModel):
    """One parameter of an athlete.

    median, spread : of a lognormal shape, spread = sd of the natural logarithm
    each_leg : left and right differ
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    low: float
    high: float
    unit: str
    source: str
    shape: Literal["uniform", "log", "lognormal"] = "uniform"
    median: float | None = None
    spread: float | None = None
    each_leg: bool = False

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.low > self.high or (self.shape == "lognormal") != (self.median is not None and self.spread is not None):
            raise ValueError("low must not exceed high, and lognormal alone has median and spread")
        return self

    def draw(self, rng: np.random.Generator) -> float:
        """One value."""
        if self.median is not None and self.spread is not None:
            return float(np.clip(self.median * np.exp(self.spread * rng.standard_normal()), self.low, self.high))
        if self.shape == "log":
            return float(np.exp(rng.uniform(np.log(self.low), np.log(self.high))))
        return float(rng.uniform(self.low, self.high))


@cache
def ranges() -> dict[str, Range]:
    """The ranges of athletes by name."""
    return {name: entry for group, entries in _groups().items() if group != _SENSOR for name, entry in entries.items()}


def ranges_hash() -> str:
    """Twelve hexadecimal digits that change with any number, unit or source."""
    content = {group: {name: entry.model_dump() for name, entry in part.items()} for group, part in _groups().items()}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


def draw_traits(seed: int, leg: LegSide, pinned: Traits | None = None) -> Traits:
    """The athlete of a seed and what is a leg's own; each trait is drawn alone: a new one leaves the others alone.

    pinned : traits that a scenario fixes. Raises: ScenarioError for an unknown name or a value out of its range.
    """
    for name, value in (pinned or {}).items():
        known = ranges().get(name)
        if known is None or not known.low <= value <= known.high:
            told = f"lie in {known.low:g}..{known.high:g}" if known else f"be one of {', '.join(ranges())}"
            raise ScenarioError(f"the athlete's {name} = {value:g} must {told}")
    drawn = {
        name: entry.draw(generator(key_of(seed, "athlete", name, leg if entry.each_leg else "both")))
        for name, entry in ranges().items()
    }
    return drawn | dict(pinned or {})


def draw_sensors(seed: int) -> Traits:
    """How well the sensors of a random session sit and work."""
    return {name: entry.draw(generator(key_of(seed, "sensor", name))) for name, entry in _groups()[_SENSOR].items()}


@cache
def _groups() -> dict[str, dict[str, Range]]:
    groups = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        group: {name: Range.model_validate(entry) for name, entry in entries.items()}
        for group, entries in groups.items()
    }


def main() -> int:
    """Print the table and its hash."""
    for name, entry in ranges().items():
        sys.stdout.write(
            f"{name:15s} {entry.low:6g} .. {entry.high:<6g} {entry.shape:9s} {entry.unit}: {entry.source}\n"
        )
    sys.stdout.write(f"ranges_hash {ranges_hash()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

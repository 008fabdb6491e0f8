"""One line of a scenario: "run 90 s slope 6 rough effort 1.2", "raises 60 s left pace 1.2"."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from monitor.simulation.movements import MOVEMENTS
from monitor.team import LegSide

_SHORTEST_S = 2.0
_WITH_NUMBER = {"slope": "slope_deg", "effort": "effort", "pace": "pace", "reach": "reach"}
_LEGS = ("left", "right")


class Step(BaseModel):
    """An activity for so many seconds.

    slope_deg : of the ground, + = uphill; rough : uneven ground
    effort, pace, reach : scale of the drive, of the tempo and of the angles, 1 = as the movement's table says
    leg : the one that does it while the other only stands; None = both
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    activity: str
    seconds: float
    slope_deg: Annotated[float, Field(ge=-12, le=12)] = 0.0
    rough: bool = False
    effort: Annotated[float, Field(gt=0, le=1.6)] = 1.0
    pace: Annotated[float, Field(ge=0.6, le=1.4)] = 1.0
    reach: Annotated[float, Field(gt=0, le=1.4)] = 1.0
    leg: LegSide | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, content: Any) -> Any:
        """ "raises 24 s" or ("raises", 24.0)."""
        if isinstance(content, str):
            return _words(content.split())
        if isinstance(content, tuple | list):
            return dict(zip(("activity", "seconds"), content, strict=True))
        return content

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.activity not in MOVEMENTS:
            raise ValueError(f"unknown activity {self.activity!r}, known are {', '.join(MOVEMENTS)}")
        if self.seconds < _SHORTEST_S:
            raise ValueError(f"{self.activity!r} must last {_SHORTEST_S:g} s or more")
        return self


def _words(words: list[str]) -> dict[str, Any]:
    if len(words) < 2:
        raise ValueError(f"a step is an activity and its seconds ('walk 20 s'), got {' '.join(words)!r}")
    found: dict[str, Any] = {"activity": words[0], "seconds": words[1].removesuffix("s")}
    rest = iter(words[2:])
    for word in rest:
        if word == "rough":
            found["rough"] = True
        elif word in _LEGS:
            found["leg"] = word
        elif word in _WITH_NUMBER:
            found[_WITH_NUMBER[word]] = next(rest, None)
        elif word != "s":
            raise ValueError(
                f"unknown word {word!r} after {words[0]!r}; known are {', '.join(('rough', *_LEGS, *_WITH_NUMBER))}"
            )
    return found

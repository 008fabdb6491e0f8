"""Who wears what: athletes, their sensors and the sensors' roles, in a TOML file that people write."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from monitor.errors import TeamError
from monitor.unfinished import drafts

LegSide = Literal["left", "right"]
Role = Literal["emg", "shank", "foot", "angle"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f]+$"
Label = Annotated[str, Field(min_length=1, max_length=40, pattern=_PRINTABLE)]


class Sensor(_Strict):
    """One sensor on one leg. match: its advertised name, its address, or "serial:" and the serial number that it tells
    when it is connected; it is the sensor's source_id everywhere.

    variant, options: what its profile leaves open; None = the name in `match` tells the variant.
    placement: where its electrodes sit, in words; a baseline is kept from day to day for the same place alone.
    """

    match: str = Field(min_length=1, pattern=_PRINTABLE)
    profile: str = Field(min_length=1)
    variant: str | None = None
    options: dict[str, str] = Field(default_factory=dict)
    leg: LegSide
    roles: tuple[Role, ...] = Field(min_length=1)
    only: tuple[Label, ...] = ()  # of the profile's EMG channels those that lie on the calf; empty = all
    channels: tuple[Label, ...] = ()  # labels of these EMG channels, in their order; empty = the profile's own
    placement: str = Field(default="", max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")

    @model_validator(mode="after")
    def _each_channel_once(self) -> Self:
        for what, names in (("only", self.only), ("channels", self.channels)):
            if len(set(names)) != len(names):
                raise ValueError(f"one name stands twice in {what}")
        return self


class Athlete(_Strict):
    """A pseudonym and the sensors that this person wears."""

    name: Label
    sensors: tuple[Sensor, ...] = Field(min_length=1)

    @property
    def legs(self) -> frozenset[str]:
        """Where sensors are worn."""
        return frozenset(sensor.leg for sensor in self.sensors)


class Team(_Strict):
    """All athletes of a session."""

    athletes: tuple[Athlete, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_sensor_one_place(self) -> Self:
        names = [athlete.name for athlete in self.athletes]
        if len(set(names)) != len(names):
            raise ValueError("two athletes have the same name")
        matches = [sensor.match for athlete in self.athletes for sensor in athlete.sensors]
        if len(set(matches)) != len(matches):
            raise ValueError("one sensor stands at two places")
        for athlete in self.athletes:
            seats = [(sensor.leg, role) for sensor in athlete.sensors for role in sensor.roles]
            for leg, role in seats:
                if seats.count((leg, role)) > 1:
                    raise ValueError(f"athlete {athlete.name!r} has two {role} sensors on the {leg} leg")
        return self


_REASONS = {
    "extra_forbidden": "this key is not known",
    "missing": "this key is missing",
    "string_type": "a text in quotes is needed",
    "tuple_type": "a list is needed",
    "too_short": "at least one is needed",
}


def load_team(path: Path) -> Team:
    """Read a team file. Raises: TeamError naming file, place and reason."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise TeamError(f"cannot read the team file {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TeamError(f"cannot read the team file {path}: it is no text in UTF-8") from error
    try:
        return Team.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise TeamError(f"the team file {path} is no TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        reason = _REASONS.get(first["type"], first["msg"].removeprefix("Value error, "))
        raise TeamError(f"the team file {path} is wrong at {place}: {reason}") from error


def team_text(team: Team) -> str:
    """The team as TOML that `load_team` reads."""
    lines: list[str] = []
    for athlete in team.athletes:
        lines += ["[[athletes]]", f"name = {_quoted(athlete.name)}", ""]
        for sensor in athlete.sensors:
            lines += ["[[athletes.sensors]]", *_sensor_lines(sensor), ""]
    return "\n".join(lines)


def save_team(team: Team, path: Path) -> None:
    """Write a new team file; an old one is never overwritten. Raises: TeamError if it is there or cannot be written."""
    try:
        with drafts(path, new=True) as (written,):
            written.write_text(team_text(team), encoding="utf-8")
    except OSError as error:
        raise TeamError(f"cannot write the team file {path}: {error.strerror or error}") from error


def _sensor_lines(sensor: Sensor) -> list[str]:
    lines = [f"match = {_quoted(sensor.match)}", f"profile = {_quoted(sensor.profile)}"]
    if sensor.variant is not None:
        lines.append(f"variant = {_quoted(sensor.variant)}")
    if sensor.options:
        pairs = ", ".join(f"{_quoted(name)} = {_quoted(choice)}" for name, choice in sensor.options.items())
        lines.append(f"options = {{ {pairs} }}")
    lines += [f"leg = {_quoted(sensor.leg)}", f"roles = [{', '.join(map(_quoted, sensor.roles))}]"]
    if sensor.only:
        lines.append(f"only = [{', '.join(map(_quoted, sensor.only))}]")
    if sensor.channels:
        lines.append(f"channels = [{', '.join(map(_quoted, sensor.channels))}]")
    if sensor.placement:
        lines.append(f"placement = {_quoted(sensor.placement)}")
    return lines


def _quoted(text: str) -> str:
    """A TOML basic string: what JSON escapes, TOML escapes alike."""
    return json.dumps(text, ensure_ascii=False)

"""Teams of single sensors, for the tests."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.team import Athlete, Sensor, Team


def team_of_sensors(names: Iterable[str]) -> Team:
    """One athlete per sensor, left leg."""
    return Team(
        athletes=tuple(
            Athlete(name=f"A{i}", sensors=(Sensor(match=name, profile="made-up", leg="left", roles=("emg",)),))
            for i, name in enumerate(names)
        )
    )

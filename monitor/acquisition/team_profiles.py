"""The profiles of a team's sensors."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.acquisition.profile import Profile, find
from monitor.errors import ProfileError, TeamError
from monitor.team import Sensor, Team


def team_profiles(team: Team, library: Mapping[str, Profile | ProfileError] | None = None) -> dict[str, Profile]:
    """The profile of every sensor of the team, resolved, by source_id.

    library: by id; None = the shipped ones and the user's own. Raises: TeamError naming the sensor that has none.
    """
    profiles = {}
    for athlete in team.athletes:
        for sensor in athlete.sensors:
            try:
                profiles[sensor.match] = _profile(sensor, library)
            except ProfileError as error:
                raise TeamError(f"sensor {sensor.match!r} of {athlete.name}: {error}") from error
    return profiles


def _profile(sensor: Sensor, library: Mapping[str, Profile | ProfileError] | None) -> Profile:
    if library is None:
        return find(sensor.profile, sensor.variant, sensor.options, sensor.match)
    found = library.get(sensor.profile)
    if found is None:
        raise ProfileError(f"no profile is called {sensor.profile!r}")
    if isinstance(found, ProfileError):
        raise found
    return found.resolved(sensor.variant, sensor.options, sensor.match)

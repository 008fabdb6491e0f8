"""Is a baseline of an earlier session comparable with what is worn today? Words for what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from monitor.acquisition.profile_model import Profile
from monitor.leg import Leg
from monitor.stored import StoredLeg, Worn
from monitor.team import Sensor, Team
from monitor.warning import texts


def comparable(kept: StoredLeg | None, now: Worn) -> tuple[StoredLeg | None, tuple[str, ...]]:
    """What of a kept leg serves today, and what is to be said about it; the ankle's calibration stays in any case.

    Another sensor, or another place of its electrodes, measures another spectrum: such a baseline is not used. What
    was not told on one of the days cannot be told apart, and is said.
    """
    if kept is None or kept.emg is None:
        return kept, ()
    then = kept.worn
    for what, before, today in (
        ("sensor", then.profile, now.profile),
        ("placement", then.placement, now.placement),
    ):
        if before and today and plain(before) != plain(today):
            return replace(kept, emg=None), (texts.not_comparable(what, before, today),)
    day = "" if then.made_s is None else datetime.fromtimestamp(then.made_s, UTC).strftime("%Y-%m-%d")
    return kept, (texts.earlier(day, placed=bool(then.placement and now.placement)),)


def plain(text: str) -> str:
    """A text as it is compared: whatever its capitals and spaces."""
    return " ".join(text.casefold().split())


def worn_by(team: Team, profiles: Mapping[str, Profile]) -> dict[tuple[str, str], Worn]:
    """What each leg of a team wears, by athlete and leg. profiles : by source_id."""
    return {
        (athlete.name, sensor.leg): worn_of(sensor, profiles)
        for athlete in team.athletes
        for sensor in athlete.sensors
        if "emg" in sensor.roles
    }


def worn_of(sensor: Sensor, profiles: Mapping[str, Profile]) -> Worn:
    """One EMG sensor in its place."""
    profile = profiles.get(sensor.match)
    return Worn(sensor.profile if profile is None else profile.key, sensor.placement)


def baseline_notes(leg: Leg) -> tuple[str, ...]:
    """About a leg's baseline: the earlier session that it is of, or why that one does not serve; empty = of today."""
    refused = leg.path is not None and leg.path.kept_baseline is False
    return (texts.not_comparable_signal(),) if refused else leg.kept_notes

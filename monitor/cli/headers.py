"""The header of a recording made from the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.acquisition.profile import stored
from monitor.acquisition.profile_model import Profile
from monitor.keeping import session_facts
from monitor.recording.header import session_header
from monitor.session import Session


def live_header(
    session: Session, profiles: Mapping[str, Profile], title: str, speed: float, *, simulated: bool, epoch_s: float
) -> dict[str, Any]:
    """All that is needed to compute the session again. profiles : by source_id."""
    return session_header(
        title=title,
        settings=session.settings.to_dict(),
        team=session.team.model_dump(mode="json"),
        profiles={profile.key: stored(profile) for profile in profiles.values()},
        speed=speed,
        simulated=simulated,
        epoch_s=epoch_s,
    ) | session_facts(session, profiles)

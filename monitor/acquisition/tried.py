"""Whether a profile was ever tried on hardware: there is a report of `crampwatch profiles verify`, or it says so."""

from __future__ import annotations

from pathlib import Path

from monitor import shipped
from monitor.acquisition.profile import user_folder
from monitor.acquisition.profile_model import Profile

UNTRIED = "from documents, not yet tried on hardware"
REPORTS = "reports"


def tried(profile: Profile) -> bool:
    """Whether a real sensor was ever checked against this profile."""
    return profile.profile.verified_on_hardware or any(
        any((folder / REPORTS).glob(f"{profile.id}.*")) for folder in _folders()
    )


def remark(profile: Profile) -> str:
    """What has to be said of a profile that was never tried; empty if it was."""
    return "" if tried(profile) else UNTRIED


def _folders() -> tuple[Path, ...]:
    return shipped.folder("firmware_profiles"), user_folder()

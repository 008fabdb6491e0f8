"""What a recording says about itself: enough to compute it again, and nobody's real name."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from typing import Any

import monitor
from monitor.recording.placement import placement


def session_header(
    *,
    title: str,
    settings: Mapping[str, Any],
    team: Mapping[str, Any] | None,
    profiles: Mapping[str, Mapping[str, Any]],
    speed: float,
    simulated: bool,
    epoch_s: float,
) -> dict[str, Any]:
    """The header of a session's recording.

    title : scenario or team. settings, team : as JSON objects; the team with pseudonyms.
    profiles : every resolved firmware profile in use as plain data, by its key.
    speed : session seconds per wall second. epoch_s : Unix time at session time 0.
    """
    return {
        "crampwatch": monitor.__version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "title": title,
        "settings": dict(settings),
        "settings_sha256": sha256(json.dumps(settings, sort_keys=True)),
        "team": None if team is None else dict(team),
        "profiles": {key: _sealed(profile) for key, profile in profiles.items()},
        "placement": placement(_emg_labels(team)),
        "speed": speed,
        "simulated": simulated,
        "epoch_s": epoch_s,
    }


def _emg_labels(team: Mapping[str, Any] | None) -> dict[str, tuple[str, ...]]:
    """Labels of the EMG channels of each sensor, as far as the team says them."""
    worn = [sensor for athlete in (team or {}).get("athletes", []) for sensor in athlete["sensors"]]
    return {sensor["match"]: tuple(sensor["channels"]) for sensor in worn if "emg" in sensor["roles"]}


def _sealed(profile: Mapping[str, Any]) -> dict[str, Any]:
    return {"sha256": sha256(json.dumps(profile, sort_keys=True)), "profile": dict(profile)}


def sha256(text: str) -> str:
    """The SHA-256 of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()

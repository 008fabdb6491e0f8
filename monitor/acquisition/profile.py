"""Firmware profiles: read from TOML, checked, and found by id. A bad one is told apart by file, line and reason."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from monitor import shipped
from monitor.acquisition.profile_checks import Fault, first_fault
from monitor.acquisition.profile_model import Profile
from monitor.acquisition.profile_text import line_of, place
from monitor.errors import ProfileError

__all__ = ["Profile", "find", "library", "load_profile", "parse_profile", "profile_text", "user_folder"]


def load_profile(path: Path) -> Profile:
    """Read and check one profile. Raises: ProfileError naming file, line, key and reason."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"cannot read the profile {path}: {error}") from error
    return parse_profile(text, str(path))


def parse_profile(text: str, path: str) -> Profile:
    """Check the text of a profile; `path` is what errors call it. Raises: ProfileError."""
    try:
        profile = Profile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"the profile {path} is no TOML: {error}") from error
    except ValidationError as error:
        raise _error(path, text, _fault(error)) from error
    if fault := first_fault(profile):
        raise _error(path, text, fault)
    return profile


def _fault(error: ValidationError) -> Fault:
    """The first thing that pydantic found; an unknown key before the missing ones that it may be a misspelling of."""
    first = min(error.errors(), key=lambda item: item["type"] != "extra_forbidden")
    if first["type"] == "extra_forbidden":
        return Fault(first["loc"], "this key is not known")
    if first["type"] == "missing":
        return Fault(first["loc"], "this key is missing")
    return Fault(first["loc"], f"{first['msg'].removeprefix('Value error, ')} (it is {first['input']!r})")


def _error(path: str, text: str, fault: Fault) -> ProfileError:
    line = line_of(text, fault.loc)
    where = f"line {line}, {place(fault.loc)}" if line else place(fault.loc)
    return ProfileError(f"the profile {path} is wrong at {where}: {fault.reason}")


def user_folder() -> Path:
    """Where users keep their own profiles; they win over the shipped ones of the same id."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "crampwatch" / "profiles"


def library(extra_folder: Path | None = None) -> dict[str, Profile | ProfileError]:
    """All profiles by id: the shipped ones, the user's, those of an extra folder; the later win.

    A file that is no profile stands under its file's name with its error, and stops no other.
    """
    found: dict[str, Profile | ProfileError] = {}
    for folder in [*_folders(), *([extra_folder] if extra_folder else [])]:
        here: dict[str, Path] = {}
        for path in sorted(folder.glob("*.toml")):
            try:
                profile = _loaded(path, path.stat().st_mtime_ns)
                if profile.id in here:
                    raise ProfileError(f"the profile {path} has the id {profile.id!r}, as {here[profile.id]} has")
                here[profile.id] = path
                found[profile.id] = profile
            except ProfileError as error:
                found[path.stem] = error
    return found


def _folders() -> list[Path]:
    return [shipped.folder("firmware_profiles"), user_folder()]


def profile_text(profile_id: str) -> str:
    """The TOML of the profile that `find` gives, for the header of a recording. Raises: ProfileError."""
    wanted = find(profile_id)
    for folder in reversed(_folders()):
        for path in sorted(folder.glob("*.toml"), reverse=True):
            text = path.read_text(encoding="utf-8", errors="replace")
            if f'"{profile_id}"' in text and _loaded(path, path.stat().st_mtime_ns) == wanted:
                return text
    raise ProfileError(f"the file of the profile {profile_id!r} is gone")


@cache
def _loaded(path: Path, changed_ns: int) -> Profile:
    """A file is read once, and again when it has changed."""
    return load_profile(path)


def find(profile_id: str) -> Profile:
    """The profile of that id. Raises: ProfileError if there is none, or with the reason why it cannot be used."""
    profiles = library()
    profile = profiles.get(profile_id)
    if profile is None:
        known = ", ".join(sorted(name for name, entry in profiles.items() if isinstance(entry, Profile)))
        raise ProfileError(f"there is no profile {profile_id!r}; known are {known}")
    if isinstance(profile, ProfileError):
        raise profile
    return profile

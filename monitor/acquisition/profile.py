"""Firmware profiles: read from TOML, checked, and found by id. A bad one is told apart by file, line and reason."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from monitor import shipped
from monitor.acquisition.profile_loading import Loaded, load_text
from monitor.acquisition.profile_model import Profile
from monitor.errors import ProfileError

__all__ = ["Profile", "check_profile", "find", "library", "load_profile", "restored", "stored", "user_folder"]


def load_profile(path: Path) -> Profile:
    """Read and check one profile. Raises: ProfileError naming file, line, key and reason."""
    loaded = check_profile(path)
    if loaded.profile is None:
        raise ProfileError(loaded.faults[0])
    return loaded.profile


def check_profile(path: Path) -> Loaded:
    """Read one profile and find all that is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        return Loaded(None, [f"cannot read the profile {path}: {error.strerror}"])
    except UnicodeDecodeError:
        return Loaded(None, [f"cannot read the profile {path}: it is no text in UTF-8"])

    def include(profile_id: str) -> dict[str, Any]:
        return _tables_of(profile_id, (path.parent, *reversed(_folders())))

    return load_text(text, str(path), include)


def _tables_of(profile_id: str, folders: Iterable[Path]) -> dict[str, Any]:
    """The tables of the profile of that id in the first folder that has it."""
    for folder in folders:
        for path in _files(folder):
            if _id_in(path, path.stat().st_mtime_ns) == profile_id:
                return tomllib.loads(path.read_text(encoding="utf-8"))
    raise ProfileError(f"there is no profile {profile_id!r} to include")


def stored(profile: Profile) -> dict[str, Any]:
    """A resolved profile as plain data, for the header of a recording."""
    return profile.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def restored(kept: Mapping[str, Any]) -> Profile:
    """From `stored`. Raises: ProfileError."""
    try:
        return Profile.model_validate(kept)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ProfileError(f"the stored profile is wrong at {where}: {first['msg']}") from error


def user_folder() -> Path:
    """Where users keep their own profiles; they win over the shipped ones of the same id."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "crampwatch" / "profiles"


def library(extra_folder: Path | None = None) -> dict[str, Profile | ProfileError]:
    """All profiles by id, before anything is chosen: the shipped, the user's, those of an extra folder; the later win.

    A file that is no profile stands with its error under its id, or its file's name, and stops no other.
    """
    found: dict[str, Profile | ProfileError] = {}
    for folder in [*_folders(), *([extra_folder] if extra_folder else [])]:
        here: dict[str | None, Path] = {}
        for path in _files(folder):
            profile_id = _id_in(path, path.stat().st_mtime_ns)
            name = profile_id if profile_id and profile_id not in here else _file_name(path, found)
            try:
                if profile_id and profile_id in here:
                    raise ProfileError(f"the profile {path} has the id {profile_id!r}, as {here[profile_id]} has")
                found[name] = _loaded(path, path.stat().st_mtime_ns)
            except ProfileError as error:
                found[name] = error
            here.setdefault(profile_id, path)
    return found


def _file_name(path: Path, taken: Collection[str]) -> str:
    """What stands for a file that has no id of its own, and for no other profile."""
    return path.name if path.stem in taken else path.stem


def find(
    profile_id: str,
    variant: str | None = None,
    options: Mapping[str, str] | None = None,
    name: str | None = None,
) -> Profile:
    """The profile of that id, resolved. name: the sensor's, which tells its variant where none is given.

    Raises: ProfileError if there is no such profile, variant or option, or with the reason why it cannot be used.
    """
    for folder in reversed(_folders()):
        paths = [path for path in _files(folder) if _id_in(path, path.stat().st_mtime_ns) == profile_id]
        if paths:
            return _loaded(paths[0], paths[0].stat().st_mtime_ns).resolved(variant, options, name)
    entry = library().get(profile_id)
    if isinstance(entry, ProfileError):
        raise entry
    raise ProfileError(f"there is no profile {profile_id!r}; known are {', '.join(sorted(_ids()))}")


def _ids() -> Iterator[str]:
    for folder in _folders():
        yield from filter(None, (_id_in(path, path.stat().st_mtime_ns) for path in _files(folder)))


def _folders() -> list[Path]:
    return [shipped.folder("firmware_profiles"), user_folder()]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"))


@cache
def _id_in(path: Path, changed_ns: int) -> str | None:
    """The id that a file gives its profile, whatever else is wrong with it; None = it cannot be read."""
    try:
        identity = tomllib.loads(path.read_text(encoding="utf-8")).get("profile")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    return identity.get("id") if isinstance(identity, dict) and isinstance(identity.get("id"), str) else None


@cache
def _loaded(path: Path, changed_ns: int) -> Profile:
    """A file is read once, and again when it has changed."""
    return load_profile(path)

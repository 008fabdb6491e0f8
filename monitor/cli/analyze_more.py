"""What `analyze` does beside analysing: settings of the call, a comparison."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.errors import RecordingError, SettingsError

if TYPE_CHECKING:
    from monitor.settings import Settings

_EQUAL = 1e-9


def settings_of(file: Path | None, pairs: Sequence[str]) -> Settings | None:
    """The settings of a call: those of a TOML file (`[trend] watch_level = 0.88`) or of one
    that `fit` has written, then KEY=VALUE pairs; None = usual.

    Raises: SettingsError naming the file or the key.
    """
    from monitor.settings import Settings

    if file is None and not pairs:
        return None
    return changed(Settings() if file is None else _from_file(file), pairs)


def changed(settings: Settings, pairs: Sequence[str]) -> Settings:
    """Settings with KEY=VALUE pairs in place. Raises: SettingsError naming the pair."""
    changes = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        try:
            changes[key.strip()] = float(text)
        except ValueError:
            raise SettingsError(f"{pair!r} is not of the form group.name=number, as trend.watch_level=0.88") from None
        if not equals:
            raise SettingsError(f"{pair!r} is not of the form group.name=number, as trend.watch_level=0.88")
    return settings.changed(changes)


def _from_file(file: Path) -> Settings:
    from monitor.settings import Settings

    try:
        text = file.read_text(encoding="utf-8")
        groups = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise SettingsError(f"cannot read the settings {file}: {error}") from error
    if not isinstance(groups, dict):
        raise SettingsError(f"cannot read the settings {file}: groups of numbers are expected, not {groups!r:.40}")
    loose = [name for name, values in groups.items() if not isinstance(values, dict)]
    if loose:
        raise SettingsError(f"the settings {file} have {loose[0]!r} outside a group; write [trend] watch_level = 0.88")
    return Settings.from_dict(groups)


def earlier(path: Path) -> list[dict[str, Any]]:
    """The answers of an earlier `analyze --json`. Raises: RecordingError."""
    try:
        answers = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise RecordingError(f"{path} is no output of `analyze --json`: {error}") from error
    if other := [each for each in answers if not isinstance(each, dict)]:
        raise RecordingError(f"{path} is no output of `analyze --json`: an answer is an object, not {other[0]!r:.40}")
    return answers


def earlier_results(path: Path) -> list[dict[str, Any]]:
    """The same, where there are any results. Raises: RecordingError."""
    answers = earlier(path)
    if not answers or not all(each.keys() & {"legs", "error"} for each in answers):
        raise RecordingError(f"{path} is no output of `analyze --json`: it holds no results")
    return answers


def differences(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """Where two answers differ, one line each: numbers by more than 1e-9 of their size."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _of_key(old, new, key, f"{place}.{key}" if place else key)
    elif isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            yield f"{place}: {len(old)} entries, now {len(new)}"
        for i, (a, b) in enumerate(zip(old, new, strict=False)):
            yield from differences(a, b, f"{place}[{i}]")
    elif isinstance(old, int | float) and isinstance(new, int | float) and not isinstance(old, bool):
        if not math.isclose(old, new, rel_tol=_EQUAL, abs_tol=_EQUAL):
            yield f"{place}: {old} -> {new}"
    elif old != new:
        yield f"{place}: {old!r} -> {new!r}"


_PROVENANCE = ("crampwatch", "versions", "config_hash", "settings", "inputs", "command", "file")


def results(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what tells how it was made."""
    return {key: value for key, value in answer.items() if key not in _PROVENANCE}


def reasons(old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]) -> list[str]:
    """Why results may differ: other versions, settings, bytes or options, one line each."""
    found: dict[str, None] = {}
    for before, now in zip(old, new, strict=False):
        for key in _PROVENANCE:
            if key in before and key in now:
                found |= dict.fromkeys(differences(before[key], now[key], key))
    return list(found)


def _of_key(old: dict[str, Any], new: dict[str, Any], key: str, place: str) -> Iterator[str]:
    if key not in new:
        yield f"{place}: gone"
    elif key in old:  # what is new takes nothing away
        yield from differences(old[key], new[key], place)

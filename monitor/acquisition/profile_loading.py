"""A profile from its text: what it includes is merged in, every choice is resolved, and every fault is found."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from itertools import product
from typing import Any, NamedTuple

from pydantic import ValidationError

from monitor.acquisition.link_model import OPTION, PHASES
from monitor.acquisition.profile_checks import faults
from monitor.acquisition.profile_model import Profile
from monitor.acquisition.profile_text import Fault, line_of, place
from monitor.acquisition.variants import Origins, choices_of, conditions, resolve
from monitor.errors import ProfileError

MOST_COMBINATIONS = 64
_LISTS = ("framing", "packet", "counter", "clock", "quirks")
_TABLES = ("gatt", "stream")
_INCLUDED_PHASES = ("setup", "start", "keepalive")
_ALONE = ("variant", "option", "override")  # what a profile that others include cannot have

Table = dict[str, Any]
Include = Callable[[str], Table]  # the tables of the profile of an id; raises ProfileError


class Loaded(NamedTuple):
    """What became of a text: the profile, or None and the faults, each a sentence with path, line and place."""

    profile: Profile | None
    faults: list[str]


def load_text(text: str, path: str, include: Include) -> Loaded:
    """Read and check a profile as a whole; `path` is what errors call it."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Loaded(None, [f"the profile {path} is no TOML: {error}"])
    found: list[Fault] = []
    profile = None
    try:
        table = _with_includes(table, include)
        profile = Profile.model_validate(table)
        found += dict.fromkeys(_whole_faults(profile, table))
    except _MergeError as error:
        found.append(Fault(("profile", "includes"), str(error)))
    except ValidationError as error:
        found += _grammar(error, table)
    told = list(dict.fromkeys(_told(path, text, fault) for fault in found))
    return Loaded(None if told else profile, told)


class _MergeError(ProfileError):
    """What a profile includes does not go together with it."""


def _with_includes(table: Table, include: Include, outer: tuple[str, ...] = ()) -> Table:
    """The tables with those of the included profiles: what these ask for is made optional.

    outer: the profiles that include this one.
    Raises: pydantic.ValidationError if the tables are malformed, _MergeError if they do not go together.
    """
    _malformed(table)
    whole = deepcopy(table)
    for profile_id in table.get("profile", {}).get("includes", ()):
        if profile_id in outer:
            raise _MergeError(f"{profile_id!r} includes itself")
        try:
            other = _with_includes(include(profile_id), include, (*outer, profile_id))
        except ValidationError as error:
            raise _MergeError(f"the included {profile_id!r} is wrong itself") from error
        except ProfileError as error:
            raise _MergeError(str(error)) from error
        if any(key in other for key in _ALONE):
            raise _MergeError(f"{profile_id!r} has variants or options itself, and cannot be included")
        _merge_in(whole, other, profile_id)
    return whole


def _malformed(table: Table) -> None:
    """Raises: pydantic.ValidationError if something is wrong that no included profile can mend."""
    try:
        Profile.model_validate(table)
    except ValidationError as error:
        if any(item["type"] != "missing" for item in error.errors()):
            raise


def _merge_in(whole: Table, other: Table, profile_id: str) -> None:
    for key in _TABLES:
        mine = whole.setdefault(key, {})
        clash = [name for name in other.get(key, {}) if name in mine]
        if clash:
            raise _MergeError(f"[{key}.{clash[0]}] stands here and in the included {profile_id!r}")
        mine.update(other.get(key, {}))
    for spec in other.get("gatt", {}).values():
        spec["optional"] = True
    for key in _LISTS:
        mine, more = whole.get(key, []), other.get(key, [])
        clash = {entry.get("id") for entry in mine} & {entry.get("id") for entry in more} - {None}
        if clash:
            raise _MergeError(f"a {key} {min(clash)!r} stands here and in the included {profile_id!r}")
        if mine or more:
            whole[key] = [*mine, *more]
    for phase in _INCLUDED_PHASES:
        steps = [step | {"optional": True} for step in other.get("step", {}).get(phase, [])]
        if steps:
            mine = whole.setdefault("step", {})
            mine[phase] = [*mine.get(phase, []), *steps]


def combinations(profile: Profile) -> list[dict[str, str]]:
    """Every choice that changes more than bytes of steps, and those for which golden packets stand."""
    table = profile.model_dump(by_alias=True, exclude_unset=True)
    weighed = {name for _, when in conditions(table) for name in when}
    axes = [[(name, value) for value in option.choices] for name, option in profile.choices.items() if name in weighed]
    if profile.variants:
        axes.append([("variant", variant.id) for variant in profile.variants])
    chosen = [profile.choose(None, {}, None) | dict(picked) for picked in product(*axes)]
    chosen += [choices_of(vector, table) for vector in table.get("vector", ())]
    return [dict(pairs) for pairs in dict.fromkeys(tuple(sorted(each.items())) for each in chosen)]


def _whole_faults(profile: Profile, table: Table) -> Iterator[Fault]:
    """What is wrong before anything is chosen, and then in every combination."""
    unknown = list(_unknown_names(profile, table))
    yield from unknown
    if unknown:
        return
    all_of_them = combinations(profile)
    if len(all_of_them) > MOST_COMBINATIONS:
        reason = f"variants and options make {len(all_of_them)} combinations, {MOST_COMBINATIONS} at most are allowed"
        yield Fault(("option",) if profile.choices else ("variant",), reason)
        return
    for chosen in all_of_them:
        yield from _faults_of(profile, chosen)
    packets = {packet.id for packet in profile.packets}
    for name, stream in profile.streams.items():
        for packet_id in sorted(set(stream.packets) - packets):
            yield Fault(("stream", name, "packets"), f"there is no packet {packet_id!r}")


def _faults_of(profile: Profile, chosen: dict[str, str]) -> Iterator[Fault]:
    resolved, origins = resolve(profile.model_dump(by_alias=True, exclude_unset=True), chosen)
    try:
        found = list(faults(Profile.from_table(resolved, chosen, profile)))
    except ValidationError as error:
        words = ", ".join(f"{name} {value}" for name, value in chosen.items())
        found = [Fault(fault.loc, f"{fault.reason} (with {words})") for fault in _grammar(error, resolved)]
    for fault in found:
        yield Fault(_original(fault.loc, origins), fault.reason)


def _original(loc: Any, origins: Origins) -> tuple[str | int, ...]:
    """The place in the file of a place in what was left of it."""
    for path, rows in origins.items():
        n = len(path)
        if tuple(loc[:n]) == path and len(loc) > n and isinstance(loc[n], int) and loc[n] < len(rows):
            return (*path, rows[loc[n]], *loc[n + 1 :])
    return tuple(loc)


def _unknown_names(profile: Profile, table: Table) -> Iterator[Fault]:
    """Conditions and vectors that name what is not there; options that nothing asks for."""
    known = {name: set(option.choices) for name, option in profile.choices.items()}
    ids = [variant.id for variant in profile.variants]
    if "variant" in known:
        yield Fault(("option", "variant"), "variants have their own tables, [[variant]]")
    known |= {"variant": set(ids)} if ids else {}
    for loc, when in conditions(table):
        for name, values in when.items():
            if wrong := set(values) - known.get(name, set()):
                yield Fault((*loc, name), f"there is no {name} {min(wrong)!r}")
    for i, name in enumerate(ids):
        if name in ids[:i]:
            yield Fault(("variant", i, "id"), f"the id {name!r} stands twice")
    if ids and sum(variant.default for variant in profile.variants) != 1:
        yield Fault(("variant", 0, "default"), "exactly one variant must be the default")
    for name, option in profile.choices.items():
        if option.default not in option.choices:
            yield Fault(("option", name, "default"), f"there is no choice {option.default!r}")
    yield from _unused(profile, table)
    yield from _vector_names(profile, ids)


def _unused(profile: Profile, table: Table) -> Iterator[Fault]:
    used = {name for _, when in conditions(table) for name in when}
    for phase in PHASES:
        for step in getattr(profile.step, phase):
            used |= set(OPTION.findall(step.hex)) | set(OPTION.findall(step.expect.hex if step.expect else ""))
    for name in profile.choices.keys() - used:
        yield Fault(("option", name), "no step and no condition asks for it")


def _vector_names(profile: Profile, ids: list[str]) -> Iterator[Fault]:
    if not profile.vectors:
        yield Fault(("vector",), "at least one golden packet is needed")
    for i, vector in enumerate(profile.vectors):
        if vector.variant is not None and vector.variant not in ids:
            yield Fault(("vector", i, "variant"), f"there is no variant {vector.variant!r}")
        for name, value in vector.options.items():
            if name not in profile.choices or value not in profile.choices[name].choices:
                yield Fault(("vector", i, "options", name), f"there is no {name} {value!r}")


def _grammar(error: ValidationError, table: Table) -> list[Fault]:
    """What pydantic found; unknown keys before the missing ones that they may be misspellings of."""
    items = sorted(error.errors(), key=lambda item: item["type"] != "extra_forbidden")
    return [_grammar_fault(item, table) for item in items]


def _grammar_fault(item: Mapping[str, Any], table: Table) -> Fault:
    loc = _in_file(item["loc"], table, keep_last=item["type"] == "missing")
    if item["type"] == "extra_forbidden":
        return Fault(loc, "this key is not known")
    if item["type"] == "missing":
        return Fault(loc, "this key is missing")
    return Fault(loc, f"{item['msg'].removeprefix('Value error, ')} (it is {_short(item['input'])})")


def _short(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 100 else f"{text[:100]}..."


def _in_file(loc: tuple[str | int, ...], table: Any, keep_last: bool) -> tuple[str | int, ...]:
    """The location without the names that the grammar puts between, of the alternatives that it tried."""
    found: list[str | int] = []
    for i, part in enumerate(loc):
        here: dict[Any, Any] = table if isinstance(table, dict) else {}
        if isinstance(table, list | tuple):
            here = dict(enumerate(table))
        if part in here:
            table = here[part]
            found.append(part)
        elif keep_last and i == len(loc) - 1:
            found.append(part)
    return tuple(found)


def _told(path: str, text: str, fault: Fault) -> str:
    line = line_of(text, fault.loc)
    where = f"line {line}, {place(fault.loc)}" if line else place(fault.loc)
    return f"the profile {path} is wrong at {where}: {fault.reason}"

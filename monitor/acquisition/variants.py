"""Which parts of a profile hold for one sensor: variants by its name, options by choice. Tables in, tables out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from monitor.acquisition.link_model import OPTION, PHASES

Table = dict[str, Any]
Origins = dict[tuple[str, ...], list[int]]  # of each list of a profile, which of its entries are left

CONDITIONAL = (
    ("override",),
    ("framing",),
    ("packet",),
    ("counter",),
    ("clock",),
    ("quirks",),
    ("vector",),
    ("sim", "notify"),
    *(("step", phase) for phase in PHASES),
)


def holds(when: Mapping[str, Sequence[str]], chosen: Mapping[str, str]) -> bool:
    """Whether all conditions hold."""
    return all(chosen.get(name) in values for name, values in when.items())


def resolve(document: Mapping[str, Any], chosen: Mapping[str, str]) -> tuple[Table, Origins]:
    """What is left of a profile's tables for these choices (option by option, `variant` among them).

    Conditions are weighed, overrides laid over it, options put into the bytes of steps, and what hung on a packet that
    is not there goes too. Gives the tables, and which entries of each list are left.
    """
    table = deepcopy(dict(document))
    packets = {packet.get("id") for packet in table.get("packet", ())}
    streams = set(table.get("stream", {}))
    origins = {path: _weigh(table, path, chosen) for path in CONDITIONAL}
    for override in table.pop("override", ()):
        merge(table, override["set"])
    _put_options(table, chosen, table.pop("option", {}))
    table.pop("variant", None)
    table.get("profile", {}).pop("includes", None)
    _drop_what_hangs(table, origins, packets, streams)
    return table, origins


def conditions(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    """Every `when` with its place."""
    for path in CONDITIONAL:
        for i, entry in enumerate(_list(document, path)):
            if entry.get("when"):
                yield (*path, i, "when"), entry["when"]


def merge(table: Table, over: Mapping[str, Any]) -> None:
    """Lay tables over tables; anything else is replaced whole."""
    for key, new in over.items():
        if isinstance(new, Mapping) and isinstance(table.get(key), dict):
            merge(table[key], new)
        else:
            table[key] = deepcopy(new)


def _list(table: Mapping[str, Any], path: tuple[str, ...]) -> Sequence[Any]:
    for key in path:
        table = table.get(key, {})
    return table if isinstance(table, list | tuple) else ()


def _keep(table: Table, path: tuple[str, ...], rows: list[int]) -> None:
    for key in path[:-1]:
        table = table.get(key, {})
    if path[-1] in table:
        table[path[-1]] = [table[path[-1]][row] for row in rows]


def _weigh(table: Table, path: tuple[str, ...], chosen: Mapping[str, str]) -> list[int]:
    entries = _list(table, path)
    left = [i for i, entry in enumerate(entries) if holds(entry.get("when", {}), chosen)]
    if path == ("vector",):
        left = [i for i in left if _is_of(entries[i], table, chosen)]
    _keep(table, path, left)
    for entry in _list(table, path):
        entry.pop("when", None)
    return left


def _is_of(vector: Mapping[str, Any], document: Mapping[str, Any], chosen: Mapping[str, str]) -> bool:
    """Whether a golden packet belongs to these choices: what it does not name has its default."""
    return choices_of(vector, document) == dict(chosen)


def choices_of(vector: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, str]:
    """The choices for which a golden packet stands."""
    chosen = defaults(document) | dict(vector.get("options", {}))
    return chosen | ({"variant": vector["variant"]} if vector.get("variant") else {})


def defaults(document: Mapping[str, Any]) -> dict[str, str]:
    """What holds where nobody has chosen."""
    chosen = {name: option["default"] for name, option in document.get("option", {}).items()}
    variants = document.get("variant", ())
    if variants:
        chosen["variant"] = next((v["id"] for v in variants if v.get("default")), variants[0]["id"])
    return chosen


def _put_options(table: Table, chosen: Mapping[str, str], options: Mapping[str, Any]) -> None:
    """The bytes of the choices into the steps; a name that is no option stays, and is then found to be no hex."""

    def bytes_of(name: str) -> str:
        return options[name]["choices"][chosen[name]] if name in options else f"{{{name}}}"

    for phase in PHASES:
        for step in _list(table, ("step", phase)):
            for part in (step, step.get("expect") or {}):
                if part.get("hex"):
                    part["hex"] = OPTION.sub(lambda found: bytes_of(found.group(1)), part["hex"])


def _drop_what_hangs(table: Table, origins: Origins, packets: set[str], streams: set[str]) -> None:
    """Streams without a packet, what counts or times them, and what a virtual sensor would send."""
    gone = packets - {packet.get("id") for packet in table.get("packet", ())}
    for name, stream in list(table.get("stream", {}).items()):
        left = [packet for packet in stream.get("packets", ()) if packet not in gone]
        if left or not stream.get("packets"):
            stream["packets"] = left
        else:
            del table["stream"][name]
    lost = streams - set(table.get("stream", {}))
    for entry in _list(table, ("clock",)):
        left = [name for name in entry.get("streams", ()) if name not in lost]
        entry["streams"] = left or entry.get("streams", ())
    _drop(table, origins, ("counter",), lambda entry: entry.get("stream") in lost)
    _drop(table, origins, ("clock",), lambda entry: lost.issuperset(entry["streams"]))
    _drop(table, origins, ("sim", "notify"), lambda entry: entry.get("packet") in gone)


def _drop(table: Table, origins: Origins, path: tuple[str, ...], hangs: Any) -> None:
    rows = [i for i, entry in enumerate(_list(table, path)) if not hangs(entry)]
    _keep(table, path, rows)
    origins[path] = [origins[path][row] for row in rows]

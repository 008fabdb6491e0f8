"""Where in a TOML text does a key stand? So that an error can name the line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Loc = Sequence[str | int]

_TABLE = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\"' ]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-\"']+(?:\s*\.\s*[A-Za-z0-9_\-\"']+)*)\s*=")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a profile, and where in its tables."""

    loc: Loc
    reason: str


def place(loc: Loc) -> str:
    """A location in words: `packet[0].repeat.stride`."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".") or "the file"


def line_of(text: str, loc: Loc) -> int | None:
    """The line (from 1) of the key at `loc`, or of the nearest thing around it that the text has; None for nothing."""
    lines = text.splitlines()
    entries = _entries(lines)
    for length in range(len(loc), 0, -1):
        prefix = tuple(loc[:length])
        if prefix in entries:
            first, last = entries[prefix]
            return _inside(lines, first, last, loc[length:])
    return None


def _entries(lines: list[str]) -> dict[tuple[str | int, ...], tuple[int, int]]:
    """Every table and key by its location: its first line and the last one before the next entry (from 1)."""
    starts: list[tuple[tuple[str | int, ...], int]] = []
    counts: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    for number, line in enumerate(lines, start=1):
        if header := _TABLE.match(line):
            table = tuple(_names(header.group(2)))
            if header.group(1) == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            starts.append((table, number))
        elif key := _KEY.match(line):
            starts.append(((*table, *_names(key.group(1))), number))
    ends = [number - 1 for _, number in starts] + [len(lines)]
    return {loc: (number, end) for (loc, number), end in reversed(list(zip(starts, ends[1:], strict=True)))}


def _names(dotted: str) -> list[str]:
    return [name.strip().strip("\"'") for name in dotted.split(".")]


def _inside(lines: list[str], first: int, last: int, rest: Loc) -> int:
    """The line within an entry of several lines (an array of inline tables) where the rest of the location leads."""
    line, column = first, 0
    for part in rest:
        pattern, skip = (r"\{|\[\s*\"", part) if isinstance(part, int) else (rf"[\"']?{re.escape(part)}[\"']?\s*=", 0)
        found = [
            (number, match.end())
            for number in range(line, last + 1)
            for match in re.finditer(pattern, lines[number - 1])
            if number > line or match.start() >= column
        ]
        if len(found) <= skip:
            break
        line, column = found[skip]
    return line

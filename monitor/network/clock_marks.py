"""How a gateway's recording remembers where its clock stands against a hub's: as a note that `merge` reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

_BEGIN = "gateway clock: hub "
WORTH_S = 0.005  # a clock that has moved by less against the hub's is not noted again


def clock_mark(hub_run: int, origin_s: float) -> str:
    """The note: the session time of that hub at this gateway's session time 0."""
    return f"{_BEGIN}{hub_run:016x} {origin_s:+.6f} s"


def is_clock_mark(text: str) -> bool:
    """Whether a note is one of these."""
    return text.startswith(_BEGIN)


def told_origins(texts: Iterable[str]) -> dict[int, float]:
    """By the run of the hub, what a recording's notes say last."""
    origins_s = {}
    for text in texts:
        parts = text.removeprefix(_BEGIN).split()
        if is_clock_mark(text) and len(parts) == 3:
            try:
                origins_s[int(parts[0], 16)] = float(parts[1])
            except ValueError:
                continue
    return origins_s


def joined_origins(told: Sequence[Mapping[int, float]], day_s: Sequence[float]) -> tuple[list[float], list[int]]:
    """The origin of each recording on one clock, and which of them (numbers) stand there by the clock of the day alone.

    told : of each recording, by the run of the hub; two that knew one hub are joined by it, also through a third. The
    clock is that of the most that are joined. day_s : time of day at which each began, on the scale of its session's
    seconds; what no hub joins with them is put there by it, against the middle one of theirs.
    """
    groups = _groups(told)
    main = max(groups, key=len)
    zeros_s = [median(day_s[number] - origin_s for number, origin_s in group.items()) for group in groups]
    main_zero_s = zeros_s[groups.index(main)]
    found = {
        number: origin_s + zero_s - main_zero_s
        for group, zero_s in zip(groups, zeros_s, strict=True)
        for number, origin_s in group.items()
    }
    alone = [number for number in sorted(found) if len(main) == 1 or number not in main]
    return [found[number] for number in range(len(told))], alone


def _groups(told: Sequence[Mapping[int, float]]) -> list[dict[int, float]]:
    """Recordings that hubs join: in each group the origins, by number, on the clock of one of its hubs."""
    groups, left = [], list(range(len(told)))
    while left:
        first = left.pop(0)
        newest = next(reversed(list(told[first])), None)
        group = {first: 0.0 if newest is None else told[first][newest]}
        hubs_s = {hub: group[first] - origin_s for hub, origin_s in told[first].items()}
        while (number := next((n for n in left if told[n].keys() & hubs_s.keys()), None)) is not None:
            left.remove(number)
            shared = next(hub for hub in reversed(list(told[number])) if hub in hubs_s)
            group[number] = told[number][shared] + hubs_s[shared]
            hubs_s |= {hub: group[number] - each for hub, each in told[number].items() if hub not in hubs_s}
        groups.append(group)
    return groups

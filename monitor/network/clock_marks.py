"""How a gateway's recording remembers where its clock stands against a hub's: as a note that `merge` reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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


def common_origins(recordings: Sequence[Mapping[int, float]]) -> list[float] | None:
    """The origin of each recording on the clock of a hub that all of them know; None if there is no such hub."""
    shared = set.intersection(*(set(each) for each in recordings)) if recordings else set()
    if not shared:
        return None
    hub = next(run for run in reversed(list(recordings[0])) if run in shared)
    return [each[hub] for each in recordings]

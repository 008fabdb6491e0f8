"""Tables and facts of a report, as HTML; unknown is the word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

UNKNOWN = "unknown"


def shown(value: Any, form: str = ".1f", unit: str = "") -> str:
    """A number with its unit, or "unknown"."""
    if value is None:
        return UNKNOWN
    text = f"{value:{form}}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
    return escape(text.replace("-", "\N{MINUS SIGN}") + unit)


def interval(ci: Sequence[float] | None, form: str = "+.1f") -> str:
    """Both ends of a 95 % interval."""
    return UNKNOWN if ci is None else f"{shown(ci[0], form)} to {shown(ci[1], form)}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; the cells are HTML already."""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    names = "".join(f"<th>{escape(each)}</th>" for each in head)
    return f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and values, side by side."""
    return f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{value}</dd>' for name, value in pairs)}</dl>"


def clock(seconds: float) -> str:
    """12:34 or 1:02:34."""
    minutes, second = divmod(int(max(seconds, 0.0)), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}:{second:02d}" if hour else f"{minute}:{second:02d}"


def leg_name(leg: dict[str, Any]) -> str:
    """Athlete and leg."""
    return escape(f"{leg['athlete'] or ''} {leg['leg'] or 'leg not said'}".strip())


def channel_rows(leg: dict[str, Any]) -> list[list[str]]:
    """One row per channel: what its signal was worth and what it says."""
    return [
        [
            escape(channel["label"]),
            shown(channel["rate_hz"], ".0f", " Hz"),
            escape(channel["spectral_use"]),
            shown(100 * channel["good_fraction"], ".0f", " %"),
            shown(channel["contraction_s"], ".0f", " s"),
            f"{shown(channel['mdf_start_hz'])} &rarr; {shown(channel['mdf_end_hz'])} Hz",
            f"{shown(channel['mdf_change_pct'], '+.1f', ' %')} ({interval(channel['mdf_change_ci'])})",
            f"{shown(channel['slope_pct_per_min'], '+.2f')} ({interval(channel['slope_ci'], '+.2f')})",
            shown(channel["rms_change_pct"], "+.0f", " %"),
            f"<b>{escape(channel['fatigue'])}</b>",
        ]
        for channel in leg["channels"]
    ]


CHANNEL_HEAD = (
    "channel",
    "rate",
    "spectral use",
    "good",
    "contraction",
    "MDF start to end",
    "change (95 %)",
    "slope, % per min (95 %)",
    "RMS",
    "fatigue",
)

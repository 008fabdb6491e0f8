"""One session in a report: every leg's story with its plots, channels and states."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from monitor.report.svg import SHADES, Curve, Plot, svg
from monitor.report.tables import CHANNEL_HEAD, channel_rows, clock, facts, leg_name, shown, table
from monitor.settings import Settings


def session_html(answer: dict[str, Any]) -> str:
    """All legs of one recording."""
    head = facts(
        [
            ("Recording", escape(str(answer["file"]))),
            ("Analysed", f"{clock(answer['from_s'])} to {clock(answer['to_s'])} of {clock(answer['duration_s'])}"),
            ("Settings", f"<code>{escape(answer['config_hash'])}</code>"),
            ("Crampwatch", escape(answer["crampwatch"])),
        ]
    )
    return head + "".join(_leg(leg, answer["to_s"]) for leg in answer["legs"])


def _leg(leg: dict[str, Any], to_s: float) -> str:
    exposure = leg["ankle"]["exposure_s_per_min"]
    about = facts(
        [
            ("Ankle angle", escape(f"{leg['angle_source']} ({leg['angle_note']})" if leg["angle_note"] else "none")),
            ("Matched by angle", "yes" if leg["position_gated"] else "no: by effort alone"),
            ("Worked while short", shown(leg["ankle"]["shortened_s"], ".0f", " s")),
            ("Weighted exposure", shown(exposure, ".1f", " s per min")),
            ("Contractions", shown(len(leg["contractions"]), "d")),
        ]
    )
    plots = "".join(svg(plot) for plot in leg_plots(leg, to_s))
    return f"<section class=leg><h3>{leg_name(leg)}</h3>{about}{plots}{_channels(leg)}{_states(leg)}</section>"


def _channels(leg: dict[str, Any]) -> str:
    return table(CHANNEL_HEAD, channel_rows(leg)) if leg["channels"] else "<p>No EMG channel.</p>"


def _states(leg: dict[str, Any]) -> str:
    rows = [
        [clock(each["time_s"]), f"<b>{escape(each['state'])}</b>", escape("; ".join(each["reasons"]))]
        for each in leg["states"]
    ]
    return table(("time", "state", "why"), rows)


def stretches(states: list[dict[str, Any]], to_s: float) -> Iterable[tuple[float, float, str]]:
    """The states as shaded stretches, minutes."""
    ends = [each["time_s"] for each in states[1:]] + [to_s]
    for each, end_s in zip(states, ends, strict=True):
        if each["state"] in SHADES:
            yield each["time_s"] / 60, end_s / 60, each["state"]


def leg_plots(leg: dict[str, Any], to_s: float) -> list[Plot]:
    """MDF, compression, signs and angle over the session."""
    track, settings = leg["track"], Settings()
    minutes = [time_s / 60 for time_s in track["time_s"]]
    shaded = tuple(stretches(leg["states"], to_s))
    plots = [
        Plot(
            "Median frequency (MDF) of contractions",
            "min",
            "Hz",
            _curves(track["mdf_hz"], minutes, dots=True),
            shaded=shaded,
        ),
        Plot(
            "Spectral compression against the own baseline",
            "min",
            "of the baseline",
            _curves(track["compression"], minutes),
            levels=(("WATCH below", settings.trend.watch_level),),
            shaded=shaded,
        ),
        Plot(
            "Quiet EMG and score",
            "min",
            "x baseline; points",
            (
                Curve("quiet EMG", minutes, track["quiet_ratio"], "c0"),
                Curve("score", minutes, track["score"], "ink"),
            ),
            levels=(("WARN from", settings.tables.threshold(settings.state.false_alarms_per_h)),),
            shaded=shaded,
        ),
        Plot(
            "Twitches", "min", "per min", (Curve("twitches", minutes, track["twitches_per_min"], "c1"),), shaded=shaded
        ),
    ]
    if track["ankle_time_s"]:
        at = [time_s / 60 for time_s in track["ankle_time_s"]]
        angle = Curve("ankle, dorsiflexion +", at, track["ankle_deg"], "c0")
        plots.append(Plot("Ankle angle", "min", "deg", (angle,), (("shortened below", -10.0),), y_range=(-55.0, 35.0)))
    return [plot for plot in plots if any(value is not None for curve in plot.curves for value in curve.values)]


def _curves(values: dict[str, list[float | None]], minutes: list[float], *, dots: bool = False) -> tuple[Curve, ...]:
    """One for each channel."""
    return tuple(Curve(name, minutes, each, f"c{i % 4}", dots=dots) for i, (name, each) in enumerate(values.items()))

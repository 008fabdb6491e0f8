"""What markers ask of a leg. They are recorded, so what they ask for happens again in a replay."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.leg import Leg
from monitor.orders import BaselineOrder, baseline_marker
from monitor.warning import texts
from monitor.warning.state import Report


def calibrate_marker(athlete: str, leg: str) -> str:
    """The text of the marker that makes a leg look for another calibration of its ankle."""
    return f"calibrate: {athlete} {leg}"


def report_marker(report: Report, athlete: str, leg: str) -> str:
    """The text of the marker by which a person says something about a leg: "pain or hardness: A7 left"."""
    return f"{report}: {athlete} {leg}"


def obey(text: str, legs: Sequence[Leg]) -> None:
    """Do what a marker asks. A mere "cramp" of a single athlete is meant for the leg that works without pause."""
    for leg in legs:
        for order in BaselineOrder:
            if text == baseline_marker(order, leg.athlete, leg.leg):
                _change_baseline(leg, order)
        if text == calibrate_marker(leg.athlete, leg.leg):
            leg.calibrate()
    for report in Report:
        named = [leg for leg in legs if text == report_marker(report, leg.athlete, leg.leg)]
        for leg in named or _meant(text, report, legs):
            leg.machine.report(report)


def _change_baseline(leg: Leg, order: BaselineOrder) -> None:
    """The leg's next second says what came of it."""
    path = leg.path
    match order:
        case BaselineOrder.RESTART:
            leg.restart_baseline()
            leg.machine.tell(texts.restarted())
        case BaselineOrder.FREEZE:
            leg.machine.tell(texts.frozen(path is not None and path.freeze()))
        case BaselineOrder.REFIT:
            n_frames = path.compression.recent_frames if path is not None else 0
            done = path is not None and path.refit()
            if done:
                leg.machine.refit()
                leg.kept_notes = ()
            leg.machine.tell(texts.refitted(n_frames, leg.settings.baseline, done=done))


def _meant(text: str, report: Report, legs: Sequence[Leg]) -> list[Leg]:
    """The legs that a report without a name can mean: those at work without pause, else all of the one athlete."""
    if text != report or len({leg.athlete for leg in legs}) != 1:
        return []
    at_work = [leg for leg in legs if _works_without_pause(leg)]
    return at_work or list(legs)


def _works_without_pause(leg: Leg) -> bool:
    reading = leg.history[-1].evidence.cramp if leg.history else None
    return reading is not None and bool(reading.verdict)

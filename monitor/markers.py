"""What markers ask of a leg. They are recorded, so what they ask for happens again in a replay."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from monitor.leg import Leg
from monitor.orders import BaselineOrder, baseline_marker
from monitor.warning import texts
from monitor.warning.state import Report

_TAKEN_BACK = "taken back: "


def calibrate_marker(athlete: str, leg: str) -> str:
    """The text of the marker that makes a leg look for another calibration of its ankle."""
    return f"calibrate: {athlete} {leg}"


def report_marker(report: Report, athlete: str, leg: str) -> str:
    """The text of the marker by which a person says something about a leg: "pain or hardness: A7 left"."""
    return f"{report}: {athlete} {leg}"


def taken_back_marker(text: str) -> str:
    """The text of the marker that takes the newest one of that text back."""
    return f"{_TAKEN_BACK}{text}"


def noted(markers: deque[tuple[float, str]], time_s: float, text: str) -> None:
    """Keep a marker among those of the session, or take one of them back."""
    taken = text.removeprefix(_TAKEN_BACK)
    newest = next((each for each in reversed(markers) if each[1] == taken), None)
    if taken == text:
        markers.append((time_s, text))
    elif newest is not None:
        markers.remove(newest)


def obey(text: str, legs: Sequence[Leg]) -> None:
    """Do what a marker asks. "cramp: A7" means A7's leg that works without pause, "cramp" that of the only athlete."""
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
        for leg in _athletes_legs(text.removeprefix(_TAKEN_BACK), report, legs) if text.startswith(_TAKEN_BACK) else ():
            leg.machine.take_back(report)


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
    """The legs that a report without a leg can mean: those at work without pause, else all of the one athlete."""
    own = _athletes_legs(text, report, legs)
    return [leg for leg in own if _works_without_pause(leg)] or own


def _athletes_legs(text: str, report: Report, legs: Sequence[Leg]) -> list[Leg]:
    """The legs of the athlete that a report names, or of the only one."""
    only = len({leg.athlete for leg in legs}) == 1
    return [leg for leg in legs if text == f"{report}: {leg.athlete}" or (only and text == report)]


def _works_without_pause(leg: Leg) -> bool:
    reading = leg.history[-1].evidence.cramp if leg.history else None
    return reading is not None and bool(reading.verdict)

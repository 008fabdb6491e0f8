"""What the start window offers, and what comes back from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Action(StrEnum):
    """What one can start with."""

    DEMO = "demo"
    SET_UP = "set up"
    LAST_TEAM = "last team"
    OPEN = "open"
    STUDY = "study"
    WALL = "wall"
    TEST = "heel-rise test"


@dataclass(frozen=True, slots=True)
class StartAction:
    """One button. unavailable: why it cannot be pressed now; empty = it can. folder: where the file dialog begins.

    athletes: of whom one must be chosen, where there are several.
    """

    action: Action
    title: str
    explanation: str
    unavailable: str = ""
    folder: Path | None = None
    athletes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StartChoice:
    """What was chosen; path: the recording, with OPEN and STUDY; athlete: who is tested, of several."""

    action: Action
    path: Path | None = None
    athlete: str = ""


def start_actions(last_team: str, recordings: Path | None, athletes: tuple[str, ...] = ()) -> list[StartAction]:
    """The seven buttons.

    last_team: its name, empty = none yet; recordings: the folder where the file dialog begins; athletes: of the team.
    """
    none_yet = "" if last_team else "There is no team yet: set up sensors first."
    tested = "Rises to a metronome until the calf is tired" + ("." if last_team else ", on a virtual athlete.")
    return [
        StartAction(Action.DEMO, "Try the demo", "Two virtual calves tire and warn. No sensors needed."),
        StartAction(Action.SET_UP, "Set up sensors", "Who wears which, signals, calibration: step by step."),
        StartAction(Action.LAST_TEAM, "Connect the last team", last_team or "As it was set up.", unavailable=none_yet),
        StartAction(
            Action.WALL, "Sideline wall", "The last team on tiles, to be read from three metres.", unavailable=none_yet
        ),
        StartAction(
            Action.OPEN, "Open a recording", "Replay a session as it was: a sample, or your own.", folder=recordings
        ),
        StartAction(
            Action.STUDY, "Study a recording", "Signals, spectra, signs and settings in full.", folder=recordings
        ),
        StartAction(Action.TEST, "Heel-rise test", tested, athletes=athletes),
    ]

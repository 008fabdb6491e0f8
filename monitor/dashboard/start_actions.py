"""What the start window offers, and what comes back from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Action(StrEnum):
    """What one can start with."""

    DEMO = "demo"
    CONNECT = "connect"
    OPEN = "open"
    LAST_TEAM = "last team"


@dataclass(frozen=True, slots=True)
class StartAction:
    """One button. unavailable: why it cannot be pressed now; empty = it can. folder: where the file dialog begins."""

    action: Action
    title: str
    explanation: str
    unavailable: str = ""
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class StartChoice:
    """What was chosen; path: the recording, only with OPEN."""

    action: Action
    path: Path | None = None


def start_actions(last_team: str, recordings: Path | None) -> list[StartAction]:
    """The four buttons. last_team: its name, empty = none yet; recordings: the folder where the file dialog begins."""
    return [
        StartAction(Action.DEMO, "Try the demo", "Two virtual calves tire and warn. No sensors needed."),
        StartAction(Action.CONNECT, "Connect sensors", "Monitor your own sensors, as your team file names them."),
        StartAction(
            Action.OPEN,
            "Open a recording",
            "Replay a session exactly as it was: a sample, or your own.",
            folder=recordings,
        ),
        StartAction(
            Action.LAST_TEAM,
            "Last team",
            last_team or "The athletes and sensors of the last session.",
            unavailable="" if last_team else "There is no team yet: write a team file first.",
        ),
    ]

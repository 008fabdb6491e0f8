"""The commands by name. Each is imported when it is called: the list of them takes no more than their sentences."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS = {  # in the order of the list, with the first sentence of the command's help
    "demo": "Virtual sensors advertise, bleak connects, the whole live path runs, the dashboard opens. No "
    "hardware needed.",
    "setup": "Set a team up in windows: who, where the sensors go, who wears which, signals, calibration, "
    "context, team file.",
    "scan": "Sensors in range: the profile that each matches, its signal strength, its battery where it tells.",
    "pair": "Find the sensors in range, learn who wears which by shaking and tensing, and write the team file.",
    "capture": "Record advertisements, GATT table and raw notifications of a sensor that no profile knows.",
    "live": "Monitor real sensors: connect, record, show the state of every calf.",
    "replay": "Play a recording, or one leg's tables, through the live session's pipeline: the same states at the "
    "same times.",
    "study": "Everything about recordings on one timeline: signals, spectra, readings, signs, states; recomputed "
    "at will.",
    "analyze": "Fatigue and warnings of recordings, without a window.",
    "evaluate": "How early, how often and how wrongly it warns: against labels, or against the truth of simulated "
    "sessions.",
    "simulate": "Write a simulated session of two calves, and the truth about it.",
    "virtual": "Virtual sensors alone, for other programs or on a real adapter. They run until Ctrl-C.",
    "doctor": "What works on this machine: adapter, window, profiles, folders, optional packages; and how to mend "
    "the rest.",
    "fit": "Fit points and thresholds of the warning, and write them with their date and the figures that they reach.",
    "season": "How each athlete's sessions go, and whether boots, ground or any journal field makes a difference "
    "within one.",
    "convert": "Turn recordings into another format; which one follows from the name of OUT.",
    "export-bids": "Write an EMG-BIDS and Motion-BIDS data set: BDF+, channels, electrodes, events, scans.",
    "annotate": "Show, add and take back notes of a recording. They are appended; no sample and no state changes by "
    "them.",
    "forget": "Find all that is kept about a pseudonym, show it, and delete it.",
    "merge": "Make one recording of those that several computers made of one session, by the time at which each began.",
    "guide": "Print a guide: for the athlete, the scientist, the coach; Python; security and privacy.",
    "licences": "Which packages Crampwatch needs here, their versions and licences; exit code 1 if one is not to be "
    "used.",
    "gateway": "Headless near the athletes: connect the sensors, record, and publish what they say over MQTT.",
    "broker-config": "Write a mosquitto configuration that starts as it is: TLS with an authority of its own, users, "
    "who may do what.",
    "profiles": "The sensor profiles.",
    "test": "Guided tests that anyone can repeat, each saved as a recording.",
    "settings": "The settings: what they are, and what differs.",
}
_ELSEWHERE = {  # file:name of those that are not a function of their own name in a file of that name
    "export-bids": "convert:export_bids",
    "merge": "forget:merge",
    "profiles": "profiles:profiles_app",
    "test": "guided:test_app",
    "settings": "settings:settings_app",
}


class LateCommands(TyperGroup):
    """Holds of each command its sentence, and imports the one that is called."""

    def __init__(self, **about: Any) -> None:
        about["commands"] = {name: TyperCommand(name, help=sentence) for name, sentence in COMMANDS.items()}
        super().__init__(**about)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that the first word names, whole, and the other words. Raises: UsageError where there is none."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, None if name is None else whole(name), rest


def whole(name: str) -> Any:
    """The command of this name with all that it takes, imported now."""
    own = name.replace("-", "_")
    file, _, what = _ELSEWHERE.get(name, f"{own}:{own}").partition(":")
    found = getattr(import_module(f"monitor.cli.{file}"), what)
    holder = typer.Typer(add_completion=False)
    if isinstance(found, typer.Typer):
        holder.add_typer(found, name=name)
    else:
        holder.command(name)(found)
        holder.callback()(lambda: None)  # so that it stays a command of a group
    group: Any = typer.main.get_command(holder)
    return group.commands[name]

"""`crampwatch replay`: a recording through the same pipeline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.new_file import check_new
from monitor.cli.running import Run, is_watched, show_changes, tell_advice, wants_window, watch

if TYPE_CHECKING:
    from monitor.replaying import Replay
    from monitor.settings import Settings


def replay(
    file: Annotated[
        Path,
        typer.Argument(
            help="The recording (XDF), or a sample's name: tiring, cramp, uphill, both-legs, electrode-off.",
            show_default=False,
        ),
    ],
    speed: Annotated[str, typer.Option(metavar="X|max", help="Session seconds per second, or max.")] = "1",
    from_s: Annotated[
        float, typer.Option("--from", min=0, help="Play from here; what lies before is computed at full speed.")
    ] = 0.0,
    headless: Annotated[bool, typer.Option("--headless", help="Print the state instead of opening a window.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="State changes as JSON lines.")] = False,
    settings: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Settings, a TOML file of groups.", show_default=False)
    ] = None,
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="One setting.", show_default=False)
    ] = None,
    loop: Annotated[bool, typer.Option("--loop", help="Begin again at the end.")] = False,
    redecode: Annotated[
        bool, typer.Option("--redecode", help="Decode the raw bytes with today's profiles, not the recorded ones.")
    ] = False,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="PNG", help="Draw the window as it is at --from, and end.", show_default=False),
    ] = None,
) -> None:
    """Play a recording through the pipeline of the live session: the same states at the same times.

    Example: crampwatch replay cramp --speed 10
    """
    from monitor import shipped
    from monitor.cli.controls import ReplayControls
    from monitor.context.advice import StatesSeen
    from monitor.context.journal import recorded_journal
    from monitor.replaying import Replay

    pace, file = _pace(speed), shipped.recording(file)
    check_new(picture, "the picture", ".png")
    window = picture is None and wants_window(headless, as_json)
    seen = StatesSeen()
    played = Replay(
        file,
        speed=pace,
        start_s=from_s,
        loop=loop,
        newest=redecode,
        settings=_chosen(file, settings, changes or []),
        until_s=from_s if picture else None,
        watched=is_watched(window),
        sinks=(seen,),
        on_changes=None if window or picture else show_changes(as_json),
    )
    if picture is not None:
        _draw(played, picture)
        return
    watch(Run(played, played.stop, ReplayControls(played)), window)
    for note in (*played.notes, *_beside(played)):
        typer.echo(note, err=True)
    if not as_json:
        tell_advice(seen, recorded_journal(played.header))


def _chosen(file: Path, settings: Path | None, changes: list[str]) -> Settings | None:
    """The settings of the call: those of the file, else the recorded ones, with what --set changes; None = recorded."""
    from monitor.cli.analyze_more import changed
    from monitor.cli.settings import settings_in

    if settings is None and not changes:
        return None
    return changed(settings_in(settings or file), changes)


def _beside(played: Replay) -> list[str]:
    """States as recorded beside states as recomputed, in sentences; nothing where none were recorded."""
    from monitor.replaying import state_differences

    if not played.recorded:
        return []
    lines = state_differences(played.recorded, played.states)
    return (
        [f"{len(lines)} states differ from those that were recorded:", *lines]
        if lines
        else [f"the {len(played.recorded)} states that were recorded are the same"]
    )


def _draw(engine: Replay, picture: Path) -> None:
    from monitor.dashboard import save_screenshot

    engine.run()
    save_screenshot(replace(engine.snapshot, ended=False), picture)


def _pace(speed: str) -> float | None:
    if speed == "max":
        return None
    try:
        value = float(speed)
    except ValueError:
        raise typer.BadParameter("a number such as 10, or max", param_hint="--speed") from None
    if not 0.1 <= value <= 1000:
        raise typer.BadParameter("between 0.1 and 1000, or max", param_hint="--speed")
    return value

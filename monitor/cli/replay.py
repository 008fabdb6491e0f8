"""`crampwatch replay`: a recording through the same pipeline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.lsl_options import Lsl, lsl_sinks
from monitor.cli.new_file import check_new
from monitor.cli.options import Headless, StatesAsJson
from monitor.cli.running import Run, has_display, is_watched, show_outcomes, tell_advice, wants_window, watch
from monitor.cli.table_options import (
    AngleTable,
    CalibrationSpan,
    EmgTable,
    FootTable,
    LegOfTables,
    ShankTable,
    tables_by_role,
    to_play,
)
from monitor.cli.web_options import Web, WebAt, WebCert, WebKey, WebPassword, web_of

if TYPE_CHECKING:
    from monitor.dashboard.web.plan import WebPlan
    from monitor.leg_tables import LegTables
    from monitor.replaying import Replay
    from monitor.settings import Settings


_FILE = typer.Argument(
    help="The recording (XDF, or another file of EMG), or a sample's name: tiring, cramp, uphill, both-legs,"
    " electrode-off.",
    show_default=False,
)
_SPEED = typer.Option(metavar="X|max", help="Session seconds per second, or max.")
_FROM = typer.Option("--from", min=0, help="Play from here; what lies before is computed at full speed.")
_SETTINGS = typer.Option(metavar="FILE", help="Settings, a TOML file of groups.", show_default=False)
_SET = typer.Option("--set", metavar="KEY=VALUE", help="One setting.", show_default=False)
_LOOP = typer.Option("--loop", help="Begin again at the end.")
_REDECODE = typer.Option("--redecode", help="Decode the raw bytes with today's profiles, not the recorded ones.")
_PICTURE = typer.Option(metavar="PNG", help="Draw the window as it is at --from, and end.", show_default=False)


def replay(
    file: Annotated[Path | None, _FILE] = None,
    emg: EmgTable = None,
    shank: ShankTable = None,
    foot: FootTable = None,
    angle: AngleTable = None,
    leg: LegOfTables = None,
    calibration: CalibrationSpan = None,
    speed: Annotated[str, _SPEED] = "1",
    from_s: Annotated[float, _FROM] = 0.0,
    headless: Headless = False,
    as_json: StatesAsJson = False,
    settings: Annotated[Path | None, _SETTINGS] = None,
    changes: Annotated[list[str] | None, _SET] = None,
    loop: Annotated[bool, _LOOP] = False,
    redecode: Annotated[bool, _REDECODE] = False,
    picture: Annotated[Path | None, _PICTURE] = None,
    web: Web = False,
    web_at: WebAt = None,
    web_password: WebPassword = None,
    web_cert: WebCert = None,
    web_key: WebKey = None,
    lsl: Lsl = False,
) -> None:
    """Play a recording, or one leg's tables, through the live session's pipeline: the same states at the same times.

    Example: crampwatch replay cramp --speed 10
    Example: crampwatch replay --emg emg.csv --angle angle.csv --leg left --speed max --json
    """
    from monitor import shipped

    page = web_of(web, web_at, web_password, web_cert, web_key)
    pace, files = _pace(speed), [] if file is None else [shipped.recording(file)]
    check_new(picture, "the picture", ".png")
    (call,) = tables_by_role(files, emg, shank, foot, angle)
    played = to_play(call, leg, calibration)
    chosen = _chosen(played, settings, changes or [])
    how = {"speed": pace, "start_s": from_s, "loop": loop, "newest": redecode, "settings": chosen}
    if picture is not None:
        _draw(played, picture, how)
    else:
        _play(played, headless, as_json, how, page, lsl)


def _play(
    what: Path | LegTables, headless: bool, as_json: bool, how: dict[str, Any], page: WebPlan | None, lsl: bool
) -> None:
    """In a window or as lines, then what is to be said at the end. how : see `Replay`."""
    from monitor.cli.controls import ReplayControls
    from monitor.context.advice import StatesSeen
    from monitor.context.journal import recorded_journal
    from monitor.replaying import Replay

    seen, window = StatesSeen(), not (headless or as_json) and has_display()
    told = None if window else show_outcomes(as_json)
    outlets = lsl_sinks(lsl, lambda: played.session, how["speed"] or 1.0)
    played = Replay(what, **how, watched=is_watched(window, page), sinks=(seen, *outlets), on_outcome=told)
    wants_window(headless, as_json)  # says why none opens, once it is clear that there is something to show
    watch(Run(played, played.stop, ReplayControls(played)), window, web=page)
    for note in (*played.notes, *_beside(played)):
        typer.echo(note, err=True)
    if not as_json:
        tell_advice(seen, played.session, recorded_journal(played.header))


def _chosen(played: Path | LegTables, settings: Path | None, changes: list[str]) -> Settings | None:
    """The settings of the call: those of the file, else the recorded ones, with what --set changes; None = recorded."""
    from monitor.cli.analyze_more import changed
    from monitor.cli.settings import settings_in

    if settings is None and not changes:
        return None
    recorded = played if isinstance(played, Path) else None
    return changed(settings_in(settings or recorded), changes)


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


def _draw(what: Path | LegTables, picture: Path, how: dict[str, Any]) -> None:
    from monitor.dashboard import save_screenshot
    from monitor.replaying import Replay

    drawn = Replay(what, **how, until_s=how["start_s"])
    drawn.run()
    save_screenshot(replace(drawn.snapshot, ended=False), picture)


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

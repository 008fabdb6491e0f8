"""`crampwatch test`: guided tests that anyone can repeat."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import Radio

test_app = typer.Typer(help="Guided tests that anyone can repeat, each saved as a recording.", no_args_is_help=True)


class First(StrEnum):
    """The leg that begins."""

    LEFT = "left"
    RIGHT = "right"


_TEAM = typer.Option(metavar="TEAM.toml", help="Who wears which sensors; none: the last team.", show_default=False)
_VIRTUAL = typer.Option("--virtual", help="Virtual sensors on a virtual athlete; no hardware needed.")
_ATHLETE = typer.Option(metavar="NAME", help="Who is tested, where several wear sensors.", show_default=False)
_RECORD = typer.Option(metavar="FILE", help="The recording; none: a name by date in --folder.", show_default=False)
_FOLDER = typer.Option(metavar="FOLDER", help="Where recordings and results of earlier tests are.")
_SPEED = typer.Option(min=0.1, max=100, help="Virtual sensors: session seconds per second.")
_WINDOW = typer.Option("--window", help="Lead in a window: large type, a metronome to see, one big button.")
_JSON = typer.Option("--json", help="The result as one JSON object.")


@test_app.command("heel-rise")
def heel_rise(
    team: Annotated[Path | None, _TEAM] = None,
    radio: Radio = "os",
    virtual: Annotated[bool, _VIRTUAL] = False,
    replay: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Take it from this recording.", show_default=False)
    ] = None,
    athlete: Annotated[str | None, _ATHLETE] = None,
    first: Annotated[First, typer.Option(help="The leg that begins.")] = First.LEFT,
    record: Annotated[Path | None, _RECORD] = None,
    folder: Annotated[Path, _FOLDER] = Path("recordings"),
    speed: Annotated[float, _SPEED] = 1.0,
    seed: Annotated[int, typer.Option(help="Virtual sensors: another seed is another athlete.")] = 1,
    window: Annotated[bool, _WINDOW] = False,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Heel rises to fatigue: 10 to warm up, then 30 per minute to a metronome, one leg after the other.

    Ends when height or rhythm is lost, or with Enter. Gives repetitions, decline of the spectrum, balance.

    Example: crampwatch test heel-rise --team team.toml
    Example: crampwatch test heel-rise --virtual --speed 10
    """
    from monitor.cli.guided_run import GuidedRun, heel_rise_result, story_missed
    from monitor.guided.comparing import RESULT_SUFFIX, earlier_tests, save_result
    from monitor.guided.heel_rise import HeelRiseGuide
    from monitor.guided.report import lines

    path, folders = replay, ()
    if path is None:
        folders = (folder,)
        run = GuidedRun("heel-rise", team, radio, virtual, athlete, record, folder, speed, seed, window=window)
        path = run.play(lambda session, name, mark: HeelRiseGuide(session, name, mark, first=first.value))
    result = heel_rise_result(path, athlete)
    earlier = earlier_tests((path.parent, *folders), result)
    if replay is None:
        save_result(path.with_suffix(RESULT_SUFFIX), result)
    if virtual and replay is None and (missed := story_missed(result)):
        typer.echo(missed, err=True)
    if as_json:
        typer.echo(json.dumps(result | {"earlier": earlier}, allow_nan=False))
        return
    for line in lines(result, earlier):
        typer.echo(line)


@test_app.command("shortened-hold")
def shortened_hold(
    leg: Annotated[First, typer.Option(help="The leg that holds.")] = First.LEFT,
    team: Annotated[Path | None, _TEAM] = None,
    radio: Radio = "os",
    virtual: Annotated[bool, _VIRTUAL] = False,
    replay: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Take it from this recording.", show_default=False)
    ] = None,
    athlete: Annotated[str | None, _ATHLETE] = None,
    record: Annotated[Path | None, _RECORD] = None,
    folder: Annotated[Path, _FOLDER] = Path("recordings"),
    speed: Annotated[float, _SPEED] = 1.0,
    window: Annotated[bool, _WINDOW] = False,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Laboratory: a hard contraction of the short calf, at most 60 s, that can bring on a cramp. Asks for consent.

    Leaves a recording and labels for `evaluate`. Enter begins, notes a cramp, and notes its end.

    Example: crampwatch test shortened-hold --leg left --team team.toml
    """
    from monitor.cli.guided_run import GuidedRun, agreed, virtual_presses_s
    from monitor.guided.hold import HoldGuide, write_labels
    from monitor.guided.hold_result import cramp_spans, hold_result, lines

    path, labels = replay, None
    if path is None:
        consent = {} if virtual else agreed()
        run = GuidedRun("shortened-hold", team, radio, virtual, athlete, record, folder, speed, 1, consent, window)
        presses_s = virtual_presses_s("shortened-hold", leg.value) if virtual else ()
        path = run.play(lambda session, name, mark: HoldGuide(session, name, mark, leg.value), presses_s)
    result = hold_result(path)
    if replay is None:
        labels = path.with_suffix(".labels.csv")
        write_labels(labels, path, result["leg"], cramp_spans(result))
    if as_json:
        typer.echo(json.dumps(result, allow_nan=False))
        return
    for line in lines(result, labels):
        typer.echo(line)

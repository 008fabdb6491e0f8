"""`crampwatch analyze`: fatigue and warnings of recordings, without a window."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from monitor.cli.batch_options import Cluster, Jobs, Keep, shown
from monitor.cli.table_options import (
    AngleTable,
    CalibrationSpan,
    EmgTable,
    FootTable,
    LegOfTables,
    ShankTable,
    check_leg_of,
    tables_by_role,
)

if TYPE_CHECKING:
    from monitor.batch import Workers
    from monitor.settings import Settings

_MOST_DIFFERENCES = 20


_FILES = typer.Argument(metavar="FILES...", help="EMG recordings, each analysed for itself.", show_default=False)
_COLUMNS = ("channel", "MDF Hz", "end Hz", "slope %/min", "RMS %", "working s", "good %", "gate")
_TABLE = {"metavar": "FILE", "show_default": False}
_SET = typer.Option("--set", metavar="KEY=VALUE", help="One setting; repeatable.", show_default=False)
_CHECK = typer.Option(help="Compare with this earlier output of --json; differences are exit code 1.", **_TABLE)
_REPORT = typer.Option(help="Also write a report for people: one HTML file that needs no network.", **_TABLE)
_FEATURES = typer.Option(help="Also write features and states, one row per second and channel.", **_TABLE)
_OUT = typer.Option(help="Also write one row per channel to this .csv, .parquet or .xlsx.", **_TABLE)


def analyze(
    files: Annotated[list[Path] | None, _FILES] = None,
    emg: EmgTable = None,
    shank: ShankTable = None,
    foot: FootTable = None,
    angle: AngleTable = None,
    leg: LegOfTables = None,
    calibration: CalibrationSpan = None,
    from_s: Annotated[
        float | None, typer.Option("--from", min=0, help="Analyse from here, s.", show_default=False)
    ] = None,
    to_s: Annotated[float | None, typer.Option("--to", min=0, help="Analyse to here, s.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per recording and line.")] = False,
    settings: Annotated[Path | None, typer.Option(help="Settings, a TOML file of groups.", **_TABLE)] = None,
    changes: Annotated[list[str] | None, _SET] = None,
    jobs: Jobs = 1,
    cluster: Cluster = None,
    keep: Keep = None,
    table: Annotated[Path | None, _OUT] = None,
    features: Annotated[Path | None, _FEATURES] = None,
    check: Annotated[Path | None, _CHECK] = None,
    report: Annotated[Path | None, _REPORT] = None,
    redecode: Annotated[bool, typer.Option("--redecode", help="Decode raw bytes with today's profiles.")] = False,
) -> None:
    """Fatigue and warnings of recordings, without a window.

    Example: crampwatch analyze --emg emg.csv --shank shank.csv --foot foot.csv --leg left --from 60
    Example: crampwatch analyze *.xdf --jobs 4 --set trend.watch_level=0.88 --table channels.csv
    Example: crampwatch analyze season/*.xdf --cluster tcp://10.0.0.5:8786 --keep done --table season.parquet
    """
    import monitor
    from monitor import shipped
    from monitor.batch import Workers
    from monitor.cli.analyze_more import earlier_results, settings_of
    from monitor.exporting.opening import holds_session
    from monitor.kept_answers import Keeping

    _check_outputs(table, features, report)
    if from_s is not None and to_s is not None and to_s <= from_s:
        raise typer.BadParameter("must lie behind --from", param_hint="--to")
    files = [shipped.recording(file) for file in files or []]
    if leg is not None or calibration is not None:
        check_leg_of([file for file in files if holds_session(file)], leg, calibration)
    calls = tables_by_role(files, emg, shank, foot, angle)
    more = {"leg": None if leg is None else leg.value, "calibration_s": calibration}
    before = None if check is None else earlier_results(check)
    chosen, command = settings_of(settings, changes or []), ("crampwatch", *sys.argv[1:])
    work = partial(_answer, more=more, span_s=(from_s, to_s), settings=chosen, command=command, newest=redecode)
    made_by = f"{monitor.__version__} {chosen.hash if chosen else 'as recorded'} {from_s} {to_s} {more} {redecode}"
    work = work if keep is None else Keeping(work, keep, made_by)
    more_is_wanted = any(each is not None for each in (table, features, report, check, keep))
    whole = any(each is not None for each in (features, report, check))
    answers, unprinted = _told(work, calls, Workers(jobs, cluster), as_json, more_is_wanted, whole)
    _write(answers, table, features, report)
    if unprinted is not None:
        raise unprinted
    failed = any("error" in answer for answer in answers)
    if failed | (before is not None and _differs(before, answers)):
        raise typer.Exit(1)


def _check_outputs(table: Path | None, features: Path | None, report: Path | None) -> None:
    """Before the work begins. Raises: BadParameter, CrampwatchError."""
    from monitor.cli.new_file import check_new, check_new_tables

    check_new_tables({"--table": table, "--features": features})
    check_new(report, "the report", ".html")


def _told(
    work: Callable[[dict[str, Path]], dict[str, Any]],
    calls: list[dict[str, Path]],
    workers: Workers,
    as_json: bool,
    goes_on: bool,
    whole: bool,
) -> tuple[list[dict[str, Any]], OSError | None]:
    """The answers in order, each said as soon as it is there, and why not all could be printed.

    whole : keep their tracks, megabytes of each recording. Raises: OSError where one cannot be printed, unless it goes
    on without.
    """
    from monitor.batch import Lost, in_order

    out, answers, unprinted = Console(), [], None
    found = shown(in_order(work, calls, workers), "Analysing", len(calls))
    for call, answer in zip(calls, found, strict=True):
        answer = (
            {"file": _first(call), "error": f"{_first(call)}: {answer.why}"} if isinstance(answer, Lost) else answer
        )
        answers.append(answer if whole else _without_tracks(answer))
        try:
            if unprinted is None:
                _say(out, answer, as_json)
        except OSError as error:
            if not goes_on:
                raise
            unprinted = error
    failed = sum("error" in answer for answer in answers)
    if failed and len(answers) > 1:
        typer.echo(f"{failed} of {len(answers)} recordings failed; their errors stand above", err=True)
    return answers, unprinted


def _without_tracks(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"legs": [leg | {"track": None} for leg in answer["legs"]]} if "legs" in answer else answer


def _say(out: Console, answer: dict[str, Any], as_json: bool) -> None:
    """One answer. Raises: OSError if it cannot be printed."""
    if as_json:
        typer.echo(json.dumps(answer, allow_nan=False))
    elif "error" in answer:
        typer.echo(answer["error"], err=True)
    else:
        with out.capture() as text:  # it would end the program where nobody reads
            _print(out, answer)
        typer.echo(text.get(), nl=False, color=True)


def _write(answers: list[dict[str, Any]], table: Path | None, features: Path | None, report: Path | None) -> None:
    """The files that were asked for."""
    from monitor.analysis_table import write_features, write_table
    from monitor.cli.new_file import write_new

    if table is not None:
        write_table(table, answers)
    if features is not None:
        write_features(features, answers)
    if report is not None:
        from monitor.guided.comparing import results_beside
        from monitor.report import report as page_of

        good = [answer for answer in answers if "legs" in answer]
        people = {leg["athlete"] for answer in good for leg in answer["legs"]} - {None}
        write_new(report, "the report", page_of(answers, results_beside([Path(one["file"]) for one in good], people)))


def _differs(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> bool:
    """Say what differs from the earlier answers."""
    from monitor.cli.analyze_more import differences, reasons, results

    found = list(differences(list(map(results, before)), list(map(results, now))))
    for line in found[:_MOST_DIFFERENCES]:
        typer.echo(line, err=True)
    if len(found) > _MOST_DIFFERENCES:
        typer.echo(f"... and {len(found) - _MOST_DIFFERENCES} more", err=True)
    typer.echo(f"{len(found)} differences" if found else "same: nothing differs", err=True)
    for line in reasons(before, now) if found else []:
        typer.echo(f"made otherwise: {line}", err=True)
    return bool(found)


def _answer(
    call: dict[str, Path],
    more: dict[str, Any],
    span_s: tuple[float | None, float | None],
    settings: Settings | None,
    command: Sequence[str],
    newest: bool,
) -> dict[str, Any]:
    from monitor.analysis import analyse_files
    from monitor.errors import CrampwatchError
    from monitor.provenance import provenance

    try:
        answer = analyse_files(call, *span_s, settings=settings, newest=newest, **more)
        return answer | provenance(call.values(), command)
    except CrampwatchError as error:
        return {"file": _first(call), "error": str(error)}


def _first(call: dict[str, Path]) -> str:
    return str(next(iter(call.values())))


def _print(out: Console, answer: dict[str, Any]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    from monitor.contraction.placement import SENTENCE as MISPLACED
    from monitor.contraction.shortened import exposure_text

    span = f"{answer['from_s']:.1f} to {answer['to_s']:.1f} s of {answer['duration_s']:.1f} s"
    for leg in answer["legs"]:
        table = Table(box=SIMPLE_HEAD)
        for number, name in enumerate(_COLUMNS):
            table.add_column(name, justify="right" if number else "left")
        for channel in leg["channels"]:
            table.add_row(*(escape(cell) for cell in _row(channel)))
        out.print(escape(f"{answer['file']}: {leg['leg'] or 'leg not said'}, {span}"), highlight=False, soft_wrap=True)
        if leg["channels"]:
            out.print(table)
        for channel in leg["channels"]:
            out.print(escape(verdict_sentence(channel)), highlight=False)
            if channel["misplaced"]:
                out.print(escape(MISPLACED.format(label=channel["label"], leg=leg["leg"] or "")), highlight=False)
        if leg["fatigue"].get("course"):
            out.print(escape(f"Against the own baseline, at the end: {leg['fatigue']['course']}"), highlight=False)
        if leg["angle_note"]:
            out.print(escape(f"Ankle angle: {leg['angle_source']} ({leg['angle_note']})"), highlight=False)
        exposure = leg["ankle"]["exposure_s_per_min"]
        if exposure is not None:
            out.print(f"{exposure_text(exposure)}.".capitalize(), highlight=False)
        for state in leg["states"]:
            out.print(
                escape(f"{state['time_s']:.1f} s {state['state']}: {'; '.join(state['reasons'])}"), highlight=False
            )
    _print_advice(out, answer)


def _print_advice(out: Console, answer: dict[str, Any]) -> None:
    """What the person said before, and what fits what was seen; nothing where nothing was judged."""
    from rich.markup import escape

    from monitor.context.journal import Journal

    if answer["journal"] is not None:
        journal = Journal.from_dict(answer["journal"])
        for athlete in dict.fromkeys(leg["athlete"] for leg in answer["legs"]):
            for sentence in journal.sentences(athlete):
                out.print(escape(f"{athlete}: {sentence}"), highlight=False)
    for advice in answer["advice"]:
        who = f"{advice['athlete']}: " if advice["athlete"] else ""
        out.print(escape(f"{who}{advice['text']} [{advice['source']}]"), highlight=False)


def _row(channel: dict[str, Any]) -> list[str]:
    return [
        channel["label"],
        _shown_number(channel["mdf_start_hz"], ".1f"),
        _shown_number(channel["mdf_end_hz"], ".1f"),
        _shown_number(channel["slope_pct_per_min"], "+.1f"),
        _shown_number(channel["rms_change_pct"], "+.0f"),
        _shown_number(channel["contraction_s"], ".1f"),
        _shown_number(100 * channel["good_fraction"], ".1f"),
        "EMG" if channel["gate"] == "emg" else "no rest",
    ]


def _shown_number(value: float | None, form: str) -> str:
    return "unknown" if value is None else f"{value:{form}}"


def verdict_sentence(channel: dict[str, Any]) -> str:
    """One channel of `analyze --json` in a sentence: "GM: MDF 125.4 -> 108.8 Hz (-13.2 %, ...): fatigue yes"."""
    label, verdict = channel["label"], f"fatigue {channel['fatigue']}"
    if channel["spectral_use"] == "none":
        return f"{label}: {verdict}, at {channel['rate_hz']:.0f} samples per second the EMG cannot show it"
    if channel["mdf_change_pct"] is None:
        return f"{label}: {verdict}, there is too little contraction with a good signal"
    interval = channel["mdf_change_ci"]
    sure = "too short for an interval" if interval is None else f"95 % {interval[0]:+.1f} .. {interval[1]:+.1f}"
    hertz = f"MDF {channel['mdf_start_hz']:.1f} -> {channel['mdf_end_hz']:.1f} Hz"
    return f"{label}: {hertz} ({channel['mdf_change_pct']:+.1f} %, {sure}): {verdict}"

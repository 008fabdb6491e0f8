"""The options by which one leg's tables are given, and what makes sense together: for `analyze` and `replay`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from monitor.leg_tables import LegTables

_FILE = {"metavar": "FILE", "show_default": False}


class LegSide(StrEnum):
    """Which leg the tables are from."""

    LEFT = "left"
    RIGHT = "right"


def _span(span_s: tuple[float, float] | None) -> tuple[float, float] | None:
    """Raises: BadParameter."""
    if span_s is not None and not 0 <= span_s[0] < span_s[1] < float("inf"):
        raise typer.BadParameter("two times in seconds, the later one last, as 5 25")
    return span_s


EmgTable = Annotated[Path | None, typer.Option("--emg", help="EMG table of one leg.", **_FILE)]
ShankTable = Annotated[Path | None, typer.Option("--shank", help="IMU table of the shank.", **_FILE)]
FootTable = Annotated[Path | None, typer.Option("--foot", help="IMU table of the foot.", **_FILE)]
AngleTable = Annotated[Path | None, typer.Option("--angle", help="Table of the ankle angle.", **_FILE)]
LegOfTables = Annotated[
    LegSide | None, typer.Option("--leg", help="The leg that the tables are from.", show_default=False)
]
CalibrationSpan = Annotated[
    tuple[float, float] | None,
    typer.Option("--calibration", help="Where the calibration begins and ends, s.", metavar="T0 T1", callback=_span),
]


def check_leg_of(recorded: list[Path], leg: LegSide | None, calibration_s: tuple[float, float] | None) -> None:
    """A recording is not told its leg. Raises: BadParameter."""
    if recorded and (leg is not None or calibration_s is not None):
        raise typer.BadParameter(
            f"{recorded[0]} knows its legs and its calibration itself", param_hint="--leg, --calibration"
        )


def tables_by_role(
    files: list[Path], emg: Path | None, shank: Path | None, foot: Path | None, angle: Path | None
) -> list[dict[str, Path]]:
    """The tables of each recording. Raises: BadParameter for what makes no sense together."""
    named = {"shank": shank, "foot": foot, "angle": angle}
    tables = {role: path for role, path in named.items() if path is not None}
    if emg is not None and files:
        raise typer.BadParameter("give the EMG as a FILE or with --emg, not both", param_hint="--emg")
    if tables and len(files) > 1:
        raise typer.BadParameter(f"one call, one leg: give one FILE with --{next(iter(tables))}", param_hint="FILES")
    calls = [{"emg": file} | tables for file in files]
    if not files and (emg is not None or tables):
        calls = [({} if emg is None else {"emg": emg}) | tables]
    if not calls:
        raise typer.BadParameter("give at least one recording, or tables with --emg ...", param_hint="FILES")
    return calls


def to_play(call: dict[str, Path], leg: LegSide | None, calibration_s: tuple[float, float] | None) -> Path | LegTables:
    """A recorded session, or the tables of one leg. Raises: BadParameter, TableError."""
    from monitor.exporting.opening import holds_session
    from monitor.leg_tables import checked_emg, load_tables

    if call.keys() == {"emg"} and holds_session(call["emg"]):
        check_leg_of([call["emg"]], leg, calibration_s)
        return call["emg"]
    tables = load_tables(**call, leg=None if leg is None else leg.value, calibration_s=calibration_s)
    checked_emg(tables)
    return tables

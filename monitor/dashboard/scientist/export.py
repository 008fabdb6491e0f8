"""A panel as a file: PNG or SVG as it is seen, CSV of what is in view."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtSvg import QSvgGenerator

from monitor.dashboard.scientist.over_time import OverTime
from monitor.dashboard.scientist.panel import TimePanel
from monitor.dashboard.scientist.series import rows_between
from monitor.dashboard.scientist.spectra import SpectraNow
from monitor.errors import CrampwatchError
from monitor.unfinished import drafts

KINDS = ("png", "svg", "csv")


def export(panel: QtWidgets.QWidget, path: Path) -> None:
    """Write the panel in the format of the file's name. Raises: CrampwatchError if it cannot be written."""
    kind = path.suffix.lower().lstrip(".")
    if kind not in KINDS:
        raise CrampwatchError(f"{path} has no ending of png, svg or csv")
    try:
        with drafts(path) as (written,):
            done = {"png": _png, "svg": _svg, "csv": _csv}[kind](panel, written)
            if not done:
                written.unlink(missing_ok=True)
    except OSError as error:
        raise CrampwatchError(f"cannot write {path}: {error.strerror or error}") from error
    if not done:
        raise CrampwatchError(f"cannot write {path}" if kind != "csv" else "this panel has no numbers to write")


def _png(panel: QtWidgets.QWidget, path: Path) -> bool:
    return panel.grab().save(str(path), "PNG")


def _svg(panel: QtWidgets.QWidget, path: Path) -> bool:
    made = QSvgGenerator()
    made.setFileName(str(path))
    made.setSize(panel.size())
    made.setViewBox(QtCore.QRect(QtCore.QPoint(0, 0), panel.size()))
    made.setTitle(panel.objectName() or "Crampwatch")
    painter = QtGui.QPainter()
    if not painter.begin(made):
        return False
    if isinstance(panel, OverTime):
        painter.fillRect(panel.rect(), QtGui.QColor(panel.style_.theme.card))
        panel.paint_still(painter, panel.area())
        panel.paint_content(painter, panel.area(), vector=True)
        painter.setClipping(False)
        panel.paint_over(painter, panel.area())
    elif isinstance(panel, SpectraNow):
        panel.paint_on(painter)
    else:
        panel.render(painter, QtCore.QPoint())
    painter.end()
    return path.is_file()


def _csv(panel: QtWidgets.QWidget, path: Path) -> bool:
    head, rows = table(panel)
    if not rows:
        return False
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows([["" if value != value else f"{value:.6g}" for value in row] for row in rows])
    return True


def table(panel: QtWidgets.QWidget) -> tuple[list[str], list[list[float]]]:
    """Names with units and rows of what is in view; series of other times are read at those of the first."""
    if isinstance(panel, SpectraNow):
        return panel.table()
    if not isinstance(panel, TimePanel) or not panel.spec.series:
        return [], []
    first, view = panel.spec.series[0], panel.view_
    times = first.time_s[rows_between(first.time_s, view.from_s, view.to_s)]
    columns = [times]
    for series in panel.spec.series:
        at = np.clip(np.searchsorted(series.time_s, times, side="right") - 1, 0, None)
        values = series.values[at].astype(float) if len(series.time_s) else np.full(len(times), np.nan)
        columns.append(np.where(times < (series.time_s[0] if len(series.time_s) else np.inf), np.nan, values))
    names = [f"{series.name}_{series.unit}".replace(" ", "_") for series in panel.spec.series]
    return ["time_s", *names], np.column_stack(columns).tolist()

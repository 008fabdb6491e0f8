"""C3D: analog channels with the units that it tells, and model angles, by ezc3d."""

from __future__ import annotations

from pathlib import Path

from monitor.acquisition.child_reader import read_in_child
from monitor.chunk import Chunk
from monitor.errors import TableError
from monitor.importing.asked import Asked
from monitor.importing.content import Column, Content, streams_of


def read(path: Path, asked: Asked) -> Content:
    """Analog channels as they are; each angle of a model as three channels NAME_x, NAME_y, NAME_z."""
    meta, arrays = read_in_child("c3d", path)
    analogs, angles = arrays["analogs"], arrays["angles"]
    streams: list[Chunk] = []
    if analogs.shape[1]:
        columns = [
            Column(label, unit, analogs[:, n])
            for n, (label, unit) in enumerate(zip(meta["labels"], meta["units"], strict=True))
        ]
        streams += streams_of(columns, meta["analog_hz"], path.name)
    if meta["angles"]:
        columns = [
            Column(f"{name}_{axis}", meta["angle_unit"], angles[:, row, n], "angle")
            for n, name in enumerate(meta["angles"])
            for row, axis in enumerate("xyz")
        ]
        streams += streams_of(columns, meta["point_hz"], path.name)
    if not streams:
        raise TableError(f"{path} holds neither an analog channel nor an angle; export it with them")
    return Content(path, "C3D", tuple(streams))

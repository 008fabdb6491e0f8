"""OpenSignals: the text files of BITalino and biosignalsplux, and biosignalsplux' HDF5. ADC counts, as written.

Source: OpenSignals (r)evolution file format, support.pluxbiosignals.com.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from monitor.acquisition.child_reader import read_in_child
from monitor.chunk import Chunk
from monitor.errors import TableError
from monitor.importing.asked import Asked
from monitor.importing.content import Column, Content, streams_of
from monitor.importing.rows import in_places, lines_of, numbers, unwrapped

MARK = "# OpenSignals Text File Format"
_END = "# EndOfHeader"
_INPUT_NAMES = ("CH", "A")  # columns of analog inputs: CH1 (biosignalsplux), A1 (BITalino)


def read_text(path: Path, asked: Asked) -> Content:
    """All devices of a text file; samples that nSeq says are missing are NaN."""
    lines = lines_of(path)
    end = next((number for number, line in enumerate(lines[:10]) if line.startswith(_END)), None)
    if end is None:
        raise TableError(f"{path} has no line '{_END}' in its beginning; export it again")
    try:
        devices: dict[str, dict[str, Any]] = json.loads(lines[1].removeprefix("#"))
        names = [name for device in devices.values() for name in device["column"]]
        streams, first = [], 0
        for key, device in devices.items():
            inputs = [first + n for n, name in enumerate(device["column"]) if name.startswith(_INPUT_NAMES)]
            rows = numbers(path, lines[end + 1 :], end + 2, "\t", [first, *inputs])
            labels = [names[column] for column in inputs]
            streams += _device(key, device, labels, rows)
            first += len(device["column"])
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise TableError(f"the header of {path} is not as OpenSignals writes it: {error}") from error
    notes = [f"{key}: {device.get('comments')}" for key, device in devices.items() if device.get("comments")]
    return Content(path, "OpenSignals text", tuple(streams), notes=tuple(notes))


def _device(key: str, device: dict[str, Any], labels: list[str], rows: np.ndarray) -> tuple[Chunk, ...]:
    counted = unwrapped(rows[:, 0], 16 if device.get("device", "").startswith("bitalino") else 65536)
    place = counted if (np.diff(counted) > 0).all() else np.arange(len(rows))
    full = in_places(rows[:, 1:], place, key)
    sensors = device["sensor"] if len(device["sensor"]) == len(labels) else [""] * len(labels)
    columns = [
        Column(label, "counts", full[:, number], _signal(sensor))
        for number, (label, sensor) in enumerate(zip(labels, sensors, strict=True))
    ]
    return streams_of(columns, float(device["sampling rate"]), key)


def _signal(sensor: str) -> str:
    return "emg" if sensor.upper().endswith("EMG") else sensor.lower() or "other"


def read_hdf5(path: Path, asked: Asked) -> Content:
    """All devices of an HDF5 file."""
    meta, arrays = read_in_child("hdf5", path)
    streams: list[Chunk] = []
    for device in meta["devices"]:
        columns = [
            Column(channel["label"], "counts", arrays[channel["key"]], _signal(channel["sensor"]))
            for channel in device["channels"]
        ]
        streams += streams_of(columns, device["rate_hz"], device["name"])
    return Content(path, "OpenSignals HDF5", tuple(streams))

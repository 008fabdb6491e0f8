"""EMG-BIDS and Motion-BIDS: a folder, or one motion table of it.

Source: Brain Imaging Data Structure 1.11.1, bids-specification.readthedocs.io.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from monitor.chunk import Channel, Chunk, Stream
from monitor.errors import TableError
from monitor.importing import edf
from monitor.importing.asked import Asked
from monitor.importing.content import Column, Content, streams_of
from monitor.importing.rows import lines_of, numbers
from monitor.importing.units import unit_of

_TYPES = {"ACCEL": "acc", "GYRO": "gyr", "JNTANG": "angle", "ANGACCEL": "other"}
NOTHING = ("0.0", "start")  # onset and text of our own tables of events in which nothing happened: BIDS wants a row


def read_folder(path: Path, asked: Asked) -> Content:
    """All recordings of one subject and run, or of one exported session. Raises: TableError where there are several."""
    if not (path / "dataset_description.json").is_file():
        raise TableError(f"{path} is a folder without dataset_description.json, so no BIDS data set; give a file")
    emg = sorted([*path.rglob("*_emg.bdf"), *path.rglob("*_emg.edf")])
    motion = sorted(path.rglob("*_motion.tsv"))
    runs = {_run(file) for file in (*emg, *motion)}
    if len(runs) != 1:
        there = (
            "no EMG" if not runs else f"several recordings ({', '.join(sorted(runs))[:200]}); give one of their files"
        )
        raise TableError(f"{path} holds {there}")
    offsets = _offsets(path, {file.name for file in (*emg, *motion)})
    parts = [*(_emg(file, asked) for file in emg), *(read_motion(file, asked) for file in motion)]
    parts = [part if _own_of(part.path) else _later(part, offsets.get(part.path.name, 0.0)) for part in parts]
    said = tuple(dict.fromkeys(note for part in parts for note in part.annotations))
    return Content(
        path,
        "EMG-BIDS",
        tuple(chunk for part in parts for chunk in part.streams),
        _with_events(said, path, [part.path for part in parts], offsets),
        next((part.states for part in parts if part.states), ()),
        next((part.header for part in parts if part.header), {}),
        next((part.epoch_s for part in parts if part.epoch_s is not None), None),
        tuple(note for part in parts for note in part.notes),
    )


def _own_of(file: Path) -> dict[str, Any] | None:
    """What Crampwatch told beside its own file, whose stamps are on the session's clock; None beside any other."""
    own = edf.sidecar(file).get(edf.OWN)
    return own if isinstance(own, dict) else None


def _later(part: Content, by_s: float) -> Content:
    """The same on a clock that began so many seconds before the file."""
    return replace(
        part,
        streams=tuple(replace(chunk, time_s=chunk.time_s + by_s) for chunk in part.streams),
        annotations=tuple((at_s + by_s, text) for at_s, text in part.annotations),
        epoch_s=None if part.epoch_s is None else part.epoch_s - by_s,
    )


def _run(file: Path) -> str:
    """The session that Crampwatch exported, else subject, session, task and run of a file's name."""
    own = _own_of(file)
    if own is not None and own.get("epoch_s") is not None:
        return f"the session begun at {own['epoch_s']} s"
    kept = [part for part in file.stem.split("_") if part.split("-")[0] in ("sub", "ses", "task", "run", "acq")]
    return "_".join(kept)


def _emg(file: Path, asked: Asked) -> Content:
    """One EMG file; where its own units and those of channels.tsv differ, its own hold and the difference is said."""
    content = edf.read(file, asked)
    table = _rows(file.with_name(file.stem.removesuffix("_emg") + "_channels.tsv"), _own_of(file) is not None)
    units = {row.get("name", ""): row.get("units", "") for row in table}
    wrong = [
        channel.label
        for chunk in content.streams
        for channel in chunk.stream.channels
        if channel.label in units and unit_of(units[channel.label]) not in (unit_of(channel.unit), unit_of("n/a"))
    ]
    note = f"channels.tsv tells another unit of {', '.join(wrong)[:80]} than {file.name}, whose own holds"
    return replace(content, notes=(*content.notes, note)) if wrong else content


def read_motion(path: Path, asked: Asked) -> Content:
    """One `_motion.tsv` with the names, types and units of its `_channels.tsv` and the rate of its `_motion.json`."""
    facts, own = edf.sidecar(path), _own_of(path)
    table = _rows(path.with_name(path.stem.removesuffix("_motion") + "_channels.tsv"), own is not None)
    if not path.stem.endswith("_motion") or not table:
        raise TableError(f"{path} is no motion table of a BIDS data set with its channels.tsv beside it")
    rows = numbers(path, [line.replace("n/a", "nan") for line in lines_of(path)], 1, "\t", range(len(table)))
    if own is not None:
        return _own(path, own, rows)
    rate_hz = _rate_hz(facts, path, asked)
    columns = [
        Column(row.get("name", ""), row.get("units", ""), rows[:, n], _TYPES.get(row.get("type", ""), "other"))
        for n, row in enumerate(table)
    ]
    return Content(path, "Motion-BIDS", streams_of(columns, rate_hz, str(facts.get("TrackingSystemName", path.stem))))


def _rate_hz(facts: dict[str, Any], path: Path, asked: Asked) -> float:
    for key in ("SamplingFrequencyEffective", "SamplingFrequency"):
        if isinstance(facts.get(key), int | float):
            return float(facts[key])
    return asked.rate_of(str(path))


def _own(path: Path, own: dict[str, Any], rows: np.ndarray) -> Content:
    try:
        channels = tuple(Channel(str(label), str(unit)) for label, unit in own["channels"])
        stream = Stream(str(own["signal"]), float(own["rate_hz"]), channels, str(own["source"]))
        time_s = edf.own_stamps(own, len(rows))
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise TableError(f"the JSON beside {path} is damaged: {error!r}") from error
    return Content(path, "Motion-BIDS", (Chunk(stream, time_s, rows[:, : len(channels)]),), **edf.own_session(own))


def _rows(path: Path, own: bool = False) -> list[dict[str, str]]:
    """own : Crampwatch quotes nothing, so that a quotation mark is one."""
    if not path.is_file():
        return []
    return list(csv.DictReader(lines_of(path), delimiter="\t", quoting=csv.QUOTE_NONE if own else csv.QUOTE_MINIMAL))


def _with_events(said: edf.Notes, path: Path, files: list[Path], offsets: dict[str, float]) -> edf.Notes:
    """What people noted in the files themselves, and in the first `_events.tsv`, whose onsets count from its file."""
    table = min(path.rglob("*_events.tsv"), default=None)
    if table is None:
        return said
    stem = table.name.removesuffix("events.tsv")
    file = next((file for file in files if file.name.startswith(stem)), files[0])
    own = _own_of(file)
    began_s = offsets.get(file.name, 0.0) if own is None else float(own["start_s"])
    rows = _rows(table, own is not None)
    found = [(row.get("onset", ""), row.get("trial_type") or row.get("value") or "") for row in rows]
    events = tuple(
        (round(float(onset) + began_s, 6), text)
        for onset, text in found
        if onset not in ("", "n/a") and text not in ("n/a", edf.LOST) and not text.startswith(("state ", "BAD_"))
    )
    if own is None:
        return events or said
    return said if found == [NOTHING] else edf.with_added(said, events)


def _offsets(path: Path, names: set[str]) -> dict[str, float]:
    """Seconds of each of these files, as `_scans.tsv` tells, after the first of them."""
    from datetime import datetime

    times: dict[str, float] = {}
    for file in path.rglob("*_scans.tsv"):
        for row in _rows(file):
            try:
                name, time = Path(row["filename"]).name, datetime.fromisoformat(row["acq_time"].rstrip("Z"))
            except (KeyError, ValueError, TypeError):
                continue
            times |= {name: time.timestamp()} if name in names else {}
    first_s = min(times.values(), default=0.0)
    return {name: time_s - first_s for name, time_s in times.items()}

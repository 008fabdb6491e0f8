"""EDF(+) and BDF(+), by edfio. What is annotated BAD_lost comes back as NaN; a JSON beside it tells what EDF cannot.

The JSON is that of EMG-BIDS (`x_emg.bdf`, `x_emg.json`); Crampwatch's own has a key "Crampwatch" in it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from monitor.acquisition.child_reader import read_in_child
from monitor.chunk import Channel, Chunk, Stream
from monitor.errors import TableError
from monitor.importing.asked import Asked
from monitor.importing.content import Column, Content, streams_of

LOST = "BAD_lost"
OWN = "Crampwatch"
_MAX_JSON_BYTES = 20_000_000
_SAME_S = 0.002  # a note of ours, although EDF and TSV round its time
Notes = tuple[tuple[float, str], ...]


def read(path: Path, asked: Asked) -> Content:
    """A continuous EDF or BDF file. Raises: TableError with the reason where it keeps not to the format."""
    library = path.suffix.lower().removeprefix(".")
    meta, arrays = read_in_child(library, path)
    own = sidecar(path).get(OWN)
    notes = [(float(at), float(long or 0.0), str(text)) for at, long, text in meta["annotations"]]
    signals = meta["signals"]
    samples = [arrays[f"s{number}"] for number in range(len(signals))]
    for number, signal in enumerate(signals):
        _lose(samples[number], signal["label"], float(signal["rate_hz"]), notes)
    start_s = float(own["start_s"]) if isinstance(own, dict) else 0.0
    said = tuple((round(at + start_s, 6), text) for at, _, text in notes if not text.startswith(LOST))
    form = f"{library.upper()}+" if notes else library.upper()
    if isinstance(own, dict):
        facts = own_session(own)
        facts["annotations"] = with_added(facts["annotations"], said)
        return Content(path, form, (_own_stream(path, own, samples),), **facts)
    streams: list[Chunk] = []
    for rate_hz in dict.fromkeys(float(signal["rate_hz"]) for signal in signals):
        chosen = [n for n, signal in enumerate(signals) if float(signal["rate_hz"]) == rate_hz]
        columns = [Column(signals[n]["label"], signals[n]["unit"], samples[n]) for n in chosen]
        streams += [_without_tail(chunk) for chunk in streams_of(columns, rate_hz, path.name)]
    began_s = None
    if meta["start"]:
        began_s = datetime.fromisoformat(meta["start"]).replace(tzinfo=UTC).timestamp()
    return Content(path, form, tuple(streams), said, epoch_s=began_s)


def sidecar(path: Path) -> dict[str, Any]:
    """The JSON object beside a file; empty where there is none. Raises: TableError where it is none."""
    beside = path.with_suffix(".json")
    if not beside.is_file():
        return {}
    return json_of(beside)


def json_of(path: Path) -> dict[str, Any]:
    """A JSON object from a file. Raises: TableError."""
    try:
        if path.stat().st_size > _MAX_JSON_BYTES:
            raise TableError(f"{path} is too long to describe a recording")
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise TableError(f"{path} is no JSON: {error}") from error
    return found if isinstance(found, dict) else {}


def _lose(samples: np.ndarray, label: str, rate_hz: float, notes: list[tuple[float, float, str]]) -> None:
    """NaN where the signal was lost; `BAD_lost@@GM` is of one channel alone."""
    for at_s, long_s, text in notes:
        if text in (LOST, f"{LOST}@@{label}"):
            first, end = round(at_s * rate_hz), round((at_s + long_s) * rate_hz)
            samples[max(0, first) : max(0, end)] = np.nan


def _without_tail(chunk: Chunk) -> Chunk:
    """Without the lost samples that fill the last record."""
    known = np.flatnonzero(~np.isnan(chunk.samples).all(axis=1))
    return chunk[: int(known[-1]) + 1] if len(known) else chunk[:0]


def _own_stream(path: Path, own: dict[str, Any], samples: list[np.ndarray]) -> Chunk:
    try:
        channels = tuple(Channel(str(label), str(unit)) for label, unit in own["channels"])
        n_samples = int(own["n_samples"])
        stream = Stream(str(own["signal"]), float(own["rate_hz"]), channels, str(own["source"]))
        time_s = own_stamps(own, n_samples)
    except (KeyError, TypeError, ValueError) as error:
        raise TableError(f"the JSON beside {path} is damaged: {error!r}") from error
    if len(samples) != len(channels) or not 0 <= n_samples <= len(samples[0]) or not stream.rate_hz > 0:
        raise TableError(f"the JSON beside {path} is of another file; move it away, or export again")
    rows = np.column_stack(samples)[:n_samples]
    rows = rows.astype(np.float32) if own["signal"] == "emg" else rows
    return Chunk(stream, time_s, rows)


def own_stamps(own: dict[str, Any], n_samples: int) -> np.ndarray:
    """The stamps of an exported stream, (n_samples,). Raises: KeyError, TypeError, ValueError on damaged facts."""
    start_s, grid_hz = float(own["start_s"]), float(own["grid_hz"])
    if not own["knots"]:
        return start_s + np.arange(n_samples) / grid_hz
    rows, stamps_s = np.asarray(own["knots"], dtype=np.float64).reshape(-1, 2).T
    if not (np.diff(rows) > 0).all() or not (np.diff(stamps_s) > 0).all():
        raise ValueError("its stamps do not rise")
    time_s = np.interp(np.arange(n_samples), rows, stamps_s)
    beyond = np.maximum(np.arange(n_samples) - rows[-1], 0)
    return time_s + beyond / grid_hz


def own_session(own: dict[str, Any]) -> dict[str, Any]:
    """Header, annotations, states and epoch of the session that a stream was exported from."""
    header = own.get("header")
    return {
        "header": header if isinstance(header, dict) else {},
        "annotations": tuple((float(at_s), str(text)) for at_s, text in own.get("annotations", [])),
        "states": tuple(state for state in own.get("states", []) if isinstance(state, dict)),
        "epoch_s": own.get("epoch_s"),
    }


def with_added(own: Notes, found: Notes) -> Notes:
    """Our own notes, and those of `found` that somebody added to the file since."""
    known = {(_letters(text), round(at_s / _SAME_S) + near) for at_s, text in own for near in (-1, 0, 1)}
    return own + tuple(note for note in found if (_letters(note[1]), round(note[0] / _SAME_S)) not in known)


def _letters(text: str) -> str:
    """What every format keeps of a text: tabs and line ends become blanks in some."""
    return "".join(character for character in text if character.isprintable() and not character.isspace())

"""An EMG-BIDS and Motion-BIDS data set of one recording: BDF+ and TSV with all that is required and recommended.

Source: Brain Imaging Data Structure 1.11.1 (EMG: BEP042; Motion: BEP029), bids-specification.readthedocs.io.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import monitor
from monitor.chunk import Chunk
from monitor.errors import TableError
from monitor.exporting import bids_facts as facts
from monitor.exporting.edf import CONTROLS, own_facts, write_grid
from monitor.exporting.files import cause
from monitor.exporting.grid import on_grid
from monitor.importing.bids import NOTHING
from monitor.importing.content import Content, distinct, unknown_units
from monitor.importing.edf import LOST, OWN
from monitor.unfinished import drafts

SESSION = "01"
_ACQ_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


def write_dataset(content: Content, folder: Path, mains_hz: float | None = None) -> list[Path]:
    """A new data set in `folder`, which must not exist or be empty.

    mains_hz : power line frequency where it was recorded, None = not told.
    Raises: TableError where there is no EMG in uV, or the folder is taken.
    """
    if folder.exists() and not folder.is_dir():
        raise TableError(f"{folder} is a file; a data set goes into a folder of its own")
    if folder.exists() and any(folder.iterdir()):
        raise TableError(f"{folder} is not empty; a data set goes into a folder of its own")
    if not content.of("emg"):
        raise TableError(f"{content.path} holds no EMG, which an EMG-BIDS data set is about")
    if untold := unknown_units(content.streams):
        raise TableError(f"{content.path} does not say the unit of {', '.join(untold)[:100]}; give --unit")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with drafts(folder.resolve(), new=True) as (written,):
            files = _Dataset(content, written, mains_hz).write()
        return [folder / file.relative_to(written) for file in files]
    except OSError as error:
        raise TableError(f"cannot write the data set {folder}: {cause(error)}") from error


class _Dataset:
    def __init__(self, content: Content, folder: Path, mains_hz: float | None) -> None:
        self._content, self._folder, self._mains_hz = content, folder, mains_hz
        self._task = label_of(str(content.header.get("title") or content.path.stem)) or "session"
        self._seats = facts.seats_of(content.header)
        self._written: list[Path] = []
        self._subjects: dict[str, str] = {}  # by pseudonym
        self._scans: dict[str, list[tuple[str, float]]] = {}

    def write(self) -> list[Path]:
        used: set[str] = set()
        for chunk in distinct(self._content.streams):
            if len(chunk) < 3:
                continue
            seat = self._seats.get(chunk.stream.source_id, facts.Seat("01", "", ""))
            if chunk.stream.name == "emg":
                self._emg(chunk, seat, _free(seat.side or label_of(chunk.stream.source_id), used, seat.athlete))
            else:
                name = f"{chunk.stream.name if not seat.role else 'imu'} {seat.side} {seat.role}"
                self._motion(chunk, seat, _free(label_of(name, chunk.stream.source_id), used, seat.athlete))
        for subject, files in self._scans.items():
            self._write_scans(subject, files)
        self._write_top()
        return self._written

    def _emg(self, chunk: Chunk, seat: facts.Seat, recording: str) -> None:
        subject, grid = self._subject(seat.athlete), on_grid(chunk)
        home = self._folder / f"sub-{subject}" / f"ses-{SESSION}" / "emg"
        stem = f"sub-{subject}_ses-{SESSION}_task-{self._task}_recording-{recording}"
        short = f"sub-{subject}_ses-{SESSION}_recording-{recording}"
        notes = [(at_s - grid.start_s, text) for at_s, text in self._content.annotations]
        home.mkdir(parents=True, exist_ok=True)
        bdf = home / f"{stem}_emg.bdf"
        write_grid(bdf, chunk, grid, notes, self._content.epoch_s, f"sub-{subject}")
        self._written.append(bdf)
        told = facts.emg_json(chunk, grid, self._task, self._profile(seat), self._mains_hz)
        self._json(home / f"{stem}_emg.json", told | {OWN: own_facts(self._content, chunk, grid)})
        self._tsv(home / f"{stem}_channels.tsv", facts.channel_rows(chunk, grid, seat.side))
        self._tsv(home / f"{short}_electrodes.tsv", facts.electrode_rows(chunk, seat.side))
        space = f"{seat.side or 'unknown'}LowerLeg"
        self._json(home / f"sub-{subject}_ses-{SESSION}_space-{space}_coordsystem.json", facts.coordinates(seat.side))
        lost = [(first / grid.rate_hz, (end - first) / grid.rate_hz) for first, end in grid.lost_runs()]
        self._events(home, stem, grid.start_s, len(grid.samples) / grid.rate_hz, notes, seat, lost)
        self._scan(subject, f"emg/{bdf.name}", grid.start_s)

    def _motion(self, chunk: Chunk, seat: facts.Seat, system: str) -> None:
        subject, grid = self._subject(seat.athlete), on_grid(chunk)
        home = self._folder / f"sub-{subject}" / f"ses-{SESSION}" / "motion"
        stem = f"sub-{subject}_ses-{SESSION}_task-{self._task}_tracksys-{system}"
        home.mkdir(parents=True, exist_ok=True)
        table = home / f"{stem}_motion.tsv"
        lines = ("\t".join("n/a" if x != x else f"{x:.9g}" for x in row) for row in grid.samples.tolist())
        self._text(table, "\n".join(lines) + "\n")
        told = facts.motion_json(chunk, grid, self._task, system, self._profile(seat))
        self._json(home / f"{stem}_motion.json", told | {OWN: own_facts(self._content, chunk, grid)})
        self._tsv(home / f"{stem}_channels.tsv", facts.motion_rows(chunk, grid, seat))
        notes = [(at_s - grid.start_s, text) for at_s, text in self._content.annotations]
        self._events(home, stem, grid.start_s, len(grid.samples) / grid.rate_hz, notes, seat)
        self._scan(subject, f"motion/{table.name}", grid.start_s)

    def _subject(self, athlete: str) -> str:
        """The athlete's label, with a number where two pseudonyms have the same letters and digits."""
        if athlete not in self._subjects:
            label, number = label_of(athlete), 2
            while label in self._subjects.values():
                label, number = f"{label_of(athlete)}x{number}", number + 1
            self._subjects[athlete] = label
        return self._subjects[athlete]

    def _profile(self, seat: facts.Seat) -> dict[str, Any]:
        keys = self._content.header.get("sensor_profiles") or {}
        kept = self._content.header.get("profiles") or {}
        return (kept.get(keys.get(seat.sensor)) or {}).get("profile") or {}

    def _events(
        self,
        home: Path,
        stem: str,
        start_s: float,
        long_s: float,
        notes: Sequence[tuple[float, str]],
        seat: facts.Seat,
        lost: Sequence[tuple[float, float]] = (),
    ) -> None:
        rows = [(at_s, "n/a", text) for at_s, text in notes]
        rows += [(at_s, f"{gap_s:.6f}", LOST) for at_s, gap_s in lost]
        for state in self._content.states:
            if (state.get("athlete"), state.get("leg")) == (seat.athlete, seat.side):
                rows.append((float(state.get("time_s", 0.0)) - start_s, "n/a", f"state {state.get('state')}"))
        inside = sorted(row for row in rows if -1.0 <= row[0] <= long_s + 1.0)
        table = [{"onset": f"{at_s:.6f}", "duration": long, "trial_type": text} for at_s, long, text in inside]
        nothing = {"onset": NOTHING[0], "duration": "n/a", "trial_type": NOTHING[1]}
        self._tsv(home / f"{stem}_events.tsv", table or [nothing])
        self._json(home / f"{stem}_events.json", facts.EVENTS)

    def _scan(self, subject: str, name: str, start_s: float) -> None:
        self._scans.setdefault(subject, []).append((name, start_s))

    def _write_scans(self, subject: str, files: Iterable[tuple[str, float]]) -> None:
        zero = datetime.datetime.fromtimestamp(self._content.epoch_s or 0.0, tz=datetime.UTC)
        rows = [
            {
                "filename": name,
                "acq_time": (zero + datetime.timedelta(seconds=start_s)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            }
            for name, start_s in files
        ]
        home = self._folder / f"sub-{subject}" / f"ses-{SESSION}"
        self._tsv(home / f"sub-{subject}_ses-{SESSION}_scans.tsv", rows)

    def _write_top(self) -> None:
        title = str(self._content.header.get("title") or self._content.path.stem)
        self._json(
            self._folder / "dataset_description.json", facts.dataset(title, bool(self._content.header.get("simulated")))
        )
        self._text(self._folder / "README.md", facts.README.format(title=title, version=monitor.__version__, lost=LOST))
        people = [{"participant_id": f"sub-{subject}", "species": "homo sapiens"} for subject in sorted(self._scans)]
        self._tsv(self._folder / "participants.tsv", people)
        self._json(self._folder / "participants.json", facts.PARTICIPANTS)

    def _json(self, path: Path, content: dict[str, Any]) -> None:
        self._text(path, json.dumps(content, indent=2, default=_plain) + "\n")

    def _tsv(self, path: Path, rows: Sequence[dict[str, Any]]) -> None:
        lines = ["\t".join(rows[0]), *("\t".join(_cell(value) for value in row.values()) for row in rows)]
        self._text(path, "\n".join(lines) + "\n")

    def _text(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self._written.append(path)


def _cell(value: object) -> str:
    return "n/a" if value is None or value == "" else CONTROLS.sub(" ", str(value))


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} is no JSON")


def label_of(*texts: str) -> str:
    """Letters and digits alone, as BIDS wants them; the first text that has any. Words begin with capitals."""
    for text in texts:
        words = re.findall(r"[A-Za-z0-9]+", text)
        if words:
            return words[0] + "".join(word[:1].upper() + word[1:] for word in words[1:])
    return "x"


def _free(label: str, used: set[str], athlete: str) -> str:
    """The label, or with a number where this athlete has one such already."""
    found, number = label, 2
    while f"{athlete} {found}" in used:
        found, number = f"{label}{number}", number + 1
    used.add(f"{athlete} {found}")
    return found

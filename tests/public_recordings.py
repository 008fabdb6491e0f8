"""The public recordings beside the project, channel by channel, with what their index says of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from c3d_analog import analog_channels

from monitor.acquisition.tables import read_table
from monitor.chunk import Channel, Chunk, Stream
from monitor.conditioning.faults import Quality

_TABLES = {".wav", ".npz", ".h5"}
_EMG_FOLDERS = ("emg_sustained", "emg_dynamic", "emg_gait_angle")


@dataclass(frozen=True)
class Recorded:
    """One channel. said: what the index calls it; expected: its quality, None = the index does not judge it."""

    file: str
    label: str
    said: str
    expected: Quality | None
    emg: Chunk

    def __str__(self) -> str:
        return f"{self.file.rsplit('/', 1)[-1]} {self.label}"


def recordings(folder: Path) -> Iterator[Recorded]:
    """All EMG channels of the index that a reader here understands. folder: the one that holds INDEX.json."""
    for entry in json.loads((folder / "INDEX.json").read_text(encoding="utf-8")):
        file, facts = entry["file"], entry["facts"]
        states = {label: fact.get("state", "emg") for label, fact in facts.get("emg", {}).items()} if facts else {}
        for label, unit, rate_hz, samples in _channels(folder / file, states):
            said = states.get(label, "no fault mentioned" if file.startswith(_EMG_FOLDERS) else "not judged")
            stream = Stream("emg", rate_hz, (Channel(label, unit),), file)
            chunk = Chunk(stream, np.arange(len(samples)) / rate_hz, samples[:, None])
            yield Recorded(file, label, said.split(" (")[0], _expected(said), chunk)


def _expected(said: str) -> Quality | None:
    if said.startswith(("emg", "no fault")):
        return Quality.GOOD
    return {"noise": Quality.NO_CONTACT, "railed": Quality.RAILED}.get(said)


def _channels(path: Path, states: dict[str, str]) -> Iterator[tuple[str, str, float, np.ndarray]]:
    """Label, unit, rate, samples of each EMG channel of a file."""
    if path.suffix == ".c3d":
        rate_hz, channels = analog_channels(path)
        yield from ((label, "V", rate_hz, samples) for label, samples in channels.items() if label in states)
    elif path.suffix in _TABLES and path.parent.name in _EMG_FOLDERS:
        emg = read_table(path, "emg")
        for channel, samples in zip(emg.stream.channels, emg.samples.T, strict=True):
            yield channel.label, channel.unit, emg.stream.rate_hz, samples
    elif path.name.startswith("synergies"):
        table = np.genfromtxt(path, delimiter=",", names=True)
        yield from ((label, "uV", 1000.0, table[label]) for label in table.dtype.names[1:])
    elif path.name.startswith("uci"):
        table = np.loadtxt(path, skiprows=7, encoding="latin-1")
        yield from zip(("RF", "BF", "VM", "ST"), ["mV"] * 4, [1000.0] * 4, table.T, strict=False)
    elif path.name.startswith("myo"):
        table = np.loadtxt(path, delimiter=",")
        yield from ((f"ch{i + 1}", "counts", 200.0, table[:, i]) for i in range(8))
    elif path.name.startswith("opensignals"):
        table = np.loadtxt(path, usecols=(2, 3))
        yield from ((f"ch{i + 1}", "counts", 1000.0, table[:, i]) for i in range(2))
    elif path.name == "biosppy_emg_1.txt":
        yield "EMG", "counts", 1000.0, np.loadtxt(path)

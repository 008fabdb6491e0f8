"""EMG of recorded walking against its gait events: `python tests/contraction/gait_emg.py` prints the table.

For every calf and shin channel with strikes and toe-offs beside it: mean amplitude in stance over that in swing, as the
program reckons it, and whether it believes that the electrode sits on the calf. Sources and licences of the recordings
stand in their index (biomechZoo, MIT; musclesyneRgies, MIT).
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.chunk import Channel, Chunk, Stream
from monitor.conditioning.filters import HighPass
from monitor.contraction.placement import phase_levels, stance_over_swing
from monitor.contraction.ticks import TickFeatures
from monitor.settings import Settings

Events = list[tuple[float, float, float]]  # strike, toe-off, next strike, s
TRIALS = tuple(f"biomechzoo_{trial}.c3d" for trial in ("HC032A03", "HC033A10", "HC036A10", "HC038A11", "HC055A09"))
TREADMILL = "synergies_treadmill_walk.csv"
LEAST_CALF = 2.0  # active gastrocnemius: at least twice as much in stance as in swing


@dataclass(frozen=True, slots=True)
class Verdict:
    """One channel. state: what the index of the recordings calls its signal."""

    file: str
    channel: str
    state: str
    strides: int
    ratio: float

    @property
    def misplaced(self) -> bool:
        """As the program sees it."""
        return self.ratio < Settings().placement.enter


def ratio_of(emg_uv: NDArray[np.float64], rate_hz: float, begin_s: float, events: Events) -> float:
    """Stance over swing of one channel, median of its strides, by the program's own filter and ticks."""
    emg = Stream("emg", rate_hz, (Channel("ch", "uV"),), "file")
    high_pass = HighPass(emg, Settings().filters)
    ticks = TickFeatures(high_pass.output)
    chunk = Chunk(emg, begin_s + np.arange(len(emg_uv)) / rate_hz, emg_uv[:, None])
    found = ticks.push(high_pass.push(chunk))
    levels = np.array([phase_levels(found.time_s, np.sqrt(found.samples[:, :1]), *stride)[:, 0] for stride in events])
    stance, swing, _ = np.median(levels, axis=0).tolist()
    return stance_over_swing(stance, swing)


def strides_of(strikes_s: list[float], toe_offs_s: list[float], span_s: tuple[float, float]) -> Events:
    """Whole strides inside a span of time."""
    found = []
    for strike_s, next_s in itertools.pairwise(sorted(strikes_s)):
        off = [toe_off_s for toe_off_s in toe_offs_s if strike_s < toe_off_s < next_s]
        if off and strike_s >= span_s[0] and next_s <= span_s[1]:
            found.append((strike_s, off[0], next_s))
    return found


def trial(path: Path, states: dict[str, str]) -> Iterator[Verdict]:
    """The channels of a C3D file with its events; event times count from the first frame of the original trial."""
    import ezc3d

    file = ezc3d.c3d(str(path))
    points, analogs, events = file["header"]["points"], file["header"]["analogs"], file["parameters"]["EVENT"]
    begin_s = points["first_frame"] / points["frame_rate"]
    rate_hz, samples = analogs["frame_rate"], file["data"]["analogs"][0]
    labels = file["parameters"]["ANALOG"]["LABELS"]["value"]
    told = list(zip(events["CONTEXTS"]["value"], events["LABELS"]["value"], events["TIMES"]["value"][1], strict=True))
    for side, muscle in itertools.product(("Left", "Right"), ("Gast", "Tib Ant")):
        name = f"Voltage.{side[0]} {muscle}"
        times = {kind: [t for context, label, t in told if (context, label) == (side, kind)] for _, kind, _ in told}
        span_s = (begin_s, begin_s + samples.shape[1] / rate_hz)
        strides = strides_of(times["Foot Strike"], times["Foot Off"], span_s)
        ratio = ratio_of(1e6 * samples[labels.index(name)], rate_hz, begin_s, strides)
        yield Verdict(path.name, name, states[name], len(strides), ratio)


def treadmill(path: Path, cycles: list[list[float]]) -> Iterator[Verdict]:
    """The calf's channels of the treadmill walk; touchdown and lift-off from the index."""
    table = np.genfromtxt(path, delimiter=",", names=True)
    strides = [(on, off, following[0]) for (on, off), following in itertools.pairwise(cycles)]
    for name in ("GM", "GL", "SO", "TA"):
        yield Verdict(
            path.name, name, "emg", len(strides), ratio_of(table[name], 1000.0, float(table["time"][0]), strides)
        )


def verdicts(data: Path) -> list[Verdict]:
    """Of all channels. data: the folder that holds INDEX.json."""
    index = {entry["file"]: entry for entry in json.loads((data / "INDEX.json").read_text())}
    found: list[Verdict] = []
    for name in TRIALS:
        emg = index[f"emg_gait_angle/{name}"]["facts"]["emg"]
        found += trial(data / "emg_gait_angle" / name, {label: facts["state"] for label, facts in emg.items()})
    cycles = index[f"emg_gait_angle/{TREADMILL}"]["facts"]["cycles_touchdown_liftoff_s"]
    return found + list(treadmill(data / "emg_gait_angle" / TREADMILL, cycles))


def main() -> None:
    """Print the table."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[3] / "shared" / "data"
    for found in verdicts(data):
        said = "works in swing: not on the calf" if found.misplaced else "as a calf works"
        if found.state != "emg":
            said = f"{found.state}: quality says so"
        sys.stdout.write(
            f"{found.file:32}{found.channel:20}{found.strides:2d} strides  stance/swing {found.ratio:5.2f}  {said}\n"
        )


if __name__ == "__main__":
    main()

"""A resting calf for tests: its quiet ticks, with twitches where a test wants them."""

import numpy as np
from signals import bursts, emg_chunk, ticks_of

from monitor.chunk import Chunk
from monitor.contraction.onset import Gate
from monitor.settings import Settings
from monitor.warning.quiet import QuietTicks, quiet_input

SETTINGS = Settings()
QUIET_UV = 8.0


def quiet_ticks(
    samples: np.ndarray, contraction: np.ndarray | None = None, angle_deg: float | np.ndarray = np.nan
) -> Chunk:
    """Samples (n,) through filter, ticks and QuietTicks; without a contraction given, the gate says it."""
    ticks = ticks_of(emg_chunk(samples))
    working = Gate(ticks.stream, SETTINGS.gate).push(ticks).samples[:, 0] if contraction is None else contraction
    angle = np.broadcast_to(angle_deg, len(ticks))
    rows = np.concatenate([ticks.samples, working[:, None], angle[:, None]], axis=1)
    stage = QuietTicks(quiet_input(ticks.stream), SETTINGS.signs)
    return stage.push(Chunk(stage.input, ticks.time_s, rows))


def rest(length_s: float, seed: int) -> np.ndarray:
    return bursts(length_s, [], 0.0, QUIET_UV, seed)


def nothing(n_ticks: int) -> np.ndarray:
    return np.zeros(n_ticks)

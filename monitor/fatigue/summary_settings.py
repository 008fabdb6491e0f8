"""The settings of the summary, each with its unit, range and source ("Study": the Crampwatch detector study)."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.settings.setting import setting


@dataclass(frozen=True, slots=True)
class SummarySettings:
    """How a recorded span is summarised; nothing here is ever set per recording."""

    frame_s: float = setting(0.128, "s", 0.06, 1, "Study: short enough for the bursts of running")
    hop_ticks: int = setting(2, "ticks of 20 ms", 1, 50, "Hann frames two thirds overlapped use nearly all of an edge")
    edge_fraction: float = setting(0.15, "of contraction time", 0.01, 0.5, "what `analyze --json` promises")
    block_s: float = setting(1.0, "s of contraction", 0.2, 60, "what `analyze --json` promises")
    min_blocks: int = setting(8, "blocks", 4, 100, "assumed: fewer do not tell how far their MDF scatters")
    resamples: int = setting(4000, "draws", 100, 100_000, "100 draws beyond each end of the interval")
    seed: int = setting(1, "", 0, 2**31, "fixed, so that the same recording gives the same interval")
    decline_pct: float = setting(8.0, "%", 1, 50, "what `analyze --json` promises")
    own_spectrum_s: float = setting(5.0, "s of contraction", 1, 60, "assumed: less shows no shape of its own")
    slope_values: int = setting(30, "values", 4, 500, "Study: Theil-Sen on 10-s values over 5 min")
    slope_shortest_s: float = setting(1.0, "s", 0.5, 60, "a short span gets shorter values, down to this")
    slope_longest_s: float = setting(10.0, "s", 1, 600, "Study; hours get longer ones")
    slope_most_values: int = setting(1000, "values", 30, 5000, "half a million pairs")
    slope_min_s: float = setting(0.5, "s of contraction", 0.1, 60, "a value of less gives no MDF worth a line")
    line_frame_s: float = setting(1.0, "s", 0.5, 10, "bins of 1 Hz part a mains line from the EMG around it")
    line_min_frames: int = setting(8, "frames", 2, 1000, "fewer make lines of chance")
    line_most_frames: int = setting(600, "frames", 8, 100_000, "five minutes, spread over the span")

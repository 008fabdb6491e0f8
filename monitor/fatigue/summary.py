"""One channel's fatigue over a recorded span, at a glance: the MDF at its beginning and end, with an interval.

It needs no baseline and sees the whole span at once, so it is for `analyze` alone; the live states have their own way.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk
from monitor.conditioning.faults import Quality
from monitor.conditioning.hindsight import quality_of
from monitor.fatigue.activity import HEARD, Bools, Ticks, active_ticks, cut_ticks, railed_samples, tick_level
from monitor.fatigue.change import Change, Interval, measure_change
from monitor.fatigue.mdf import analysis_band_hz, pooled_spectrum
from monitor.fatigue.response import Response, sensor_response
from monitor.fatigue.summary_settings import SummarySettings
from monitor.fatigue.working_frames import Column, WorkingFrames, working_frames
from monitor.grid import TICK_S
from monitor.settings import GateSettings, QualitySettings

_WHITE = 1.2  # loudest over quietest of the first three fourths of the band; assumed, between noise and muscle


@dataclass(frozen=True, slots=True)
class ChannelSummary:
    """What `analyze` says of one channel; None = unknown. Times in s, frequencies in Hz, changes in % of the start.

    spectral_use: good | limited | none; gate: emg | span; fatigue: yes | no | unknown; intervals are 95 %.
    mdf_response: the share of a true shift that the MDF shows in this band; compression_...: the true shift behind it
    """

    label: str
    rate_hz: float
    spectral_use: str
    good_fraction: float
    railed_s: float
    no_contact_s: float
    mains_s: float
    motion_s: float
    lost_s: float
    contraction_s: float
    gate: str
    mdf_response: float
    mdf_start_hz: float | None
    mdf_end_hz: float | None
    mdf_change_pct: float | None
    mdf_change_ci: Interval | None
    slope_pct_per_min: float | None
    slope_ci: Interval | None
    rms_change_pct: float | None
    fatigue: str
    compression_change_pct: float | None
    compression_slope_pct_per_min: float | None


def spectral_use(rate_hz: float) -> str:
    """What the sampling rate lets a spectrum say of fatigue, where no sensor profile knows better."""
    return sensor_response(analysis_band_hz(rate_hz)).use


def summarise(
    emg: Chunk,
    from_s: float,
    to_s: float,
    band_hz: Interval | None = None,
    settings: SummarySettings | None = None,
    gate: GateSettings | None = None,
    quality: QualitySettings | None = None,
    corner_hz: float | None = None,
) -> list[ChannelSummary]:
    """The summary of each channel of a recording over one span of it.

    emg : the whole recording, at least one row (the noise floor comes from all of it); rows missing in time are lost.
    from_s, to_s : the analysed span on the chunk's clock; it is cut to what the recording holds.
    band_hz : where the MDF is taken; None = 20..min(450, 0.45 rate) Hz. corner_hz : where the sensor's own band ends.
    Good samples only: lost, railed and unusable ones (`quality_of`), and every frame that holds one, are left out.
    Deterministic: fixed seed.
    """
    settings, gate = settings or SummarySettings(), gate or GateSettings()
    ticks = cut_ticks(emg.time_s, emg.stream.rate_hz)
    codes = quality_of(emg, quality or QualitySettings())
    response = sensor_response(band_hz or analysis_band_hz(emg.stream.rate_hz), corner_hz)
    span = _Span(emg, (from_s, to_s), response, ticks, codes, settings, gate)
    return [_summarise(span, number) for number in range(len(emg.stream.channels))]


@dataclass(frozen=True, slots=True, eq=False)
class _Span:
    """What the channels of one call share."""

    emg: Chunk
    span_s: Interval
    response: Response
    ticks: Ticks
    codes: NDArray[np.int64]  # what is wrong with each sample
    settings: SummarySettings
    gate: GateSettings

    @property
    def inside(self) -> Bools:
        """Which rows lie in the span."""
        return (self.emg.time_s >= self.span_s[0]) & (self.emg.time_s < self.span_s[1])


def _summarise(span: _Span, number: int) -> ChannelSummary:
    emg, ticks = span.emg, span.ticks
    rate_hz = emg.stream.rate_hz
    samples = emg.samples[:, number].astype(np.float64)
    railed = railed_samples(samples)
    codes, inside = span.codes[:, number], span.inside
    good = (codes == Quality.GOOD) & ~railed
    within = inside[ticks.first] & inside[ticks.end - 1]
    level, heard = (tick_level(samples, rows, ticks) for rows in (good, np.isin(codes, HEARD)))
    active, gate_name = active_ticks(level, heard, within, span.gate)
    use = span.response.use
    change = Change()
    if use != "none":
        column = Column(rate_hz, emg.time_s, samples, good & inside)
        found = working_frames(column, ticks, active, span.response.band_hz, span.settings)
        if gate_name == "span" and _as_flat_as_noise(found):
            active = np.zeros_like(active)
        else:
            change = measure_change(found, max(span.span_s[0], float(emg.time_s[0])), span.response, span.settings)
    expected = _expected_rows(span, inside)
    return ChannelSummary(
        label=emg.stream.labels[number],
        rate_hz=rate_hz,
        spectral_use=use,
        mdf_response=span.response.share,
        good_fraction=float((good & inside).sum() / expected) if expected else 0.0,
        railed_s=_seconds(span, inside & railed),
        no_contact_s=_seconds(span, inside & np.isin(codes, (Quality.NO_CONTACT, Quality.FLAT))),
        mains_s=_seconds(span, inside & (codes == Quality.MAINS)),
        motion_s=_seconds(span, inside & (codes == Quality.MOTION)),
        lost_s=float((expected - np.isfinite(samples[inside]).sum()) / rate_hz),
        contraction_s=float(active.sum() * TICK_S),
        gate=gate_name,
        **asdict(change),
    )


def _as_flat_as_noise(found: WorkingFrames) -> bool:
    """Whether the spectrum of all frames is white but for the end: then the sensor's noise was heard and no muscle.

    Where the rate is too low for the rules of quality to see it. The last fourth is what the sensor's own low-pass
    takes from. The others differ by 1.3 x and more in a muscle (recordings of INDEX.json brought to 400..1000 Hz), in
    noise by less than 1.1 x.
    """
    inside = (found.frequency_hz >= found.band_hz[0]) & (found.frequency_hz <= found.band_hz[1])
    if not len(found.power) or inside.sum() < 4:
        return False
    fourths = [part.mean() for part in np.array_split(pooled_spectrum(found.power)[inside], 4)[:3]]
    return max(fourths) < _WHITE * min(fourths)


def _seconds(span: _Span, rows: Bools) -> float:
    return float(np.count_nonzero(rows) / span.emg.stream.rate_hz)


def _expected_rows(span: _Span, inside: Bools) -> int:
    """How many samples the span would hold without loss, as far as the recording reaches; holes in time are lost."""
    time_s, rate_hz = span.emg.time_s, span.emg.stream.rate_hz
    begin_s, end_s = max(span.span_s[0], float(time_s[0])), min(span.span_s[1], float(time_s[-1]) + 1 / rate_hz)
    return max(int(inside.sum()), round((end_s - begin_s) * rate_hz) - 1)

"""One leg's EMG from sample to reading: the chain of stages, closed second by second."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from monitor.breaks import Breaks
from monitor.chunk import Chunk, Stream
from monitor.conditioning.faults import Quality
from monitor.conditioning.filters import HighPass, Notch
from monitor.conditioning.hum_power import HumTaken
from monitor.conditioning.quality import ChannelQuality
from monitor.conditioning.verdicts_of_second import second_verdict
from monitor.contraction.angle_at import angle_at
from monitor.contraction.bursts import Contractions
from monitor.contraction.onset import Gate
from monitor.contraction.placement import PlacementWatch
from monitor.contraction.shortened import ShortenedDose, activity_input
from monitor.contraction.strides import Stride
from monitor.contraction.ticks import TickFeatures
from monitor.emg_second import EmgSecond
from monitor.fatigue.compression import Compression, compression_input
from monitor.fatigue.course import Course, CourseSecond
from monitor.fatigue.mdf import analysis_band_hz
from monitor.fatigue.response import sensor_response
from monitor.fatigue.spectrum import Frames, PooledMdf
from monitor.fatigue.trend import Trend
from monitor.grid import TICK_S
from monitor.limits import Limits
from monitor.matching import Matching
from monitor.settings import Settings
from monitor.stored import StoredBaseline
from monitor.waiting import Waiting
from monitor.warning.dose import LeakyDose
from monitor.warning.signs import Signs, SignWatch

Floats = NDArray[np.float64]
_OFF = (Quality.RAILED, Quality.FLAT, Quality.NO_CONTACT)  # the skin is not touched


class EmgPath:
    """The stages that one EMG stream passes, wired when its stream is known.

    limits : Limits | None         what the sensor can show
    `push` takes samples in any chunks; `close(until_s, ...)` gives what the second that ends there said.
    """

    def __init__(
        self, emg: Stream, limits: Limits | None, settings: Settings, stored: StoredBaseline | None = None
    ) -> None:
        self.stream, self.worked = emg, False  # worked : a contraction was seen
        limits = limits or Limits()
        band_hz = analysis_band_hz(emg.rate_hz)
        self.response, corner_hz = sensor_response(band_hz, limits.corner_hz), limits.corner_within(band_hz[1])
        self.spectral = emg.rate_hz >= settings.spectrum.lowest_rate_hz and self.response.use != "none"
        self._delay_s = settings.angle.delay_s
        self.high_pass = HighPass(emg, settings.filters)
        notched = settings.filters.picture_notch and settings.spectrum.mains_hz
        self._notch = Notch(self.high_pass.output, settings.spectrum.mains_hz) if notched else None
        self._quality = ChannelQuality(emg, limits.rails, settings.quality)
        self._ticks = TickFeatures(self.high_pass.output)
        self.gate = Gate(self._ticks.output, settings.gate)
        self._contractions = Contractions(self.high_pass.output, settings.gate)
        self._frames = Frames(emg, settings.spectrum)
        hz = self._frames.frequency_hz
        fit = stored.fit_for(emg.labels, hz) if stored is not None else None
        self.kept_baseline: bool | None = None if stored is None else fit is not None  # False: it does not fit here
        stored = stored if fit is not None else None
        matched = compression_input(self._frames.output)
        self._breaks = Breaks(settings.baseline)
        self._matching = Matching(matched, len(emg.channels), settings.spectrum.frame_s / 2)
        learnt = settings.spectrum, settings.baseline, fit, settings.electrodes, corner_hz, self._breaks
        self.compression = Compression(matched, emg.labels, hz, *learnt)
        self._trend = Trend(self.compression.output, settings.trend, settings.angle)
        self._course = Course(self.compression.output, settings.trend, settings.angle)
        self._mdf = PooledMdf(self._frames.output, emg, hz)
        kept = (stored.quiet_uv, stored.twitches_per_min, stored.relaxation) if stored else (None, None, None)
        self._signs = SignWatch(self._ticks.output, settings, *kept, self._breaks)
        self._shortened = ShortenedDose(activity_input(emg.source_id), settings.angle)
        self._dose = LeakyDose(settings.signs)
        self._placement = PlacementWatch(len(emg.channels), settings.placement, settings.gait.longest_stride_s)
        if stored is not None:
            self.gate.start_from(stored.floor_uv, stored.reference_uv)
        self._waiting_ticks, self._waiting_frames = Waiting(self._ticks.output), Waiting(self._frames.output)
        self._waiting_gate, self._waiting_codes = Waiting(self.gate.output), Waiting(self._quality.output)
        self._waiting_emg, self._waiting_verdicts = Waiting(emg), Waiting(self._quality.verdicts.stream)
        self._waiting_hum = Waiting(self._quality.hum.stream)
        self._waiting_power = Waiting(self._quality.hum_power.stream)
        self._hum_power = np.zeros(len(emg.channels))
        self._hum_taken = HumTaken(len(emg.channels), settings.quality)

    def push(self, chunk: Chunk) -> tuple[Chunk, Chunk, Chunk]:
        """Take samples. Returns for the screen: filtered EMG, tick features, gate."""
        filtered = self.high_pass.push(chunk)
        ticks, codes = self._ticks.push(filtered), self._quality.push(chunk)
        usable = ticks
        if codes.samples.any():  # not all GOOD
            bad = np.repeat(codes.samples != Quality.GOOD, len(TickFeatures.KINDS), axis=1)
            usable = Chunk(ticks.stream, ticks.time_s, np.where(bad, np.nan, ticks.samples))
        gate = self.gate.push(usable)
        self._contractions.push(filtered, gate)
        self._waiting_ticks.push(usable)
        self._waiting_gate.push(gate)
        self._waiting_codes.push(codes)
        self._waiting_emg.push(chunk)
        self._waiting_verdicts.push(self._quality.verdicts)
        self._waiting_hum.push(self._quality.hum)
        self._waiting_power.push(self._quality.hum_power)
        return filtered if self._notch is None else self._notch.push(filtered), ticks, gate

    def close(
        self,
        until_s: float,
        angle_s: Floats,
        angle_deg: Floats,
        expected: bool,
        swings: Sequence[Stride] = (),
    ) -> EmgSecond:
        """The second that ends at `until_s`.

        angle_s, angle_deg : the ankle angle around it; expected : one is to be had; swings : of walking, ended in it.
        """
        ticks, codes = self._waiting_ticks.take(until_s), self._waiting_codes.take(until_s).samples
        gate = self._waiting_gate.take(until_s).samples
        works, doubtful = gate[:, 0] == 1, self._doubtful(until_s, ticks.time_s)
        self.worked, bad = self.worked or bool(works.any()), (codes != Quality.GOOD) | doubtful
        matched, contraction = self._matching.close(
            self._frames_until(until_s), ticks.time_s, works, bad, (angle_s, angle_deg), expected=expected
        )
        self._heed_hum(until_s)
        packets = bool(np.any(codes != Quality.LOST))
        self._breaks.hear(heard=packets)
        compression = self._compressed(matched, codes)
        trend, course = self._trend.push(compression), self._course.push(compression)
        mdf = self._mdf.push(contraction)
        rows = _with_contraction(ticks, doubtful, gate[:, 0], angle_at(ticks.time_s, angle_s, angle_deg))
        moved = angle_at(np.minimum(ticks.time_s + self._delay_s, until_s), angle_s, angle_deg)  # what this EMG will do
        shortened_s, share, exposure = self._shortened_work(ticks.time_s, gate, moved)
        signs = self._signs_of(ticks.time_s, rows, swings)
        return EmgSecond(
            packets=packets,
            quality=second_verdict(codes),
            mdf_hz=mdf.samples[-1] if len(mdf) else np.full(len(self.stream.channels), np.nan),
            compression=self._readings(trend),
            course=self._progress(course),
            dose_min=self._dose.push(shortened_s, math.isfinite(share)),
            shortened_s=shortened_s,
            shortened_share=share,
            exposure_s_per_min=exposure,
            contractions=self._contractions.take(until_s),
            stance_ratio=self._placement.ratio.copy(),
            misplaced=self._placement.doubtful.copy(),
            electrodes=self.compression.electrodes.told,
            signs=signs,
        )

    def _signs_of(self, ticks_s: Floats, rows: Floats, swings: Sequence[Stride]) -> Signs:
        """What the second's rows say, without their hum, which is taken off in place."""
        n_kinds = len(TickFeatures.KINDS)
        mean_squares, _, peaks = (rows[:, kind:-2:n_kinds] for kind in range(n_kinds))
        self._hum_taken.push(mean_squares, peaks, self._hum_power)
        signs = self._signs.push(ticks_s, rows, self._hum_taken.changed_s, self._hum_taken.taken)
        self._placement.push(ticks_s, np.sqrt(mean_squares), swings)
        return signs

    def _frames_until(self, until_s: float) -> Chunk:
        self._waiting_frames.push(self._frames.push(self._waiting_emg.take()))
        return self._waiting_frames.take(until_s)

    def _shortened_work(self, ticks_s: Floats, gate: NDArray[np.floating], angle_deg: Floats) -> list[float]:
        """Contraction in the shortened position: seconds, share of what is known, weighted seconds per minute."""
        active, envelope_uv, _, reference_uv = gate.T
        rows = np.empty((len(ticks_s), 3))
        rows[:, 0], rows[:, 1], rows[:, 2] = active, angle_deg, envelope_uv / reference_uv
        dose = self._shortened.push(Chunk(self._shortened.input, ticks_s, rows)).samples
        return dose[-1].tolist() if len(dose) else [0.0, math.nan, math.nan]

    def _heed_hum(self, until_s: float) -> None:
        """The stages of the spectrum hear which mains hums, the signs how strongly."""
        if power := self._waiting_power.take(until_s):
            self._hum_power = power.samples[-1]
        if hum := self._waiting_hum.take(until_s):
            for stage in (self.compression, self._mdf):
                stage.heed(float(hum.samples[-1, 0]))

    def _compressed(self, matched: Chunk, codes: NDArray[np.floating]) -> Chunk:
        """u of the second's frames; what electrodes say that have moved is compared with no baseline any more."""
        off = np.zeros(codes.shape[1], dtype=bool)
        if codes.any():
            off = 2 * np.isin(codes, _OFF).sum(axis=0) > len(codes)
        electrodes = self.compression.electrodes
        electrodes.heed(off, self._signs.quiet.newest_uv, sustained=self._signs.sustained)
        compression = self.compression.push(matched)
        if electrodes.moved.any():
            self._signs.quiet.forget(electrodes.moved)
        if self.compression.electrodes is not electrodes:  # all have moved, and a new baseline has begun
            self._trend.reset()
            self._course.reset()
        return compression

    def _doubtful(self, until_s: float, ticks_s: Floats) -> NDArray[np.bool_]:
        """Ticks of half seconds that look wrong by themselves, known only at their end: they count for nothing."""
        verdicts = self._waiting_verdicts.take(until_s)
        if not verdicts.samples.any():
            return np.zeros((len(ticks_s), len(self.stream.channels)), dtype=bool)
        alone = np.concatenate([verdicts.samples[:, 1::2] != Quality.GOOD, np.zeros((1, len(self.stream.channels)))])
        return alone[verdicts.time_s.searchsorted(ticks_s - 0.5 * TICK_S)] != 0

    def _readings(self, trend: Chunk) -> Floats:
        if not len(trend):
            return np.array([np.nan, 0, 0] * (2 + len(self.stream.channels)))
        readings = trend.samples[-1].astype(np.float64)
        if not self.spectral:
            readings[::3] = np.nan  # what the sensor cannot show is unknown
        return readings

    def _progress(self, course: Chunk) -> CourseSecond:
        fit = self.compression.fit
        if not len(course) or not self.spectral or fit is None:
            return CourseSecond.unknown()
        return CourseSecond.from_row(course.samples[-1], fit.level_sd)

    def freeze(self) -> bool:
        """Keep all that was learnt of this calf as it is; False = its spectrum is not learnt yet."""
        if not self.compression.freeze():
            return False
        self._signs.freeze()
        return True

    def refit(self) -> bool:
        """Fit the fatigue baseline again from the last minutes; other signs keep theirs. False = too few frames."""
        if not self.compression.refit():
            return False
        self.kept_baseline = None
        self._trend.reset()
        self._course.reset()
        return True

    def stored(self) -> StoredBaseline | None:
        """What to keep for the next session; None without a baseline."""
        fit, floor, reference = self.compression.fit, self.gate.floor_uv, self.gate.reference_uv
        if fit is None or floor is None or reference is None:
            return None
        quiet = self._signs.quiet.baseline_uv
        return StoredBaseline(
            self.stream.labels,
            tuple(float(frequency) for frequency in self._frames.frequency_hz),
            fit,
            floor,
            reference,
            None if quiet is None else tuple(float(value) for value in quiet),
            self._signs.discharges.baseline_per_min,
            self._signs.relaxation.baseline,
        )


def _with_contraction(
    ticks: Chunk, doubtful: NDArray[np.bool_], active: NDArray[np.floating], angle_deg: Floats
) -> Floats:
    """Rows as `quiet_input` has them; what is doubtful (n, C) counts as lost."""
    rows = np.empty((len(ticks), ticks.samples.shape[1] + 2))
    rows[:, :-2], rows[:, -2], rows[:, -1] = ticks.samples, active, angle_deg
    if doubtful.any():
        rows[:, :-2][np.repeat(doubtful, len(TickFeatures.KINDS), axis=1)] = np.nan
    return rows

"""A simulated leg at the level of 20 ms ticks: the signs without a single sample of EMG, some ten times as fast.

The amplitude of each tick is drawn around what the truth says about it, as that of noise of the EMG's bandwidth is
spread; gate and signs are those of the real leg. The fatigue reading is the truth with the error that the reading was
found to have. Tables are fitted at this level and judged at the level of samples, so that what is particular to one of
them is not learnt.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.contraction.onset import Gate
from monitor.contraction.shortened import ShortenedDose, activity_input
from monitor.contraction.ticks import TickFeatures
from monitor.grid import TICK_RATE_HZ, TICK_S
from monitor.medians import channel_median
from monitor.settings import Settings
from monitor.simulated_sessions import angle_deg
from monitor.simulation.calf import Calf
from monitor.simulation.noise import generator, key_of
from monitor.warning.discharges import Discharges
from monitor.warning.dose import LeakyDose
from monitor.warning.quiet import QuietActivity, QuietTicks, quiet_input
from monitor.warning.relaxation import LateRelaxation, relaxation_input

Floats = NDArray[np.float64]
_MUSCLE, _WHITE, _MAINS = 0.8, 1.6, 0.1  # mean square of the first difference against that of the signal, at 1 kHz
_MUSCLE_SPREAD, _WHITE_SPREAD = 3.5, 9.0  # shape of the gamma distribution of a tick's mean square
_PEAK, _PEAK_SPREAD = 2.05, 0.3  # largest of a tick's samples against their RMS
_TWITCH_POWER = 0.15  # mean square of a tick with a twitch against its squared peak
_MOTION_S, _MOTION_POWER = 0.04, 0.1
_AROUND_S = 0.5  # a fault spoils the half second around it
_READING, _READING_S = 0.02, 120.0  # error of the fatigue reading, and for how long it lasts


def tick_features(calf: Calf, labels: tuple[str, ...], until_s: float) -> Chunk:
    """What `TickFeatures` would say about a leg's EMG."""
    emg = Stream("emg", 1000.0, tuple(Channel(label, "uV") for label in labels), f"simulated {calf.leg}")
    stream = TickFeatures(emg).output
    rng = generator(key_of(calf.seed, calf.leg, "ticks"))
    time_s: Floats = np.arange(1.0, round(until_s * TICK_RATE_HZ) + 1.0) * TICK_S
    common = rng.gamma(_MUSCLE_SPREAD, 1 / _MUSCLE_SPREAD, len(time_s))  # half of the heads' noise is shared
    twitches = calf.twitches(0.0, float(time_s[-1]) - TICK_S)
    rows = np.empty((len(time_s), 3 * len(labels)))
    for channel, label in enumerate(labels):
        muscle, white, slow = _powers(calf, label, time_s, rng)
        own = rng.gamma(_MUSCLE_SPREAD, 1 / _MUSCLE_SPREAD, len(time_s))
        muscle *= np.sqrt(common * own) if len(labels) > 1 else own
        white *= rng.gamma(_WHITE_SPREAD, 1 / _WHITE_SPREAD, len(time_s))
        square = muscle + white + slow
        peak = np.sqrt(square) * np.maximum(_PEAK + _PEAK_SPREAD * rng.standard_normal(len(time_s)), 1.2)
        _twitch(1.0 if calf.site(label).cramps else 0.05, twitches, time_s, square, peak)
        rows[:, 3 * channel] = square
        rows[:, 3 * channel + 1] = _MUSCLE * muscle + _WHITE * white + _MAINS * slow
        rows[:, 3 * channel + 2] = peak
        rows[_spoilt(calf, label, time_s), 3 * channel : 3 * channel + 3] = np.nan
    return Chunk(stream, time_s, rows)


def _powers(calf: Calf, label: str, time_s: Floats, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Mean squares of the muscle, of white noise, and of hum and shaking cables."""
    sensor = calf.contact.plan
    at_s = time_s - 0.5 * TICK_S
    muscle = calf.rms_uv(at_s, label) ** 2
    white = np.full(len(time_s), sensor.noise_uv**2)
    slow = np.full(len(time_s), 0.5 * sensor.mains_uv**2)
    for item in calf.contact.artefacts(0.0, float(time_s[-1])):
        if item.kind == "mains":
            slow[slice(*np.searchsorted(time_s, [item.start_s, item.end_s]))] += 0.5 * item.size**2
    for strike_s, size in zip(*calf.strikes(0.0, float(time_s[-1])), strict=True):
        near = slice(*np.searchsorted(time_s, [strike_s, strike_s + 5 * _MOTION_S]))
        shaken_uv = sensor.motion_uv * size * rng.uniform(0.3, 1.0)
        slow[near] += _MOTION_POWER * shaken_uv**2 * np.exp(-2 * (time_s[near] - strike_s) / _MOTION_S)
    return muscle, white, slow


def _twitch(share: float, twitches: tuple[Floats, Floats], time_s: Floats, square: Floats, peak: Floats) -> None:
    for at_s, height_uv in zip(*twitches, strict=True):
        tick = int(np.searchsorted(time_s, at_s))
        square[tick] += _TWITCH_POWER * (share * height_uv) ** 2
        peak[tick] = max(peak[tick], share * abs(height_uv))


def _spoilt(calf: Calf, label: str, time_s: Floats) -> NDArray[np.bool_]:
    spoilt = np.zeros(len(time_s), dtype=bool)
    for item in calf.contact.artefacts(0.0, float(time_s[-1])):
        if item.kind in ("lift-off", "cable pop") and item.touches(label):
            spoilt[slice(*np.searchsorted(time_s, [item.start_s - _AROUND_S, item.end_s + _AROUND_S]))] = True
    return spoilt


def sign_track(calf: Calf, labels: tuple[str, ...], until_s: float, settings: Settings) -> dict[str, Floats]:
    """What the leg's evidence would say, by its names, one a second; NaN = unknown."""
    ticks = tick_features(calf, labels, until_s)
    gate = Gate(ticks.stream, settings.gate).push(ticks)
    active, angle = gate.samples[:, 0].astype(np.float64), angle_deg(calf, ticks.time_s)
    quiet_stage = QuietTicks(quiet_input(ticks.stream), settings.signs)
    rows = np.column_stack([ticks.samples, active, angle])
    quiet = quiet_stage.push(Chunk(quiet_stage.input, ticks.time_s, rows))
    ratio = QuietActivity(quiet.stream, settings.signs, settings.baseline).push(quiet)
    discharges = Discharges(quiet.stream, settings.signs, settings.baseline).push(quiet)
    relaxation = LateRelaxation(relaxation_input(""), settings.signs, settings.baseline)
    amplitude = np.sqrt(channel_median(ticks.samples[:, ::3].astype(np.float64)))
    late = relaxation.push(Chunk(relaxation.input, ticks.time_s, np.column_stack([amplitude, active, angle])))
    return {
        "compression": _reading(calf, active, until_s),
        "quiet_ratio": _each_second(ratio, 0, until_s),
        "twitches_per_min": _each_second(discharges, 0, until_s),
        "twitch_baseline_per_min": _each_second(discharges, 1, until_s),
        "tonic_s_per_min": _each_second(discharges, 2, until_s),
        "relaxation_z": _each_second(late, 0, until_s),
        "dose_min": _dose(
            Chunk(activity_input(""), ticks.time_s, np.column_stack([active, angle, 0 * angle])), settings
        ),
    }


def _each_second(chunk: Chunk, channel: int, until_s: float) -> Floats:
    """The newest value at the end of each second; the last seconds of a stage that looks ahead are held."""
    row = np.searchsorted(chunk.time_s, np.arange(1, int(until_s) + 1) + 0.5) - 1
    return np.where(row >= 0, chunk.samples[np.maximum(row, 0), channel], np.nan)


def _dose(activity: Chunk, settings: Settings) -> Floats:
    shortened = ShortenedDose(activity.stream, settings.angle).push(activity).samples
    dose = LeakyDose(settings.signs)
    return np.array([dose.push(worked_s, np.isfinite(share)) for worked_s, share, _ in shortened.tolist()])


def _reading(calf: Calf, active: Floats, until_s: float) -> Floats:
    """The spectral scale against the baseline's, smoothed over a minute of contraction, held without contractions."""
    second_s: Floats = np.arange(0.5, int(until_s), dtype=np.float64)
    true = calf.compression(second_s) * calf.temperature_scale(second_s) * calf.contact.scale(second_s, "GM")
    share = np.nan_to_num(active[: 50 * len(true)].reshape(-1, 50).mean(axis=1))
    rng = generator(key_of(calf.seed, calf.leg, "reading"))
    steps = _READING * np.sqrt(2 / _READING_S) * rng.standard_normal(len(true))
    baseline = np.average(true[20:330], weights=share[20:330] + 1e-9)
    reading, now, error = np.full(len(true), np.nan), 1.0, 0.0
    for second in range(len(true)):
        now += (true[second] / baseline - now) * min(share[second] / 15.0, 1.0)
        error += steps[second] - error / _READING_S
        if second >= 330:
            reading[second] = now * np.exp(error)
    return reading

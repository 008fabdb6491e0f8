"""What one closed second of a leg says, as the input of score and state."""

from __future__ import annotations

import math
from collections.abc import Iterator

from monitor.conditioning.faults import NOISE_SO_FAR, SENTENCES, Quality
from monitor.contraction.placement import SENTENCE as MISPLACED
from monitor.emg_path import EmgPath, EmgSecond
from monitor.settings import Settings
from monitor.warning import texts
from monitor.warning.context import Context
from monitor.warning.cramp import cramp_reading
from monitor.warning.evidence import Evidence


def no_evidence(until_s: float, heard: bool, context: Context, ground_share: float | None) -> Evidence:
    """A second of which no EMG is known. heard : its sensor sends something."""
    return Evidence(
        until_s,
        packets=heard,
        good=heard,
        quality=(),
        calibration_fraction=0.0,
        compression=None,
        stale=True,
        context=context,
        ground_share=ground_share,
    )


def evidence_of(
    until_s: float,
    leg: str,
    path: EmgPath,
    emg: EmgSecond,
    settings: Settings,
    context: Context,
    ground_share: float | None,
) -> Evidence:
    """The second that ends at `until_s`. leg : left or right, for the sentences."""
    fit, signs = path.compression.fit, emg.signs
    return Evidence(
        time_s=until_s,
        packets=emg.packets,
        good=not emg.quality.all(),
        quality=tuple(_sentences(leg, path.stream.labels, emg, path.worked)) if _faulty(emg) else (),
        calibration_fraction=min(0.99, path.compression.calibration_fraction) if fit is None else 1.0,
        compression=known(emg.compression[0]),
        stale=bool(emg.compression[2] < settings.trend.stale_frames),
        baseline_hz=None if fit is None else fit.median_mdf_hz,
        quiet_ratio=known(signs.quiet_ratio),
        twitches_per_min=known(signs.twitches_per_min),
        twitch_baseline_per_min=known(signs.twitch_baseline_per_min),
        shortened_share=known(emg.shortened_share),
        spectral=path.spectral,
        relaxation_z=known(signs.relaxation_z),
        relaxation_of=round(signs.relaxation_of),
        tonic_s_per_min=known(signs.tonic_s_per_min),
        dose_min=known(emg.dose_min),
        compression_sd=known(emg.course.all.level_sd),
        matched=bool(emg.course.matched),
        cramp=cramp_reading(signs.sustained, path.stream.labels),
        rebased=path.compression.rebased,
        beyond=emg.course.beyond if abs(emg.course.beyond - 1) > settings.trend.quadrant_zone else None,  # not NaN
        context=context,
        ground_share=ground_share,
    )


def _faulty(emg: EmgSecond) -> bool:
    return bool(emg.quality.any() or emg.misplaced.any() or emg.electrodes.channels.any())


def _sentences(leg: str, labels: tuple[str, ...], emg: EmgSecond, worked: bool) -> Iterator[str]:
    """What is wrong with the channels: the signal, or else the electrode's place. worked : a contraction was seen."""
    electrodes = emg.electrodes
    channels = zip(labels, emg.quality, emg.misplaced, electrodes.channels, electrodes.gain.tolist(), strict=True)
    for label, code, misplaced, moved, gain in channels:
        if code == Quality.NO_CONTACT and not worked:
            yield NOISE_SO_FAR.format(label=label, leg=leg)
        elif code:
            yield SENTENCES[Quality(int(code))].format(label=label, leg=leg)
        elif misplaced:
            yield MISPLACED.format(label=label, leg=leg)
        if moved:
            yield texts.moved(label, leg, gain)


def known(value: float) -> float | None:
    """A number, or None for NaN."""
    return float(value) if math.isfinite(value) else None

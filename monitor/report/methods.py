"""What a reader must know to judge the numbers: the methods, and the items that ISEK and CEDE ask for."""

from __future__ import annotations

from html import escape
from typing import Any

from monitor.report.tables import facts, shown, table
from monitor.settings import Settings
from monitor.warning.texts import DISCLAIMER

NOT_SAID = "<em>not said by the recording: fill in by hand</em>"


def methods_html(answers: list[dict[str, Any]]) -> str:
    """Methods with the settings in force, then the reporting items with what is known of each."""
    settings = Settings()
    same = all(answer["config_hash"] == settings.hash for answer in answers)
    note = (
        "" if same else "<p>Some sessions were analysed with other settings than listed here; their hash differs.</p>"
    )
    return f"{_methods(settings)}{note}{_items(answers, settings)}<p class=small>{escape(DISCLAIMER)}</p>"


def _methods(settings: Settings) -> str:
    spectrum, trend, filters = settings.spectrum, settings.trend, settings.filters
    return (
        "<p>EMG spectra: Hann window of "
        f"{shown(1000 * spectrum.frame_s, '.0f')} ms, rfft without a filter before it, power from "
        f"{shown(spectrum.low_hz, '.0f')} to {shown(spectrum.high_hz, '.0f')} Hz (at most 0.45 of the rate), lost "
        "samples left out, never interpolated. MDF: the frequency that halves this power, in contractions alone. "
        "MDF change: first against last 15 % of the contraction time; its interval from resampling one-second blocks "
        "(2.5 and 97.5 %). Spectral compression: the scale of the spectrum against the athlete's own first minutes at "
        f"equal ankle angle and effort; WATCH below {shown(trend.watch_level, '.2f')}, cleared above "
        f"{shown(trend.clear_level, '.2f')}. A shift alone never warns: that needs involuntary activity of the resting "
        "calf. Ankle angle from two motion sensors, dorsiflexion +, 0 = upright standing; shortened from "
        f"{shown(settings.angle.shortened_enter_deg, '.0f')} deg on. The picture's filter: high-pass "
        f"{shown(filters.high_pass_hz, '.0f')} Hz.</p>"
    )


def _items(answers: list[dict[str, Any]], settings: Settings) -> str:
    channels = [channel for answer in answers for leg in answer["legs"] for channel in leg["channels"]]
    rates = sorted({round(channel["rate_hz"]) for channel in channels})
    lost_s = sum(channel["quality"]["lost_s"] for channel in channels)
    known = {
        "Sampling rate": ", ".join(f"{rate} Hz" for rate in rates) or NOT_SAID,
        "Spectral estimator, epoch, overlap": f"Hann, {1000 * settings.spectrum.frame_s:.0f} ms, every 60 ms, unpadded",
        "Normalisation (CEDE)": "own baseline of the same session, at equal angle and effort; no MVC",
        "Muscles": ", ".join(sorted({escape(channel["label"]) for channel in channels})) or NOT_SAID,
        "Samples lost or bad": f"{lost_s:.1f} s lost over all channels; good fractions stand beside each channel",
        "Settings hash": ", ".join(sorted({answer["config_hash"] for answer in answers})),
    }
    asked = (
        "Electrodes: material, shape, size, distance",
        "Skin preparation, place and orientation (SENIAM)",
        "Amplifier: input impedance, CMRR, gain, bandwidth, noise",
        "A/D: bits, range",
        "Clock synchronisation and its residual",
        "Temperature, warm-up, surface, footwear",
        "Season week, cramp history",
    )
    rows = [[escape(name), value] for name, value in known.items()] + [[escape(name), NOT_SAID] for name in asked]
    return f"<h4>Reporting items (ISEK 1999, CEDE 2020)</h4>{table(('item', 'this report'), rows)}"


def head_facts(answers: list[dict[str, Any]]) -> str:
    """What the report is made of."""
    length_s = sum(answer["to_s"] - answer["from_s"] for answer in answers)
    legs = sum(len(answer["legs"]) for answer in answers)
    return facts([("Sessions", str(len(answers))), ("Legs", str(legs)), ("Minutes in all", f"{length_s / 60:.0f}")])

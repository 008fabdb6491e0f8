"""`analyze --table`: one tidy row per file, leg and channel, as CSV, Parquet or Excel, each with a data dictionary."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from monitor.tidy import SUFFIXES, write

DICTIONARY: dict[str, tuple[str, str]] = {  # column: unit, meaning
    "file": ("", "the recording as it was named"),
    "athlete": ("", "pseudonym; empty = not told"),
    "leg": ("", "left or right; empty = not told"),
    "angle_source": ("", "imu, recorded or none"),
    "label": ("", "EMG channel"),
    "rate_hz": ("Hz", "measured samples per second"),
    "spectral_use": ("", "what the rate can show of the spectrum: good, limited, none"),
    "good_fraction": ("1", "share of samples with good quality"),
    "contraction_s": ("s", "contraction with a good signal in the analysed span"),
    "gate": ("", "emg = contractions found by their EMG; span = no rest was found, all counts"),
    "mdf_start_hz": ("Hz", "median frequency of the first 15 % of the contraction time"),
    "mdf_end_hz": ("Hz", "median frequency of the last 15 % of the contraction time"),
    "mdf_change_pct": ("%", "from start to end"),
    "mdf_change_ci_low": ("%", "lower end of the 95 % interval of the change"),
    "mdf_change_ci_high": ("%", "upper end of the 95 % interval of the change"),
    "compression_end": (
        "1",
        "spectral compression at the end (before a rest that ends it) against the own baseline; below 1 = tiring",
    ),
    "slope_pct_per_min": ("%/min", "slope of the median frequency"),
    "slope_ci_low": ("%/min", "lower end of the 95 % interval of the slope"),
    "slope_ci_high": ("%/min", "upper end of the 95 % interval of the slope"),
    "rms_change_pct": ("%", "change of the amplitude from start to end"),
    "fatigue": ("", "yes, no or unknown"),
    "config_hash": ("", "changes with any setting"),
    "sha256": ("", "of the first input file"),
    "crampwatch": ("", "version that computed it"),
    "settings": ("", "settings that are not the defaults, as JSON"),
    "command": ("", "the command line"),
}
FEATURES: dict[str, tuple[str, str]] = {
    "file": ("", "the recording as it was named"),
    "athlete": ("", "pseudonym; empty = not told"),
    "leg": ("", "left or right; empty = not told"),
    "time_s": ("s", "end of the second, from the start of the recording"),
    "state": ("", "what was said of the leg then"),
    "score": ("1", "score of the signs; empty = unknown"),
    "quiet_ratio": ("1", "quiet EMG against its usual level"),
    "twitches_per_min": ("1/min", "twitches while the calf rests"),
    "label": ("", "EMG channel"),
    "mdf_hz": ("Hz", "median frequency; empty = not working, or the signal was bad"),
    "compression": ("1", "spectral compression against the own baseline; below 1 = tiring"),
    "sha256": ("", "of the first input file"),
}
_INTERVALS = {"mdf_change_ci", "slope_ci"}
_OF_LEG = ("athlete", "leg", "angle_source")


def write_table(path: Path, answers: Iterable[dict[str, Any]]) -> None:
    """One row per file, leg and channel. Raises: RecordingError if it cannot be written; see `tidy.write`."""
    write(path, "channels", DICTIONARY, (row for answer in answers for row in _rows(answer)))


def write_features(path: Path, answers: Iterable[dict[str, Any]]) -> None:
    """One row per file, leg, second and channel. Raises: RecordingError if it cannot be written."""
    write(path, "features", FEATURES, (row for answer in answers for row in feature_rows(answer)))


def feature_rows(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One row per leg, second and channel, with the columns of `FEATURES`; nothing where the analysis failed."""
    inputs = answer.get("inputs") or [{}]
    for leg in answer.get("legs", []):
        track, states = leg["track"], leg["states"]
        labels = list(track["mdf_hz"]) or [None]
        for row, time_s in enumerate(track["time_s"]):
            state = next((each["state"] for each in reversed(states) if each["time_s"] <= time_s), None)
            of_leg = {"file": answer["file"], "sha256": inputs[0].get("sha256"), "state": state, "time_s": time_s}
            of_leg |= {name: leg[name] for name in ("athlete", "leg")}
            of_leg |= {name: track[name][row] for name in ("score", "quiet_ratio", "twitches_per_min")}
            for label in labels:
                known = {} if label is None else {name: track[name][label][row] for name in ("mdf_hz", "compression")}
                yield {name: (of_leg | known | {"label": label}).get(name) for name in FEATURES}


def _rows(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    inputs = answer.get("inputs") or [{}]
    of_file = {
        "file": answer["file"],
        "config_hash": answer.get("config_hash"),
        "sha256": inputs[0].get("sha256"),
        "crampwatch": answer.get("crampwatch"),
        "settings": json.dumps(_changed(answer.get("settings") or {}), sort_keys=True),
        "command": answer.get("command"),
    }
    for leg in answer.get("legs", []):
        for channel in leg["channels"]:
            ends = {f"{name}_{end}": (channel[name] or [None, None])[n] for name in _INTERVALS for n, end in _ENDS}
            known = of_file | {name: leg[name] for name in _OF_LEG} | channel | ends
            yield {name: known.get(name) for name in DICTIONARY}


_ENDS = ((0, "low"), (1, "high"))


def _changed(settings: dict[str, dict[str, float]]) -> dict[str, float]:
    """The values that are not the defaults, by group.name."""
    from monitor.settings import Settings

    usual = Settings().to_dict()
    return {
        f"{group}.{name}": value
        for group, values in settings.items()
        for name, value in values.items()
        if usual.get(group, {}).get(name) != value
    }


__all__ = ["DICTIONARY", "FEATURES", "SUFFIXES", "write_features", "write_table"]

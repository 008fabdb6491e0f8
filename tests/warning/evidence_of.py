"""Evidence for tests: a leg at work of which all is known and nothing stands out, changed where a test says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from monitor.warning.evidence import Evidence

CALM = Evidence(
    time_s=0.0,
    packets=True,
    good=True,
    quality=(),
    calibration_fraction=1.0,
    compression=1.0,
    stale=False,
    baseline_hz=110.0,
    quiet_ratio=1.0,
    twitches_per_min=0.5,
    twitch_baseline_per_min=0.5,
    shortened_share=0.0,
)
UNKNOWN = {
    "compression": None,
    "stale": True,
    "quiet_ratio": None,
    "twitches_per_min": None,
    "twitch_baseline_per_min": None,
    "shortened_share": None,
}
LOW = {"compression": 0.85}
RISKY = {"compression": 0.87, "quiet_ratio": 2.1, "twitches_per_min": 7.0}
SILENT = {"packets": False, "good": False, "quality": ("GM left: no data from the sensor",)}
BAD = {"good": False, "quality": ("GM left: the signal is flat, is the electrode connected?",)}


def evidence(**changed: Any) -> Evidence:
    return replace(CALM, **changed)

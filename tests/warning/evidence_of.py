"""Evidence for tests: a leg at work of which all is known and nothing stands out, changed where a test says so."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from monitor.warning.evidence import CrampReading, Evidence, Verdict

QUIET = CrampReading(
    verdict=Verdict.NOTHING,
    sustained_s=0.0,
    channel="GM",
    above_rest=1.1,
    effort=0.02,
    stands_out_db=1.0,
    steadiness=0.8,
    ankle_deg=0.0,
    ankle_dps=2.0,
    fallen_s=0.0,
    fallen_to=None,
    turned_deg=None,
    unsustained_s=60.0,
)

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
    cramp=QUIET,
    relaxation_z=0.0,
    relaxation_of=12,
    tonic_s_per_min=0.0,
    dose_min=0.0,
)
UNKNOWN = {
    "compression": None,
    "stale": True,
    "quiet_ratio": None,
    "twitches_per_min": None,
    "twitch_baseline_per_min": None,
    "shortened_share": None,
    "cramp": None,
    "relaxation_z": None,
    "tonic_s_per_min": None,
    "dose_min": None,
}
LOW = {"compression": 0.85}
RISKY = {"compression": 0.87, "quiet_ratio": 3.0, "twitches_per_min": 20.0, "relaxation_z": 4.0}
SILENT = {"packets": False, "good": False, "quality": ("GM left: no data from the sensor",)}
BAD = {"good": False, "quality": ("GM left: the signal is flat, is the electrode connected?",)}
_AT_WORK = {"above_rest": 20.4, "effort": 0.46, "ankle_deg": -18.0, "sustained_s": 5.0, "unsustained_s": 0.0}
CRAMPING = _AT_WORK | {"verdict": Verdict.ONE_HEAD, "stands_out_db": 25.0, "fallen_to": 1.0, "turned_deg": 0.0}
HELD = _AT_WORK | {"verdict": Verdict.ASK, "fallen_to": 1.0, "turned_deg": 0.0}
LET_GO = {"fallen_s": 3.0, "fallen_to": 0.07, "turned_deg": 32.0, "ankle_deg": 14.0, "unsustained_s": 4.0}
STILL_QUIET = {"fallen_s": 4.0, "fallen_to": 0.07, "unsustained_s": 20.0}
_READING = {item.name for item in fields(CrampReading)}


def evidence(**changed: Any) -> Evidence:
    """A calm second with changes; those of its reading of sustained activity by the reading's own names."""
    reading = {name: changed.pop(name) for name in list(changed) if name in _READING}
    if reading:
        changed["cramp"] = replace(QUIET, **reading)
    return replace(CALM, **changed)

"""Alerts: how often a leg calls, so that people still listen when it matters."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.settings.setting import Checked, setting


@dataclass(frozen=True, slots=True)
class AlertSettings(Checked):
    """Repeat and acknowledge rules. Bonafide 2015: the more needless alarms, the slower the answer to the next one."""

    repeat_s: float = setting(120.0, "s", 10, 3600, "first WARN model: repeated no sooner than after two minutes")
    most_repeats: float = setting(3, "times", 0, 100, "assumed: who has not looked by then is not reached this way")
    same_within_s: float = setting(
        60.0, "s", 0, 1800, "assumed, as WARN's own minimum: a state that comes back so soon is the same alert"
    )
    stale_s: float = setting(10.0, "s", 1, 120, "assumed: a warning about a moment longer ago rests on stale data")
    most_per_hour: float = setting(
        12, "per leg", 1, 120, "assumed: CRAMP is always told; more warnings are noise, one says so"
    )
    webhook_timeout_s: float = setting(3.0, "s", 0.1, 60, "assumed: a web service that takes longer is down")
    webhook_queue: float = setting(100, "alerts", 1, 10_000, "assumed: the oldest make room; what was lost is counted")
    webhook_tries: float = setting(3, "times", 1, 20, "assumed")

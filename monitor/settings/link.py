"""The links to the sensors."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.settings.setting import Checked, setting


@dataclass(frozen=True, slots=True)
class LinkSettings(Checked):
    """When a sensor's link is worth a warning, and whether a warned athlete's sensors draw attention to themselves."""

    low_battery: float = setting(0.15, "of full", 0, 1, "assumed: enough of a small cell for one training session")
    slow_interval_s: float = setting(
        0.03, "s", 0.0075, 4, "Core 5.4 Vol 6 B 4.5.1: 7.5 ms and up; 60-500 ms come where nobody asks (bleak 56, 1446)"
    )
    slow_loss: float = setting(0.02, "", 0, 1, "assumed: below, a long interval does no harm")
    rate_sag: float = setting(0.03, "of the rate", 0.005, 0.5, "assumed: ten times what 20 s of arrivals leave open")
    unreadable: float = setting(0.05, "of the packets", 0.005, 1, "assumed: the air spoils fewer; an MTU cuts all")
    repeated: float = setting(
        0.75, "of the packets", 0.5, 1, "assumed: a link that doubles each packet gives a half; a clock at rest all"
    )
    alert_on_warn: float = setting(1, "", 0, 1, "1 = the sensors of a leg in WARN vibrate or blink, 0 = they do not")

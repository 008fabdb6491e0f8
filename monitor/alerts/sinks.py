"""The sinks that are always there: the sensors of the leg, and the log."""

from __future__ import annotations

import logging
from collections.abc import Callable

from monitor.alerts.alert import Alert
from monitor.session import Session

LOG = logging.getLogger("crampwatch.alerts")


class SensorAlert:
    """Lets the sensors of the leg vibrate or blink, if the settings want it. alert : takes a source_id."""

    def __init__(self, session: Session, alert: Callable[[str], None]) -> None:
        self._session, self._alert = session, alert

    def send(self, alert: Alert) -> None:
        """All sensors of that leg."""
        if not self._session.settings.link.alert_on_warn:
            return
        for name, seat in self._session.seats.items():
            if (seat.athlete, seat.sensor.leg) == (alert.athlete, alert.leg):
                self._alert(name)


class LogAlert:
    """Writes each alert to Python's log `crampwatch.alerts`, which goes nowhere unless somebody listens."""

    def send(self, alert: Alert) -> None:
        """One line."""
        LOG.info("%.1f s %s %s %s (%d) %s", *(getattr(alert, name) for name in alert.__slots__))

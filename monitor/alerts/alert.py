"""An alert, and what takes one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

CALLING = ("WARN", "CRAMP")  # the states that call


@dataclass(frozen=True, slots=True)
class Alert:
    """A leg calls. number: 1 = new, above = repeated; note: what must be known of the alert itself, mostly empty.

    time_s : session second of the state change or of the repeat. athlete : a pseudonym.
    """

    time_s: float
    athlete: str
    leg: str
    state: str
    number: int = 1
    note: str = ""


class AlertSink(Protocol):
    """Takes alerts. It must not wait."""

    def send(self, alert: Alert) -> None:
        """Pass it on."""
        ...

"""What a source tells the session, in order of arrival. Feeding the same events again gives the same states, exactly.

Live radio, recording, imported table and simulation are all iterators of these. Times are seconds on the session clock
at the moment of arrival (not of the sample), never falling.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.chunk import Chunk


class Link(StrEnum):
    """Where a sensor's link stands."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    STARTING = "starting"
    LIVE = "live"
    STALLED = "stalled"
    LOST = "lost"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Notification:
    """The raw bytes of one GATT notification. sensor: the source_id; char: the characteristic's UUID, lower case."""

    time_s: float
    sensor: str
    char: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Decoded:
    """Samples that were decoded elsewhere (an imported table, a simulated recording)."""

    time_s: float
    sensor: str
    chunk: Chunk


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A sensor's link went from one state to another; the detail is a plain sentence or empty."""

    time_s: float
    sensor: str
    link: Link
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Battery:
    """How full a sensor's battery is, 0..1, where it tells so outside its packets: in the air, or when it is asked."""

    time_s: float
    sensor: str
    fraction: float


@dataclass(frozen=True, slots=True)
class Marker:
    """Something a person noted: "cramp left", "stretch", free text."""

    time_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Session time has come this far, even if nothing arrived (every 0.5 s of session time)."""

    time_s: float


Event = Notification | Decoded | LinkChange | Battery | Marker | Heartbeat

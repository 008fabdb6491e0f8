"""What an XDF stream is: its header in XML, both ways."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from math import isfinite
from xml.sax.saxutils import escape

from monitor.chunk import Channel, Stream
from monitor.errors import RecordingError
from monitor.recording import xdf

MAX_HEADER_CHARS = 4_000_000
MAX_CHANNELS = 10_000
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SIGNAL_TYPES = {"emg": "EMG", "imu": "MoCap", "quat": "MoCap", "angle": "MoCap"}
_CHANNEL_TYPES = {"uV": "EMG", "counts": "EMG", "g": "ACCEL", "deg/s": "GYRO", "deg": "ANGLE"}
_MICROVOLTS = {"microvolt", "microvolts", "\N{MICRO SIGN}V", "\N{GREEK SMALL LETTER MU}V"}


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """One stream of a recording.

    name : the stream's name in the file, "SENSOR emg"; stream.name is the signal's alone, "emg".
    kind : the XDF content type, "EMG", "MoCap", "Markers".
    number : the XDF value type, a key of `xdf.FORMATS`.
    carries_events : its samples belong to `Decoded` events of the journal.
    """

    sid: int
    name: str
    kind: str
    number: str
    stream: Stream
    carries_events: bool = False

    @property
    def is_text(self) -> bool:
        """Strings, not samples."""
        return self.number == "string"

    @property
    def step_s(self) -> float:
        """Seconds from sample to sample where stamps are left out."""
        return 1 / self.stream.rate_hz if self.stream.rate_hz > 0 else 0.0


def text_stream(sid: int, name: str, kind: str) -> StreamInfo:
    """A stream of strings."""
    return StreamInfo(sid, name, kind, "string", Stream(name, 0.0, (Channel(name, ""),), "crampwatch"))


def signal_stream(sid: int, stream: Stream, number: str, carries_events: bool) -> StreamInfo:
    """A stream of samples, as the recorder writes it."""
    kind = _SIGNAL_TYPES.get(stream.name, "Misc")
    return StreamInfo(sid, f"{stream.source_id} {stream.name}", kind, number, stream, carries_events)


def to_xml(info: StreamInfo) -> str:
    """The stream header. Characters that XML cannot hold become U+FFFD."""
    channels = "".join(
        f"<channel>{_tag('label', channel.label)}{_tag('unit', channel.unit)}"
        f"{_tag('type', _CHANNEL_TYPES.get(channel.unit, 'Misc'))}</channel>"
        for channel in info.stream.channels
    )
    own = _tag("stream", info.stream.name) + _tag("carries_events", str(info.carries_events).lower())
    # The stamps come from the sensor's own clock: a reader must not smooth them over the gaps.
    desc = (
        f"<channels>{channels}</channels>"
        "<synchronization><can_drop_samples>true</can_drop_samples></synchronization>"
        f"<crampwatch>{own}</crampwatch>"
    )
    head = _tag("name", info.name) + _tag("type", info.kind) + _tag("channel_count", str(len(info.stream.channels)))
    rate = _tag("nominal_srate", repr(float(info.stream.rate_hz))) + _tag("channel_format", info.number)
    source = _tag("source_id", info.stream.source_id)
    return f'<?xml version="1.0"?><info>{head}{rate}{source}<desc>{desc}</desc></info>'


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(_NOT_XML.sub(chr(0xFFFD), text), {chr(13): '&#13;'})}</{name}>"


def from_xml(sid: int, text: str) -> StreamInfo:
    """Read a stream header, Crampwatch's or any other recorder's. Raises: RecordingError naming what is wrong."""
    root = parse_xml(text)
    name = _text(root, "name") or f"stream {sid}"
    number = _text(root, "channel_format")
    if number not in xdf.FORMATS:
        raise RecordingError(f"stream {name!r} holds values of the unknown kind {number!r}")
    rate_hz = _number(root, "nominal_srate", name)
    n_channels = _number(root, "channel_count", name)
    if not 1 <= n_channels <= MAX_CHANNELS or n_channels != int(n_channels):
        raise RecordingError(f"stream {name!r} says that it has {n_channels:g} channels")
    if not 0 <= rate_hz <= 1e6:
        raise RecordingError(f"stream {name!r} says that it has {rate_hz:g} samples per second")
    kind = _text(root, "type")
    own_name = root.findtext("desc/crampwatch/stream")
    signal = own_name if own_name is not None else "emg" if kind.upper() == "EMG" else name
    stream = Stream(signal, rate_hz, _channels(root, int(n_channels)), _text(root, "source_id") or name)
    return StreamInfo(sid, name, kind, number, stream, root.findtext("desc/crampwatch/carries_events") == "true")


def with_rate(info: StreamInfo, rate_hz: float) -> StreamInfo:
    """The same stream with a measured rate in place of "irregular"."""
    return replace(info, stream=replace(info.stream, rate_hz=rate_hz))


def parse_xml(text: str) -> ET.Element:
    """Parse XML that nobody vouches for: no document type, no entities, bounded. Raises: RecordingError."""
    if len(text) > MAX_HEADER_CHARS:
        raise RecordingError(f"a header of {len(text)} characters is too long to be one")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise RecordingError("a header defines XML entities, which no recorder does")
    try:
        return ET.fromstring(text)
    except (ET.ParseError, ValueError, RecursionError) as error:
        raise RecordingError(f"a header is no XML: {error}") from error


def _text(root: ET.Element, path: str) -> str:
    return root.findtext(path) or ""


def _number(root: ET.Element, path: str, name: str) -> float:
    try:
        value = float(_text(root, path))
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise RecordingError(f"stream {name!r} has no number in its {path}")
    return value


def _channels(root: ET.Element, n_channels: int) -> tuple[Channel, ...]:
    found = [
        Channel(channel.findtext("label") or "", _unit(channel.findtext("unit") or ""))
        for channel in root.findall("desc/channels/channel")
    ]
    if len(found) == n_channels:
        return tuple(found)
    return tuple(Channel(f"ch{number}", "") for number in range(1, n_channels + 1))


def _unit(unit: str) -> str:
    return "uV" if unit in _MICROVOLTS else unit

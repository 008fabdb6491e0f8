"""What a session knows as LSL streams for a laboratory: EMG, angle, fatigue and states of each leg; a sink.

Off unless asked for: LSL has no authentication. Names are the team file's pseudonyms.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.lsl_library import lsl
from monitor.chunk import Channel, Chunk
from monitor.events import Event
from monitor.leg import Leg, LegSecond
from monitor.session import Session

_ANEW_S = 0.25  # stamps that are off by more (a pause, a seek) begin anew
_UNITS = {"uV": "microvolts", "deg": "degrees"}  # as LSL's conventions spell them


class LslOutlets:
    """Give it to the engine as a sink. Streams of a leg, each with athlete and leg in its description:

    `Crampwatch A7 left EMG` (as it came, NaN = lost), `... angle` (deg, dorsiflexion +), `... fatigue` (one sample a
    second once its channels are known: MDF of each in Hz, spectral compression, score; NaN = unknown), `... state`
    (markers: its word).
    session : what is fed now; speed : its seconds per wall second.
    """

    def __init__(self, session: Callable[[], Session], speed: float = 1.0) -> None:
        self._lsl, self._session, self._speed = lsl(), session, speed
        self.outlets: dict[tuple[str, str, str], Any] = {}
        self._origin_s: float | None = None  # the library's clock at session second 0
        self._angle_s: dict[tuple[str, str], float] = {}
        self._second_s: dict[tuple[str, str], float] = {}

    def put(self, event: Event, chunks: Sequence[Chunk], changes: Sequence[Mapping[str, Any]]) -> None:
        """Follow the session (see `monitor.engine.Sink`)."""
        session = self._session()
        self._anchor(event.time_s)
        for chunk in chunks:
            seat = session.seats.get(chunk.stream.source_id)
            if seat is not None and chunk.stream.name == "emg" and len(chunk):
                where = seat.athlete, seat.sensor.leg
                outlet = self._outlet(*where, "EMG", chunk.stream.rate_hz, chunk.stream.channels)
                self._push(outlet, chunk.samples, chunk.time_s)
        for leg in session.legs:
            if leg.history and leg.history[-1].time_s != self._second_s.get((leg.athlete, leg.leg)):
                self._put_fatigue(leg)
                self._put_angle(leg)
        for change in changes:
            outlet = self._outlet(str(change["athlete"]), str(change["leg"]), "state", 0.0, (Channel("state", ""),))
            outlet.push_sample([str(change["state"])], self._stamp(float(change["time_s"])))

    def _put_fatigue(self, leg: Leg) -> None:
        """A sample for each second that has closed; one event may close several."""
        where, newest_s = (leg.athlete, leg.leg), leg.history[-1].time_s
        last_s = self._second_s.get(where, -np.inf)
        last_s = last_s if last_s < newest_s else -np.inf  # a replay began anew
        self._second_s[where] = newest_s
        if leg.path is None:
            return
        mdf = (Channel(f"MDF {label}", "Hz") for label in leg.path.stream.labels)
        channels = (*mdf, Channel("compression", "ratio"), Channel("score", ""))
        outlet = self._outlet(*where, "fatigue", 1.0, channels)
        new = itertools.takewhile(lambda second: second.time_s > last_s, reversed(leg.history))
        for second in reversed(list(new)):
            row = np.array([_fatigue(second, len(channels) - 2)], dtype=np.float64)
            self._push(outlet, row, np.array([second.time_s]))

    def _put_angle(self, leg: Leg) -> None:
        where, angle = (leg.athlete, leg.leg), leg.shown("angle")
        if angle is None or not len(angle):
            return
        last_s, newest_s = self._angle_s.get(where, -np.inf), float(angle.time_s[-1])
        new = angle[int(np.searchsorted(angle.time_s, last_s, side="right")) :] if last_s <= newest_s else angle
        if len(new):
            self._angle_s[where] = newest_s
            outlet = self._outlet(*where, "angle", angle.stream.rate_hz, (Channel("ankle", "deg"),))
            self._push(outlet, new.samples[:, :1], new.time_s)

    def _outlet(self, athlete: str, leg: str, what: str, rate_hz: float, channels: Sequence[Channel]) -> Any:
        """The stream of this name, made when it is first needed."""
        key = athlete, leg, what
        if key not in self.outlets:
            kind = {"EMG": "EMG", "angle": "MoCap", "fatigue": "Features", "state": "Markers"}[what]
            name, form = f"Crampwatch {athlete} {leg} {what}", "string" if what == "state" else "float32"
            source = f"crampwatch-{athlete}-{leg}-{what}".lower()
            info = self._lsl.StreamInfo(name, kind, len(channels), rate_hz, form, source)
            _describe(info, athlete, leg, channels, kind)
            self.outlets[key] = self._lsl.StreamOutlet(info, 0, 60)
        return self.outlets[key]

    def _push(self, outlet: Any, samples: NDArray[np.floating], time_s: NDArray[np.float64]) -> None:
        outlet.push_chunk(np.ascontiguousarray(samples, dtype=np.float32), self._stamp(float(time_s[-1])))

    def _stamp(self, time_s: float) -> float:
        assert self._origin_s is not None
        return self._origin_s + time_s / self._speed

    def _anchor(self, time_s: float) -> None:
        """Where the session stands on the library's clock: the earliest that an event was seen, anew after a pause."""
        now_s = self._lsl.local_clock() - time_s / self._speed
        if self._origin_s is None or abs(now_s - self._origin_s) > _ANEW_S:
            self._origin_s = now_s
        self._origin_s = min(self._origin_s, now_s)


def _fatigue(second: LegSecond, n_channels: int) -> list[float | None]:
    """MDF of each channel, compression, score; None = unknown."""
    mdf_hz = [None] * n_channels if second.emg is None else second.emg.mdf_hz.tolist()
    return [*mdf_hz, second.evidence.compression, second.score]


def _describe(info: Any, athlete: str, leg: str, channels: Sequence[Channel], kind: str) -> None:
    """The metadata that LSL's conventions name, and ours."""
    description = info.desc()
    listed = description.append_child("channels")
    for channel in channels:
        one = listed.append_child("channel")
        one.append_child_value("label", channel.label)
        one.append_child_value("unit", _UNITS.get(channel.unit, channel.unit))
        one.append_child_value("type", kind)
    description.append_child("acquisition").append_child_value("software", "Crampwatch")
    description.append_child("synchronization").append_child_value("can_drop_samples", "true")
    own = description.append_child("crampwatch")
    own.append_child_value("athlete", athlete)
    own.append_child_value("leg", leg)

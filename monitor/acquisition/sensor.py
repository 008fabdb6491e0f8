"""One sensor: its notifications in, chunks on the session clock out. The same events give the same chunks, exactly."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from monitor.acquisition.arrival_track import ArrivalTrack
from monitor.acquisition.batch import Batch, Packets
from monitor.acquisition.clock import ArrivalClock, CounterClock
from monitor.acquisition.device_clocks import DeviceClocks
from monitor.acquisition.ordering import Ordering
from monitor.acquisition.packet import Decoder, decode_together
from monitor.acquisition.profile_model import Profile, StreamSpec
from monitor.acquisition.track import BesideTrack, CountedTrack, Form, Track
from monitor.chunk import Channel, Chunk
from monitor.errors import WiringError
from monitor.events import Link, LinkChange, Notification

BATCHES_LATELY = 100  # about ten seconds
_AnyTrack = Track | ArrivalTrack
_BROKEN = (Link.SEARCHING, Link.CONNECTING, Link.LOST)


class _Tally(NamedTuple):
    """Of one batch: packets, what was none, and packets that had come before."""

    packets: int
    errors: int
    doubled: int


class SensorDecoder:
    """Decodes one sensor of a profile into the streams `emg`, `imu` (acc and gyro of one packet) and `quat`.

    A sensor that tells no EMG but an envelope gives the stream `envelope`, for the picture.

    channels: labels of the EMG channels in the sensor's order; empty = the profile's own.
    only: of the profile's EMG channels those that are wanted, in this order; empty = all.
    speed: session seconds per wall second, for virtual sensors that run faster.
    streams: those that are wanted.
    Stamps rise strictly for ever. Lost samples come as NaN where their number is known, up to 60 s; a longer gap is a
    hole. Nothing comes out for the first 2.5-4 s (8 s if the arrivals are wild): the rate is measured first, then what
    was held comes with its true times. The streams stay the same after a reconnect.
    Raises: WiringError if a wanted channel is none, or the labels are not as many as the EMG channels.
    """

    def __init__(
        self,
        profile: Profile,
        source_id: str,
        channels: tuple[str, ...] = (),
        speed: float = 1.0,
        streams: tuple[str, ...] = ("emg", "envelope", "imu", "quat"),
        *,
        only: tuple[str, ...] = (),
    ) -> None:
        forms = [form for form in _forms(profile, source_id, channels, only) if form.name in streams]
        self.decoder = Decoder(profile)
        self._ordering = Ordering(speed)
        self._device_clocks = DeviceClocks(profile, speed)
        self._tracks = _tracks(profile, forms, speed, self._device_clocks)
        self._lead = next((track for track in self._tracks if isinstance(track, CountedTrack)), None)
        self.newest_s: float | None = None  # when the newest good packet came
        self.errors = 0  # packets that were none
        self._lately: deque[_Tally] = deque(maxlen=BATCHES_LATELY)
        self._why = ""
        self.battery: float | None = None  # 0..1, the newest that its packets told
        self._batteries = [n for n, spec in profile.streams.items() if spec.kind == "battery" and spec.unit == "%"]

    @property
    def rate_hz(self) -> float | None:
        """Measured rate of the leading stream (EMG if there is one), None until it is known."""
        return self._lead.stream.rate_hz if self._lead and self._lead.stream else None

    def push(self, notification: Notification) -> list[Chunk]:
        """The chunks that this notification completes."""
        return self.push_many([notification])

    def push_many(self, notifications: Sequence[Notification]) -> list[Chunk]:
        """The chunks that a batch of notifications, in order of arrival, completes: one of each stream at most.

        The same batches give the same chunks, exactly; cut otherwise, the same samples with stamps that differ by some
        milliseconds at most.
        """
        return decode_sensors([self], [notifications])[0]

    def stamp(self, batch: Batch) -> list[Chunk]:
        """The chunks that decoded packets complete."""
        self.errors += len(batch.errors)
        self._why = batch.errors[-1][1] if batch.errors else self._why
        for packets in batch.groups if self._batteries else ():
            self._note_battery(packets)
        if batch.groups:
            self.newest_s = max(float(packets.arrival_s[-1]) for packets in batch.groups)
        doubled = self._ordering.doubled
        ordered = self._ordering.push(batch.groups)
        self._lately.append(_Tally(sum(map(len, batch.groups)), len(batch.errors), self._ordering.doubled - doubled))
        return self._stamped(ordered)

    def _note_battery(self, packets: Packets) -> None:
        for name in self._batteries:
            if name in packets.kind.streams:
                percent = float(packets.samples(name)[-1, 0])
                self.battery = min(max(percent / 100.0, 0.0), 1.0) if percent == percent else self.battery

    def flush(self) -> list[Chunk]:
        """What waited for packets that might still have come: the link was lost, or the session ends."""
        return self._stamped(self._ordering.flush())

    def _stamped(self, groups: list[Packets]) -> list[Chunk]:
        found: dict[_AnyTrack, list[Chunk]] = {track: [] for track in self._tracks}
        for piece in self._device_clocks.pieces(groups):
            for track in self._tracks:  # the regular first: the others look at where they stand
                found[track] += track.push([packets for packets in piece if track.form.carried_by(packets)])
        return [Chunk.joined(chunks) for chunks in found.values() if chunks]

    def link(self, change: LinkChange) -> None:
        """The link's state has changed: after a break nothing is continued that the sensor does not count.

        Flush before.
        """
        if change.link in _BROKEN:
            self.decoder.reconnected()
            for track in self._tracks:
                track.link_lost()

    def loss_fraction(self, now_s: float) -> float | None:
        """Part of the leading stream lost in the last 10 s, silence included; None until the rate is known."""
        if self._lead is None or self.rate_hz is None or self.newest_s is None:
            return None
        return self._lead.loss.fraction(now_s, self.newest_s, self.rate_hz)

    @property
    def unreadable(self) -> tuple[float, str]:
        """Which part of what came lately (some 100 batches) was no packet, and why the newest of it was none."""
        if not self.errors:
            return 0.0, ""
        good, bad, _ = self._told_lately()
        return (bad / (good + bad), self._why) if bad else (0.0, "")

    @property
    def repeated(self) -> float:
        """Which part of the packets that came lately (some 100 batches) had come before, by counter or clock."""
        if not self._ordering.doubled:
            return 0.0
        good, _, doubled = self._told_lately()
        return doubled / good if good else 0.0

    def _told_lately(self) -> _Tally:
        return _Tally(*map(sum, zip(*self._lately, strict=True))) if self._lately else _Tally(0, 0, 0)

    @property
    def rate_sag(self) -> float | None:
        """How far the leading stream's rate lies below the one first measured, as a part: what is lost unseen."""
        if self._lead is None or self.rate_hz is None:
            return None
        return self._lead.loss.sag(self.rate_hz)

    @property
    def doubled(self) -> int:
        """Packets that came twice and were left out."""
        return self._ordering.doubled

    @property
    def late(self) -> int:
        """Packets that came too late to be put in their place, and were left out."""
        return self._ordering.late

    @property
    def worst_uncertainty_s(self) -> float | None:
        """The most of `time_uncertainty_s` over the streams."""
        told_s = [self.time_uncertainty_s(track.form.name) for track in self._tracks]
        return max((seconds for seconds in told_s if seconds is not None), default=None)

    def time_uncertainty_s(self, stream: str) -> float | None:
        """By how much a stream's stamps may be wrong, seconds, 19 times out of 20; None until they can be told."""
        track = next((track for track in self._tracks if track.form.name == stream and track.stream is not None), None)
        return track.uncertainty_s if track is not None else None


def decode_sensors(
    sensors: Sequence[SensorDecoder], notifications: Sequence[Sequence[Notification]]
) -> list[list[Chunk]]:
    """The chunks that a batch of each of several sensors completes; the same as one by one, exactly."""
    batches = decode_together([sensor.decoder for sensor in sensors], notifications)
    return [sensor.stamp(batch) for sensor, batch in zip(sensors, batches, strict=True)]


def _tracks(profile: Profile, forms: list[Form], speed: float, clocks: DeviceClocks) -> list[_AnyTrack]:
    """The output streams: EMG first, and the regular before those that are stamped beside them."""
    tracks: list[_AnyTrack] = []
    regular: dict[str, CountedTrack] = {}
    for form in forms:
        spec = profile.streams[form.parts[0]]
        if spec.clock in ("counter", "count", "time"):
            clock = clocks.timed(form.parts[0]) if spec.clock == "time" else _clock(spec, speed)
            track = CountedTrack(form, clock)
            regular.update(dict.fromkeys(form.parts, track))
            tracks.append(track)
    for form in forms:
        spec = profile.streams[form.parts[0]]
        if spec.clock in regular:
            tracks.append(BesideTrack(form, regular[spec.clock]))
        elif form.name == "envelope" and spec.clock == "arrival":
            tracks.append(ArrivalTrack(form))
    return tracks


def _clock(spec: StreamSpec, speed: float) -> CounterClock | ArrivalClock:
    kind = CounterClock if spec.clock == "counter" else ArrivalClock
    return kind(spec.rate_nominal_hz, spec.rate_tolerance_pct / 100.0, speed)


def motion_stream(profile: Profile) -> str:
    """What a sensor of this profile says about its movement: imu, or quat where that is all it says."""
    names = {form.name for form in _forms(profile, profile.model, ())}
    return "quat" if "quat" in names and "imu" not in names else "imu"


def display_only(profile: Profile) -> bool:
    """Whether what a sensor of this profile says of the muscle is an envelope and no EMG."""
    kinds = {stream.kind for stream in profile.streams.values()}
    return "envelope" in kinds and "emg" not in kinds


def lacks(profile: Profile, role: str) -> str:
    """What a sensor of this profile would have to send for a role and does not; empty = it can play it."""
    names = {form.name for form in _forms(profile, profile.model, ())}
    if role == "emg":
        shown = any(stream.kind in ("emg", "envelope") for stream in profile.streams.values())
        return "" if shown else "EMG"
    if role == "angle":
        return "ankle angle"
    return "" if names & {"imu", "quat"} else "accelerations with rates of turn, nor a quaternion"


def _forms(profile: Profile, source_id: str, labels: tuple[str, ...], only: tuple[str, ...] = ()) -> list[Form]:
    def first(kind: str) -> tuple[str, StreamSpec] | None:
        return next(((name, spec) for name, spec in profile.streams.items() if spec.kind == kind), None)

    forms = []
    if muscle := first("emg") or first("envelope"):
        name, spec = muscle
        picks = _picks(spec, only, f"{source_id}: {profile.model}")
        own = [spec.channels[at] for at in picks]
        if labels and len(labels) != len(own):
            raise WiringError(
                f"{source_id}: {profile.model} has {len(own)} EMG channels"
                f"{' in `only`' if only else ''}, {len(labels)} labels are given"
            )
        channels = tuple(Channel(label, spec.unit) for label in labels or own)
        forms.append(Form(spec.kind, source_id, channels, (name,), np.float32, picks if only else ()))
    acc, gyro = first("acc"), first("gyro")
    if acc and gyro and set(acc[1].packets) & set(gyro[1].packets):
        axes = [(f"{short}_{axis}", spec.unit) for short, (_, spec) in (("acc", acc), ("gyr", gyro)) for axis in "xyz"]
        channels = tuple(Channel(label, unit) for label, unit in axes)
        forms.append(Form("imu", source_id, channels, (acc[0], gyro[0]), np.float64))
    if quat := first("quat"):
        channels = tuple(Channel(axis, quat[1].unit) for axis in quat[1].channels)
        forms.append(Form("quat", source_id, channels, (quat[0],), np.float64))
    return forms


def _picks(emg: StreamSpec, only: tuple[str, ...], whose: str) -> tuple[int, ...]:
    """Which of the stream's channels are wanted."""
    if missing := [name for name in only if name not in emg.channels]:
        raise WiringError(f"{whose} has no EMG channel {missing[0]!r}; it has {', '.join(emg.channels)}")
    return tuple(emg.channels.index(name) for name in only) if only else tuple(range(len(emg.channels)))

"""What the packets of a sensor under inspection show: rate, counter, loss, plausible scale; and golden packets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.packet import Decoder, Packet
from monitor.acquisition.profile_model import Profile, StreamSpec
from monitor.events import Notification

_PER_KIND = 2  # golden candidates
_LOSS = 0.02
_EMG_UV = (0.5, 3000.0)  # RMS; quieter than any amplifier, louder than any surface EMG
_GRAVITY_G = (0.8, 1.2)
_STILL_DPS = 60.0
_SIGNALS = ("emg", "envelope", "acc", "gyro", "linear_acc", "mag", "quat", "euler")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. passed: None = could not be told."""

    what: str
    passed: bool | None
    finding: str

    @property
    def word(self) -> str:
        """Passed, failed, open."""
        return "open" if self.passed is None else "passed" if self.passed else "failed"


def stream_checks(profile: Profile, notifications: Sequence[Notification]) -> Iterator[Check]:
    """The checks of a stream that ran for a while with the sensor lying still."""
    decoder = Decoder(profile)
    timed = [(told.time_s, packet) for told in notifications for packet in decoder.push(told.char, told.payload)]
    good = [packet for _, packet in timed if packet.error is None]
    errors = [packet.error for _, packet in timed if packet.error is not None]
    yield Check("packets", bool(good) and not errors, _packets(good, errors))
    yield _loss(profile, good)
    blocks: dict[str, list[tuple[float, NDArray[np.float64]]]] = defaultdict(list)
    for time_s, packet in timed:
        for name, samples in packet.streams.items():
            blocks[name].append((time_s, samples))
    for name, spec in profile.streams.items():
        if spec.kind not in _SIGNALS:
            continue
        span_s = blocks[name][-1][0] - blocks[name][0][0] if blocks[name] else 0.0
        if span_s <= 0:
            yield Check(f"{name}: samples", False, "none or hardly any came")
            continue
        samples = np.concatenate([block for _, block in blocks[name]])
        yield _rate(name, spec, (len(samples) - len(blocks[name][0][1])) / span_s)
        yield _scale(name, spec, samples)


def golden_candidates(profile: Profile, notifications: Sequence[Notification]) -> list[dict[str, Any]]:
    """Some packets of each kind that carries signals, with what they mean here: to be checked by hand and kept."""
    decoder, taken, candidates = Decoder(profile), defaultdict(int), []
    aliases = {spec.char: alias for alias, spec in profile.gatt.items()}
    for told in notifications:
        packets = [packet for packet in decoder.push(told.char, told.payload) if packet.error is None]
        if len(packets) != 1 or taken[packets[0].packet] >= _PER_KIND or told.char not in aliases:
            continue
        (packet,) = packets
        kinds = {profile.streams[name].kind for name in packet.streams}
        if kinds and kinds <= set(_SIGNALS):
            taken[packet.packet] += 1
            counts = {name: raw.tolist() for name, raw in packet.counts.items()}
            where = {"char": aliases[told.char], "packet": packet.packet, "kind": "source"}
            candidates.append(where | {"hex": told.payload.hex(), "counts": counts, "fields": dict(packet.fields)})
    return candidates


def _packets(good: Sequence[Packet], errors: Sequence[str]) -> str:
    kinds = sorted({packet.packet for packet in good})
    said = f"{len(good)} packets of the kinds {', '.join(kinds) or '-'}"
    return said + (f"; {len(errors)} are none, first: {errors[0]}" if errors else "")


def _loss(profile: Profile, good: Sequence[Packet]) -> Check:
    seen = [packet.lost_before for packet in good if packet.lost_before is not None]
    if not seen:
        return Check("counter and loss", None, f"losses are not counted ({profile.quality.loss_visibility})")
    lost = sum(seen)
    got = sum(max(map(len, packet.streams.values()), default=0) for packet in good if packet.lost_before is not None)
    fraction = lost / max(1, lost + got)
    return Check("counter and loss", fraction <= _LOSS, f"{lost} of {lost + got} samples lost ({fraction:.1%})")


def _rate(name: str, spec: StreamSpec, rate_hz: float) -> Check:
    off_pct = 100 * (rate_hz / spec.rate_nominal_hz - 1)
    told = f"{rate_hz:.1f} Hz measured, {spec.rate_nominal_hz:g} Hz nominal ({off_pct:+.1f} %)"
    return Check(f"{name}: rate", abs(off_pct) <= spec.rate_tolerance_pct, told)


def _scale(name: str, spec: StreamSpec, samples: NDArray[np.float64]) -> Check:
    """Whether the numbers can be what they are said to be."""
    known = samples[~np.isnan(samples).any(axis=1)]
    if len(known) < 2:
        return Check(f"{name}: scale", None, "no channel tells a number")
    spread = float(np.sqrt(np.mean(np.var(known, axis=0))))
    length = float(np.median(np.linalg.norm(known, axis=1)))
    match spec.kind:
        case "emg" if spec.unit == "uV":
            return Check(f"{name}: scale", _EMG_UV[0] <= spread <= _EMG_UV[1], f"RMS {spread:.1f} uV")
        case "acc" if spec.unit == "g":
            return Check(f"{name}: scale", _GRAVITY_G[0] <= length <= _GRAVITY_G[1], f"{length:.2f} g at rest")
        case "gyro":
            return Check(f"{name}: scale", length <= _STILL_DPS, f"{length:.1f} deg/s at rest")
        case "quat":
            return Check(f"{name}: scale", abs(length - 1) < 0.05, f"length {length:.3f}")
    return Check(f"{name}: scale", None if spread else False, f"varies by {spread:.3g} {spec.unit}")

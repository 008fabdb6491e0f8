"""Sensors that never were, one for each way of keeping time, with packets whose samples are their own index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from monitor.acquisition.profile import Profile
from monitor.acquisition.profile_loading import load_text
from monitor.acquisition.sensor import SensorDecoder
from monitor.chunk import Chunk
from monitor.events import Notification
from monitor.simulation.packing import Packer

INTERVAL_S = 0.03  # of the connection
BEGIN_S = 3.0  # sample 0 is taken then

HEAD = """
schema = 1
[profile]
id = "made-up"
vendor = "nobody"
model = "Made up"
kind = ["emg", "imu"]
confidence = "client"
verified_on_hardware = false
sources = ["made up"]
[match]
name_prefixes = ["Made"]
service_advertised = false
[link]
min_mtu = 200
first_packet_timeout_s = 3.0
stall_timeout_s = 1.0
[gatt.flow]
service = "00000000-0000-1000-8000-00805f9a34fb"
char = "00000001-0000-1000-8000-00805f9a34fb"
props = ["notify"]
[[step.start]]
op = "subscribe"
char = "flow"
[quality]
spectral_use = "good"
angle_use = "good"
loss_visibility = "counted"
[sim]
advert_name = "Made"
[[sim.notify]]
packet = "signal"
true_rate_hz = 100.0
"""

PACKET = """
[[packet]]
id = "signal"
chars = ["flow"]
endian = "little"
select = {{ length = {length} }}
header_fields = [{header}]
repeat = {{ offset = {offset}, stride = {stride}, count = {n} }}
sample_fields = [{sample}{{ name = "emg", type = "i32", offset = {at} }}]
[stream.emg]
kind = "emg"
packets = ["signal"]
channels = ["ch1"]
unit = "counts"
scale = 1
calibrated = "no"
rate_nominal_hz = {nominal_hz}
rate_tolerance_pct = 10.0
clock = "{clock}"
[[vector]]
char = "flow"
packet = "signal"
kind = "synthetic"
source = "made up"
hex = "{zeros}"
"""


@dataclass(frozen=True)
class Kind:
    """How a made-up sensor keeps time. n: samples in a packet."""

    clock: str
    rate_hz: float
    n: int
    counter: str = ""  # scope
    wrap: int = 65535
    tick_hz: float = 0.0
    refers_to: str = "first"

    @property
    def packet_s(self) -> float:
        return self.n / self.rate_hz


KINDS = {
    "counter": Kind("counter", 1137.3, 24, "sample"),
    "packets": Kind("counter", 500.0, 10, "packet", wrap=255),
    "each": Kind("counter", 400.0, 7, "each", wrap=255),
    "time": Kind("time", 60.0, 1, tick_hz=1e6),
    "time and counter": Kind("time", 52.3, 4, "sample", tick_hz=1000.0, refers_to="last"),
    "count": Kind("count", 49.8, 1),
    "count in tens": Kind("count", 500.0, 10),
}


@cache
def profile_of(name: str) -> Profile:
    kind = KINDS[name]
    header, offset, sample, at = [], 0, "", 0
    extra = ""
    if kind.counter in ("sample", "packet"):
        header.append('{ name = "counter", type = "u16", offset = 0 }')
        offset = 2
    if kind.counter == "each":
        sample, at = '{ name = "counter", type = "u8", offset = 0 }, ', 1
    if kind.counter:
        extra += f'[[counter]]\nstream = "emg"\nfield = "counter"\nscope = "{kind.counter}"\n'
        extra += f'wrap = [0, {kind.wrap}]\nresets = "power"\n'
    if kind.tick_hz:
        header.append(f'{{ name = "time", type = "u32", offset = {offset} }}')
        offset += 4
        extra += f'[[clock]]\nstreams = ["emg"]\nfield = "time"\ntick_hz = {kind.tick_hz}\n'
        extra += f'wrap = [0, 4294967295]\nrefers_to = "{kind.refers_to}"\n'
    length = offset + kind.n * (at + 4)
    text = PACKET.format(
        length=length,
        zeros="00" * length,
        header=", ".join(header),
        offset=offset,
        stride=at + 4,
        n=kind.n,
        sample=sample,
        at=at,
        nominal_hz=kind.rate_hz / 1.013,
        clock=kind.clock,
    )
    return _checked(HEAD + text + extra)


WIDE = """
[[packet]]
id = "signal"
chars = ["flow"]
endian = "little"
select = { length = 194 }
header_fields = [{ name = "counter", type = "u16", offset = 0 }]
repeat = { offset = 2, stride = 16, count = 12 }
sample_fields = [{ name = "emg", type = "i16", offset = 0, shape = 8 }]
[[counter]]
stream = "emg"
field = "counter"
scope = "sample"
wrap = [0, 65535]
resets = "power"
[stream.emg]
kind = "emg"
packets = ["signal"]
channels = ["a", "b", "c", "d", "e", "f", "g", "h"]
unit = "uV"
scale = 0.195
calibrated = "nominal"
rate_nominal_hz = 1000.0
rate_tolerance_pct = 5.0
clock = "counter"
[[vector]]
char = "flow"
packet = "signal"
kind = "synthetic"
source = "made up"
hex = "ZEROS"
"""


def wide_profile() -> Profile:
    """Eight channels of 16 bits at 1000 Hz, 12 samples in a packet: what the cost of decoding is stated for."""
    text = HEAD.replace("true_rate_hz = 100.0", "true_rate_hz = 1000.0") + WIDE.replace("ZEROS", "00" * 194)
    return _checked(text)


def _checked(text: str) -> Profile:
    loaded = load_text(text, "made up", lambda _: {})
    assert loaded.profile is not None, loaded
    return loaded.profile.resolved()


@dataclass(frozen=True, eq=False)
class Flow:
    """All that one sensor sends in a session. taken_s: when sample i was taken, given as a function of i."""

    name: str
    notifications: list[Notification]
    taken_s: Callable[[np.ndarray], np.ndarray]


def flow(
    name: str,
    seconds: float,
    seed: int,
    ppm: float = 100.0,
    loss: float = 0.05,
    interval_s: float = INTERVAL_S,
    pick: Callable[[list[Notification]], list[Notification]] = list,
) -> Flow:
    """Packets wait for the next connection event, one in twenty is sent again, some never come."""
    kind, profile = KINDS[name], profile_of(name)
    rng = np.random.default_rng(seed)
    n_packets = int(seconds / kind.packet_s)
    counts = np.arange(n_packets * kind.n)[:, np.newaxis]
    payloads = Packer(profile, profile.packet("signal")).pack({"emg": counts}, 0, rate_hz=kind.rate_hz)
    slow = 1.0 + ppm * 1e-6
    full_s = BEGIN_S + ((1 + np.arange(n_packets)) * kind.n - 1) / kind.rate_hz * slow
    phase_s = interval_s * rng.random()
    arrival_s = np.ceil((full_s - phase_s) / interval_s) * interval_s + phase_s if interval_s else full_s
    arrival_s = arrival_s + interval_s * (rng.random(n_packets) < 0.05) + 0.001 * rng.random(n_packets)
    arrival_s = np.maximum(np.maximum.accumulate(arrival_s), BEGIN_S + 0.23)
    came = rng.random(n_packets) >= loss
    char = profile.uuid("flow")
    sent = [
        Notification(at_s, name, char, payload)
        for at_s, payload, here in zip(arrival_s.tolist(), payloads, came, strict=True)
        if here
    ]
    return Flow(name, pick(sent), lambda index: BEGIN_S + index / kind.rate_hz * slow)


@dataclass(frozen=True, eq=False)
class Stamped:
    """What came out: of every sample its stamp, its index (NaN = lost), and what the decoder said of the stamps."""

    time_s: np.ndarray
    index: np.ndarray
    told_s: np.ndarray  # (batches, 2): session time, uncertainty
    decoder: SensorDecoder

    def errors_s(self, taken_s: Callable[[np.ndarray], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Stamps and how far they are off, of the samples that came."""
        good = ~np.isnan(self.index)
        return self.time_s[good], self.time_s[good] - taken_s(self.index[good])


def batches(notifications: list[Notification], batch_s: float = 0.1) -> list[list[Notification]]:
    found: dict[int, list[Notification]] = {}
    for notification in notifications:
        found.setdefault(int(notification.time_s / batch_s), []).append(notification)
    return list(found.values())


def stamped(sent: Flow, batch_s: float = 0.1) -> Stamped:
    """The flow decoded in batches as a session decodes it."""
    decoder = SensorDecoder(profile_of(sent.name), sent.name)
    chunks: list[Chunk] = []
    told = []
    for batch in batches(sent.notifications, batch_s):
        chunks += decoder.push_many(batch)
        uncertainty_s = decoder.time_uncertainty_s("emg")
        if uncertainty_s is not None:
            told.append((batch[-1].time_s, uncertainty_s))
    chunks += decoder.flush()
    whole = Chunk.joined(chunks)
    assert (np.diff(whole.time_s) > 0).all(), "stamps rise"
    index = whole.samples[:, 0].astype(np.float64)
    good = index[~np.isnan(index)]
    assert (np.diff(good) > 0).all(), "no sample is out of order"
    return Stamped(whole.time_s, index, np.array(told).reshape(-1, 2), decoder)

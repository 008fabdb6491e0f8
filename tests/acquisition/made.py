"""An imaginary sensor whose profile says everything that the language can say, and how to change a line of it."""

from __future__ import annotations

from pathlib import Path

from monitor.acquisition.profile import Profile, load_profile

SERVICE = "aaaaaaaa-0000-4000-8000-000000000000"
TEXT = f"""
schema = 1

[profile]
id = "made"
vendor = "Nobody"
model = "Made"
kind = ["emg", "imu"]
confidence = "community"
verified_on_hardware = false
sources = ["imagined"]

[match]
name_prefixes = ["Made"]
manufacturer_ids = [0x0886]
ignore_case = true
service_advertised = false

[advert.battery]
offset = 2
type = "u16"
endian = "big"
empty = 3000
full = 4200

[link]
min_mtu = 40
first_packet_timeout_s = 2.0
stall_timeout_s = 1.0
max_per_adapter = 4

[gatt.data]
service = "{SERVICE}"
char = "aaaaaaaa-0001-4000-8000-000000000000"
props = ["notify"]

[gatt.stream]
service = "{SERVICE}"
char = "aaaaaaaa-0002-4000-8000-000000000000"
props = ["notify"]

[gatt.pieces]
service = "{SERVICE}"
char = "aaaaaaaa-0003-4000-8000-000000000000"
props = ["notify"]

[gatt.command]
service = "{SERVICE}"
char = "aaaaaaaa-0004-4000-8000-000000000000"
props = ["write", "read"]

[[variant]]
id = "band"
name_contains = ["band"]
ignore_case = true
lengths = [31]

[[variant]]
id = "board"
default = true
lengths = [27]

[option.mode]
text = "what the motion part sends"
default = "raw"
choices = {{ raw = "01", quat = "02" }}

[option.gain]
text = "gain of the amplifier"
default = "6"
choices = {{ 6 = "06", 12 = "0C" }}

[[override]]
when = {{ mode = ["quat"] }}
set = {{ quality = {{ angle_use = "slow" }}, stream = {{ emg = {{ rate_nominal_hz = 250.0 }} }} }}

[[step.setup]]
op = "write"
char = "command"
hex = "A0 {{gain}} {{mode}}"
expect = {{ char = "data", hex = "A0 {{gain}}", timeout_ms = 500, on_fail = "warn" }}

[[step.setup]]
op = "read"
char = "command"

[[step.start]]
op = "subscribe"
char = "data"

[[step.start]]
op = "write"
char = "command"
ascii = "START"

[[step.stop]]
op = "write"
char = "command"
ascii = "STOP"

[[step.alert]]
op = "write"
char = "command"
hex = "B0"
when = {{ variant = ["band"] }}

[[step.poweroff]]
op = "write"
char = "command"
hex = "FF"

[[framing]]
mode = "sync"
chars = ["stream"]
sync = ["55 61"]
frame_len = 10

[[framing]]
mode = "partial"
chars = ["pieces"]
tag = "FF"
remaining_at = 1

[[packet]] # head, packet counter, time, 2 x [2 x i24, counter, pad, 1 or 2 pads], trailer
id = "emg"
chars = ["data"]
select = {{ length = 27, tags = [{{ at = 0, hex = "55" }}, {{ at = -1, hex = "AA" }}] }}
endian = "big"
header_fields = [
    {{ name = "packets", type = "u8", offset = 1 }},
    {{ name = "us", type = "u32", offset = 2, endian = "little" }},
    {{ name = "board", type = "u8", offset = 24 }},
    {{ name = "pad", type = "pad", offset = 25 }},
]
repeat = {{ offset = 6, stride = 9, count = 2 }}
sample_fields = [
    {{ name = "emg", type = "i24", offset = 0, shape = 2 }},
    {{ name = "n", type = "u8", offset = 6 }},
    {{ name = "pad", type = "pad", offset = 7 }},
    {{ name = "pad", type = "pad", offset = 8 }},
]
when = {{ variant = ["board"] }}

[[packet]]
id = "band_emg"
chars = ["data"]
select = {{ length = 31, tags = [{{ at = 0, hex = "55" }}] }}
endian = "big"
header_fields = [
    {{ name = "packets", type = "u8", offset = 1 }},
    {{ name = "us", type = "u32", offset = 2, endian = "little" }},
    {{ name = "pad", type = "pad", offset = 6, shape = 7 }},
]
repeat = {{ offset = 13, stride = 9, count = 2 }}
sample_fields = [
    {{ name = "emg", type = "i24", offset = 0, shape = 2 }},
    {{ name = "n", type = "u8", offset = 6 }},
    {{ name = "pad", type = "pad", offset = 7, shape = 2 }},
]
when = {{ variant = ["band"] }}

[[packet]]
id = "raw"
chars = ["stream"]
select = {{ length = 10, tags = [{{ at = 0, hex = "55 61" }}] }}
endian = "little"
header_fields = [
    {{ name = "number", type = "u8", offset = 2 }},
    {{ name = "flags", type = "u8", offset = 3 }},
    {{ name = "acc", type = "i16", offset = 4, shape = 3 }},
]
when = {{ mode = ["raw"] }}

[[packet]]
id = "quat"
chars = ["pieces"]
select = {{ min_length = 18, tags = [{{ at = 0, hex = "D0", mask = "F0" }}] }}
endian = "little"
header_fields = [
    {{ name = "kind", type = "u8", offset = 0 }},
    {{ name = "ns", type = "u64", offset = 1 }},
    {{ name = "pad", type = "pad", offset = 9 }},
]
repeat = {{ offset = 10, stride = 8, count = "to_end" }}
sample_fields = [{{ name = "quat", type = "i16", offset = 0, shape = 4 }}]
when = {{ mode = ["quat"] }}

[[packet]]
id = "answer"
chars = ["data"]
select = {{ min_length = 2, tags = [{{ at = 0, hex = "A0" }}] }}
endian = "little"
header_fields = [{{ name = "code", type = "u16", offset = 0 }}]
repeat = {{ offset = 2, stride = 1, count = "to_end" }}
sample_fields = [{{ name = "text", type = "u8", offset = 0 }}]

[[counter]]
stream = "emg"
field = "n"
scope = "each"
wrap = [1, 255]
resets = "start"
coarse = "packets"
coarse_wrap = [0, 255]

[[counter]]
stream = "acc"
field = "number"
scope = "packet"
wrap = [0, 99]
resets = "unknown"

[[clock]]
field = "us"
tick_hz = 1000000
wrap = [0, 4294967295]
refers_to = "first"
streams = ["emg"]

[[clock]]
field = "ns"
tick_hz = 1000000000
wrap = [0, 18446744073709551615]
refers_to = "last"
streams = ["quat"]

[stream.emg]
kind = "emg"
packets = ["emg", "band_emg"]
channels = ["a", "b"]
unit = "uV"
scale = 0.5
calibrated = "nominal"
rate_nominal_hz = 500.0
rate_tolerance_pct = 5.0
clock = "counter"

[stream.acc]
kind = "acc"
packets = ["raw"]
channels = ["x", "y", "z"]
unit = "g"
scale = [1, 4096]
calibrated = "nominal"
rate_nominal_hz = 100.0
rate_tolerance_pct = 5.0
clock = "counter"

[stream.quat]
kind = "quat"
packets = ["quat"]
channels = ["w", "x", "y", "z"]
unit = "1"
scale = [1, 16384]
normalise = true
calibrated = "nominal"
rate_nominal_hz = 50.0
rate_tolerance_pct = 5.0
clock = "time"

[quality]
bandwidth_hz = [20.0, 200.0]
spectral_use = "good"
angle_use = "good"
loss_visibility = "counted"

[sim]
advert_name = "Made-1"
small_mtu = "cut"

[[sim.notify]]
packet = "emg"
true_rate_hz = 499.0

[[sim.notify]]
packet = "raw"
true_rate_hz = 99.0

[[sim.notify]]
packet = "quat"
true_rate_hz = 49.0
repetitions = 3

[[vector]]
char = "data"
packet = "emg"
kind = "synthetic"
source = "by hand"
hex = "55 07 40420F00 000001 FFFFFF 01 0000 7FFFFF 800000 02 0000 2A 00 AA"
counts.emg = [[1, -1], [8388607, -8388608]]
values.emg = [[0.5, -0.5], [4194303.5, -4194304.0]]
fields = {{ packets = 7, us = 1000000, board = 42, n = [1, 2] }}

[[vector]]
char = "pieces"
packet = "quat"
kind = "synthetic"
source = "by hand"
options = {{ mode = "quat" }}
before = ["FF 01 D3 0065CD1D00000000 00"]
hex = "FF 00 0040000000000000 0000004000000000"
counts.quat = [[16384, 0, 0, 0], [0, 16384, 0, 0]]
fields = {{ kind = 211, ns = 500000000 }}
"""


def made(folder: Path, *changes: tuple[str, str]) -> Path:
    """The profile's file, with these parts of its text changed."""
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "made.toml"
    path.write_text(text, encoding="utf-8")
    return path


def profile(folder: Path, *changes: tuple[str, str], **chosen: str) -> Profile:
    """The profile, resolved; `variant` and options by their names."""
    variant = chosen.pop("variant", None)
    return load_profile(made(folder, *changes)).resolved(variant, chosen)

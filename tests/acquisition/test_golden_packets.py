"""Published packets decode to their published values."""

from __future__ import annotations

import json

import numpy as np
import pytest

from monitor.acquisition.packet import Decoder
from monitor.acquisition.profile import find

CODEC_SENSORS = ("ganglion-", "polar-", "shimmer3r-")  # theirs are in the tests of the codecs
SIGNS = (-1) ** np.arange(16)

# of each published packet: profile, variant, options, and what its streams and fields are
PUBLISHED: list[tuple[str, str, str | None, dict[str, str], dict[str, object], dict[str, object]]] = [
    ("umyo", "umyo", None, {}, {"#emg": [[n] for n in range(7880, 8111, 10)]}, {"counter": 1000}),
    (
        "umyo",
        "umyo",
        None,
        {},
        {"#acc": [[0, 0, 16384]], "#gyro": [[571, -571, 0]], "acc": [[0, 0, 1]], "gyro": [[9.9925, -9.9925, 0]]}
        | {"#mag": [[0, 0, 0]], "quat": [[1, 0, 0, 0]]},
        {},
    ),
    ("npg-lite-3ch", "npg-lite", "3ch", {}, {"#emg": [[2048 + s, 2050 - s, 2045] for s in range(10)]}, {}),
    ("npg-lite-band-imu", "npg-lite", "band", {}, {"acc": [[0, 0, 1], [0, 0, -1]]}, {}),
    ("gforce-12bit", "gforce", None, {}, {"#emg": 2048 + np.arange(64).reshape(8, 8)}, {"kind": 8}),
    ("gforce-quat", "gforce", None, {"what": "quat"}, {"quat": [[1, 0, 0, 0]]}, {"kind": 5}),
    (
        "myo-emg",
        "myo",
        None,
        {},
        {"#emg": [[9, 13, 1, -2, -2, -2, -6, 2], [6, -23, -4, -3, -4, -2, 5, 2]]},
        {},
    ),
    (
        "myo-imu",
        "myo",
        None,
        {},
        {"quat": [[0.72253, 0.68231, -0.11102, 0.0022]], "acc": [[0.16309, 0.96729, 0.04248]]}
        | {"gyro": [[0.1875, -0.6875, -0.25]]},
        {},
    ),
    (
        "myo-fv",
        "myo",
        None,
        {},
        {},
        {f"envelope_{i}": n for i, n in enumerate([850, 206, 97, 377, 216, 98, 111, 371])} | {"moving": 0},
    ),
    (
        "xsens-dot-short-mode6",
        "xsens-dot",
        None,
        {"mode": "6"},
        {"free_acc": [[3.009197, 5.223928, -2.32601]]},
        {"time": 1143080408},
    ),
    (
        "metamotion-fusion-quat",
        "metamotion",
        None,
        {},
        {"quat": [[0.93987, -0.05014, -0.1538, -0.3008]]},
        {},
    ),
    (
        "metamotion-fusion-acc",
        "metamotion",
        None,
        {},
        {"acc": [[-3.37988, 15.99951, -15.99951]]},
        {"accuracy": 0},
    ),
    ("sig-hr", "sig-standard", None, {}, {"heart_rate": [[32896]]}, {}),
    ("sig-hr", "sig-standard", None, {}, {"heart_rate": [[0]]}, {"energy_kj": 32895}),
    (
        "sig-rsc",
        "sig-standard",
        None,
        {},
        {"speed": [[18.203125]], "cadence": [[86]], "stride": [[19.29]], "distance": [[1690906.0]], "runs": [[1]]},
        {},
    ),
    ("witmotion-reg", "witmotion", None, {}, {"#mag": [[360, 105, 122]]}, {"register": 0x3A}),
    (
        "witmotion-0x61",
        "witmotion",
        None,
        {},
        {"acc": [[0, 0, 1]], "gyro": [[10.0098, -10.0098, 0]], "euler": [[9.99756, -4.99878, 90]]},
        {},
    ),
    ("thingy52-quat", "thingy52", None, {"what": "quat"}, {"quat": [[1, 0, 0, 0]]}, {}),
    ("thingy52-euler", "thingy52", None, {}, {"euler": [[90, -45, 0]]}, {}),
    (
        "thingy52-raw",
        "thingy52",
        None,
        {},
        {"acc": [[0, 0, 1]], "gyro": [[10, -10, 0]], "mag": [[20, 0, -45]]},
        {},
    ),
    (
        "biogap-ultra-exg",
        "biogap-ultra",
        None,
        {},
        {"#emg": [SIGNS * (1000 * (np.arange(16) + 1) + s) for s in range(4)]},
        {"counter": 513, "time": 1000000, "board": 1},
    ),
    (
        "biogap-ultra-imu",
        "biogap-ultra",
        None,
        {},
        {"acc": [[0, 0, 0.999912]] * 19, "gyro": [[10.01, -10.01, 0.07 * i] for i in range(19)]},
        {"counter": 7, "time": 1000500},
    ),
]


@pytest.fixture(scope="module")
def published(shared):
    vectors = json.loads((shared / "packets.json").read_text(encoding="utf-8"))["vectors"]
    return [vector for vector in vectors if not vector["device"].startswith(CODEC_SENSORS)]


def test_every_published_packet_is_here(published):
    assert sorted(vector["device"] for vector in published) == sorted(row[0] for row in PUBLISHED)


@pytest.mark.parametrize("n", range(len(PUBLISHED)), ids=[f"{row[0]}-{i}" for i, row in enumerate(PUBLISHED)])
def test_a_published_packet_decodes_to_its_values(published, n):
    device, profile_id, variant, options, streams, fields = PUBLISHED[n]
    nth = sum(row[0] == device for row in PUBLISHED[:n])
    vector = [vector for vector in published if vector["device"] == device][nth]
    profile = find(profile_id, variant=variant, options=options)
    (packet,) = Decoder(profile).push(vector["char"], bytes.fromhex(vector["hex"]))
    assert packet.error is None
    for name, table in streams.items():
        found = packet.counts[name[1:]] if name.startswith("#") else packet.streams[name]
        np.testing.assert_allclose(found, np.array(table), rtol=1e-4, atol=2e-4, err_msg=name)
    for name, number in fields.items():
        assert packet.fields[name] == number

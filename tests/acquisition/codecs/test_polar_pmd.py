"""Polar measurement data: the vendor's own bytes, differences by hand, cut frames, there and back."""

import struct

import numpy as np
import pytest
from codec_laws import ROOM, pushed, refused, some, survives
from codec_vectors import vector
from hypothesis import strategies as st

from monitor.acquisition.codecs.polar_pmd import differences, polar_pmd, summed
from monitor.errors import PacketError, ProfileError


def read(record):
    """Kind, format, time, samples."""
    kind, format_, time_ns = struct.unpack_from("<BBQ", record)
    return kind, format_, time_ns, np.frombuffer(record[10:], "<i2").reshape(-1, 3).tolist()


def test_golden_acceleration():
    golden = vector("polar-acc-type1")
    (record,) = pushed(polar_pmd({}), golden["hex"])
    assert read(record) == (2, 1, 2_000_000_000, golden["expect"]["mg"])
    assert polar_pmd({}).wrap(record, ROOM) == [bytes.fromhex(golden["hex"])]


@pytest.mark.parametrize("type_,device", [(5, "gyro"), (2, "acc")])
def test_golden_differences(type_, device):
    golden = vector(f"polar-{device}-delta-block")
    expect = golden["expect"]
    rows = expect.get("raw") or [expect["ref"], np.add(expect["ref"], expect["first_delta"]).tolist()]
    body = bytes.fromhex(golden["hex"])
    assert summed(body).tolist() == rows
    assert differences(np.array(rows)) == (body if device == "gyro" else differences(summed(body)))
    (record,) = pushed(polar_pmd({}), struct.pack("<BQB", type_, 7, 0x80) + body)
    assert read(record) == (type_ | 0x80, 0, 7, rows)


def test_two_groups_by_hand():
    """First 1, 2, 3; one step of 2 bits (+1, -2, 0: 01 10 00, lowest first 001001), then two of 4 bits."""
    groups = "02 01 09" + "04 02 f7 08 11"  # 7 -1 -8 | 0 1 1
    (record,) = pushed(polar_pmd({}), "05 0100000000000000 80 0100 0200 0300" + groups)
    assert read(record)[3] == [[1, 2, 3], [2, 0, 3], [9, -1, -5], [9, 0, -4]]


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "02" + "00" * 9,  # the head alone
        "02" + "00" * 8 + "01" + "0000" * 4,  # a sample and a third
        "02" + "00" * 8 + "80" + "0000" * 2,  # no first sample
        "02" + "00" * 8 + "80" + "0000" * 3 + "03",  # a group without a count
        "02" + "00" * 8 + "80" + "0000" * 3 + "0301df",  # a group that is cut
        "02" + "00" * 8 + "80" + "0000" * 3 + "0005",  # differences of 0 bits
        "02" + "00" * 8 + "80" + "0000" * 3 + "0300",  # no differences
        "02" + "00" * 8 + "80" + "0000" * 3 + "1201" + "00" * 7,  # wider than any difference of 16 bits
    ],
)
def test_what_is_cut(payload):
    assert "cut" in refused(polar_pmd({}), payload)


@pytest.mark.parametrize(
    "type_,frame_type", [(0, 0), (2, 0), (2, 2), (5, 0), (5, 0x81), (2, 0x82), (6, 0x80), (0x82, 1)]
)
def test_what_is_not_known(type_, frame_type):
    assert f"type {type_} " in refused(polar_pmd({}), struct.pack("<BQB", type_, 0, frame_type) + bytes(12))


def test_differences_that_leave_16_bits():
    body = bytes.fromhex("ff7f 0000 0000" + "02 01 01")  # 32767 + 1
    assert "16 bits" in refused(polar_pmd({}), struct.pack("<BQB", 2, 0, 0x80) + body)


samples = st.lists(st.lists(st.integers(-(2**15), 2**15 - 1), min_size=3, max_size=3), min_size=1, max_size=30)


@some(st.sampled_from([(2, 1), (0x82, 0), (0x82, 1), (0x85, 0)]), st.integers(0, 2**64 - 1), samples)
def test_there_and_back(kind, time_ns, rows):
    record = struct.pack("<BBQ", *kind, time_ns) + np.array(rows, "<i2").tobytes()
    assert pushed(polar_pmd({}), polar_pmd({}).wrap(record, ROOM)[0]) == [record]


def test_many_small_steps_take_few_bytes():
    rows = np.cumsum(np.random.default_rng(1).integers(-3, 4, (300, 3)), axis=0)
    record = struct.pack("<BBQ", 0x85, 0, 1) + rows.astype("<i2").tobytes()
    (payload,) = polar_pmd({}).wrap(record, 512)
    assert len(payload) < 500 and pushed(polar_pmd({}), payload) == [record]


@pytest.mark.parametrize(
    "frame", [b"", bytes(16), b"\x02\x01" + bytes(8), b"\x02\x01" + bytes(15), b"\x05\0" + bytes(14)]
)
def test_records_that_are_none(frame):
    with pytest.raises(PacketError):
        polar_pmd({}).wrap(frame, ROOM)


def test_rooms_and_parameters():
    with pytest.raises(PacketError, match="do not fit"):
        polar_pmd({}).wrap(b"\x02\x01" + bytes(8 + 12), 20)
    with pytest.raises(ProfileError):
        polar_pmd({"rate": 52})


heads = st.builds(
    lambda t, f, b: struct.pack("<BQB", t, 1, f) + b,
    st.sampled_from([2, 5]),
    st.sampled_from([1, 0x80]),
    st.binary(max_size=60),
)


@some(st.lists(st.one_of(st.binary(max_size=40), heads), min_size=1, max_size=5))
def test_any_bytes(pieces):
    assert len(survives(polar_pmd({}), pieces)) == len(pieces)

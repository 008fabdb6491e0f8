"""Heart rate, running and numbers as text: the vendor's own bytes, flags by hand, there and back."""

import math
import struct

import numpy as np
import pytest
from codec_laws import ROOM, doubles, pushed, refused, some, survives
from codec_vectors import vector
from hypothesis import strategies as st

from monitor.acquisition.codecs.ascii_number import ascii_number
from monitor.acquisition.codecs.sig_hr import sig_hr
from monitor.acquisition.codecs.sig_rsc import sig_rsc
from monitor.errors import PacketError, ProfileError

CODECS = (sig_hr, sig_rsc, ascii_number)
NAN = math.nan


@pytest.mark.parametrize("part,expect", [("018080", (32896, NAN, NAN)), ("08007f80", (0, 32895, NAN))])
def test_golden_heart_rate(part, expect):
    golden = vector("sig-hr", part)
    assert golden["expect"]["bpm"] == expect[0] and golden["expect"].get("energy_kJ", NAN) in expect
    (record,) = pushed(sig_hr({}), golden["hex"])
    assert record[0] == 1
    np.testing.assert_array_equal(doubles(record, 1), expect)


def test_heart_rate_by_hand():
    """Flags 1 1110: contact supported and there, energy, RR; 72 bpm, 256 kJ, 1 s and 0.5 s."""
    measurement, intervals = pushed(sig_hr({}), "1e 48 0001 0004 0002")
    assert doubles(measurement, 1) == (72.0, 256.0, 1.0)
    assert intervals == bytes.fromhex("02 0004 0002")
    (off_skin,) = pushed(sig_hr({}), "04 3c")
    assert doubles(off_skin, 1)[2] == 0.0
    assert len(pushed(sig_hr({}), "10 48")) == 1, "the flag without an interval is an empty list"


@pytest.mark.parametrize("payload", ["", "00", "01ff", "0848ff", "104801", "004801", "1948"])
def test_heart_rate_of_a_length_that_its_flags_do_not_fit(payload):
    assert "flags" in refused(sig_hr({}), payload) or not payload


def test_golden_running():
    golden = vector("sig-rsc")
    (record,) = pushed(sig_rsc({}), golden["hex"])
    speed, cadence, stride, distance, running = doubles(record)
    expect = golden["expect"]
    assert (speed, cadence, running) == (expect["speed_raw"], expect["cadence"], float(expect["running"]))
    assert speed / 256 == expect["speed_mps"]
    assert (stride, distance) == (expect["stride_raw"], expect["distance_raw"])


def test_running_by_hand():
    """3 m/s = 768 / 256, 90 steps a minute, nothing else, walking."""
    (record,) = pushed(sig_rsc({}), "00 0003 5a")
    np.testing.assert_array_equal(doubles(record), (768, 90, NAN, NAN, 0))
    (record,) = pushed(sig_rsc({}), "06 0003 5a 0a000000")
    np.testing.assert_array_equal(doubles(record), (768, 90, NAN, 10, 1))


@pytest.mark.parametrize("payload", ["", "00", "00 0003", "01 0003 5a", "03 0003 5a 0100 000000", "00 0003 5a 00"])
def test_running_of_a_length_that_its_flags_do_not_fit(payload):
    assert "running" in refused(sig_rsc({}), payload)


@pytest.mark.parametrize(
    "text,number",
    [(b"512", 512), (b" 0\r\n", 0), (b"-1.25", -1.25), (b"+7.", 7), (b".5\0\0", 0.5), (b"1023\n", 1023)],
)
def test_numbers_as_text(text, number):
    assert doubles(pushed(ascii_number({}), text)[0]) == (number,)


@pytest.mark.parametrize("text", [b"", b"nan", b"inf", b"1e5", b"1_000", b"1 2", b"--1", b".", b"\xff", b"1" * 33])
def test_text_that_is_no_number(text):
    assert "no decimal number" in refused(ascii_number({}), text)


optional = st.one_of(st.just(NAN), st.integers(0, 0xFFFF).map(float))


@some(st.integers(0, 0xFFFF), optional, st.sampled_from([NAN, 0.0, 1.0]))
def test_heart_rate_there_and_back(bpm, energy, contact):
    record = struct.pack("<B3d", 1, bpm, energy, contact)
    assert pushed(sig_hr({}), sig_hr({}).wrap(record, ROOM)[0]) == [record]


@some(st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=100))
def test_intervals_come_back_with_the_heart_rate_that_they_mean(intervals):
    record = struct.pack(f"<B{len(intervals)}H", 2, *intervals)
    measurement, again = pushed(sig_hr({}), sig_hr({}).wrap(record, ROOM)[0])
    assert again == record
    if min(intervals) >= 241:
        assert doubles(measurement, 1)[0] == pytest.approx(61440 * len(intervals) / sum(intervals), abs=0.51)


@some(st.integers(0, 0xFFFF), st.integers(0, 255), optional, optional, st.sampled_from([0.0, 1.0]))
def test_running_there_and_back(speed, cadence, stride, distance, running):
    record = struct.pack("<5d", speed, cadence, stride, distance, running)
    assert pushed(sig_rsc({}), sig_rsc({}).wrap(record, 20)[0]) == [record]


@some(st.integers(-(10**9), 10**9).map(lambda n: n / 1024))
def test_numbers_there_and_back(number):
    record = struct.pack("<d", number)
    assert pushed(ascii_number({}), ascii_number({}).wrap(record, 32)[0]) == [record]


@pytest.mark.parametrize("number", [NAN, math.inf, 1e300, 1e-300])
def test_numbers_that_no_text_of_a_notification_can_be(number):
    with pytest.raises(PacketError):
        ascii_number({}).wrap(struct.pack("<d", number), ROOM)


@pytest.mark.parametrize("codec", CODECS)
def test_records_that_are_none_and_rooms_that_are_too_small(codec):
    for frame in (b"", b"\x07" * 3, b"\x03" + bytes(24)):
        with pytest.raises(PacketError):
            codec({}).wrap(frame, ROOM)
    whole = {sig_hr: struct.pack("<B3d", 1, 60, 1, 1), sig_rsc: struct.pack("<5d", 1, 1, 1, 1, 1)}
    with pytest.raises(PacketError, match="do not fit"):
        codec({}).wrap(whole.get(codec, struct.pack("<d", 123456)), 3)
    with pytest.raises(ProfileError, match="no parameter"):
        codec({"rate": 1})


@pytest.mark.parametrize("codec", CODECS)
@some(st.lists(st.binary(max_size=40), min_size=1, max_size=5))
def test_any_bytes(codec, pieces):
    framed = survives(codec({}), pieces)
    assert {item.piece for item in framed} == set(range(len(pieces))), "every notification gives a record or an error"

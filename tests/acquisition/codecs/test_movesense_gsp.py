"""Movesense: half-arrays by hand, continuations and their loss, there and back."""

import struct

import numpy as np
import pytest
from codec_laws import ROOM, frames, pushed, refused, some, survives
from hypothesis import strategies as st

from monitor.acquisition.codecs.movesense_gsp import movesense_gsp
from monitor.errors import PacketError, ProfileError

TWO = {"samples": 2}
# ref 99, 1000 ms, accelerations (1, 0, 0) and (0, -1, 0), then rates (2, 0, 0) and (0, 0, 0.5)
HALVES = (
    "0000803f 00000000 00000000 00000000 000080bf 00000000" + "00000040 00000000 00000000 00000000 00000000 0000003f"
)
PACKET = bytes.fromhex("02 63 e8030000" + HALVES)
ROWS = [[1, 0, 0, 2, 0, 0], [0, -1, 0, 0, 0, 0.5]]


def rows(record):
    return np.frombuffer(record[6:], "<f4").reshape(-1, 6).tolist()


def test_two_halves_by_hand():
    (record,) = pushed(movesense_gsp(TWO), PACKET)
    assert struct.unpack_from("<BBI", record) == (2, 99, 1000)
    assert rows(record) == ROWS


@pytest.mark.parametrize("cut", [6, 20, 30, 53])
def test_a_continued_packet(cut):
    codec = movesense_gsp(TWO)
    pieces = [PACKET[:cut], b"\x03\x63" + PACKET[cut:]]
    (framed,) = codec.push([*pieces, b"\x01\x05\xc8\x00"][:2])
    assert rows(framed.frame) == ROWS and framed.piece == 1 and codec.held == b""
    assert codec.push(pieces[:1]) == [] and codec.held == PACKET[:cut]
    assert pushed(codec, b"\x01\x05\xc8\x00") == [b"\x01\x05\xc8\x00"], "a reply may come between"
    assert rows(pushed(codec, pieces[1])[0]) == ROWS


def test_a_lost_continuation_costs_its_packet():
    codec = movesense_gsp(TWO)
    framed = codec.push([PACKET[:30], PACKET])
    assert [bool(item.error) for item in framed] == [True, False] and rows(framed[1].frame) == ROWS


def test_a_part_of_whole_samples_is_no_packet():
    """The first part may hold as many bytes as one sample of both: it is not taken for one."""
    codec = movesense_gsp(TWO)
    assert frames(codec.push([PACKET[:30], b"\x02\x63" + bytes(28)])) == []


@pytest.mark.parametrize(
    "payload", ["", "02", "01 63", "03 63 00", "05 63 00000000", "02 63 e8030000" + "00" * 49, "63" * 54]
)
def test_what_is_none(payload):
    assert refused(movesense_gsp(TWO), payload)


def test_a_continuation_of_another_packet_is_refused():
    framed = movesense_gsp(TWO).push([PACKET[:30], b"\x03\x64" + PACKET[30:]])
    assert frames(framed) == [] and len(framed) == 2


def test_the_link_is_lost_within_a_packet():
    codec = movesense_gsp(TWO)
    codec.push([PACKET[:30]])
    codec.reset()
    assert refused(codec, b"\x03\x63" + PACKET[30:])


@some(st.integers(1, 16), st.integers(3, 244), st.integers(0, 2**32 - 1))
def test_there_and_back(samples, room, time_ms):
    values = np.random.default_rng(samples).normal(size=(samples, 6)).astype("<f4")
    record = struct.pack("<BBI", 2, 7, time_ms) + values.tobytes()
    codec = movesense_gsp({"samples": samples})
    pieces = codec.wrap(record, room)
    assert max(map(len, pieces)) <= room and {piece[0] for piece in pieces[1:]} <= {3}
    assert frames(codec.push(pieces)) == [record]


@some(st.lists(st.one_of(st.binary(max_size=60), st.binary(max_size=30).map(lambda b: b"\x02" + b)), min_size=1))
def test_any_bytes(pieces):
    survives(movesense_gsp({"samples": 16}), pieces)


def test_records_and_parameters_that_are_none():
    for frame in (b"", b"\x01\x05", b"\x02\x05" + bytes(28), b"\x03" + bytes(53)):
        with pytest.raises(PacketError):
            movesense_gsp(TWO).wrap(frame, ROOM)
    with pytest.raises(PacketError):
        movesense_gsp(TWO).wrap(PACKET, 2)
    for params in ({}, {"samples": 0}, {"samples": 17}, {"samples": 2, "rate": 5}):
        with pytest.raises(ProfileError):
            movesense_gsp(params)

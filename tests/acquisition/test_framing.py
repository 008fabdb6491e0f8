"""Pieces put together and cut again: partial packets, byte streams."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.acquisition.framing import Framed, PartialFramer, SyncFramer
from monitor.errors import PacketError


def partial():
    return PartialFramer(b"\xff", 1)


def frames(found):
    return [framed.frame for framed in found if framed.frame]


def test_pieces_make_a_packet_and_others_pass():
    found = partial().push([b"\x08abc", b"\xff\x02he", b"\xff\x01ll", b"\xff\x00o", b"\x05x"])
    assert found == [Framed(0, b"\x08abc", 0), Framed(0, b"hello", 3), Framed(0, b"\x05x", 4)]


@pytest.mark.parametrize(
    ("pieces", "expected", "dropped"),
    [
        ([b"\xff\x02he", b"\xff\x00o"], [b"o"], 2),
        ([b"\xff\x01he", b"\x08abc"], [b"\x08abc"], 2),
        ([b"\xff\x01he", b"\xff\x03a"], [], 2),
        ([b"\xff"], [], 1),
    ],
)
def test_a_break_in_the_count_drops_what_was_begun_and_says_so(pieces, expected, dropped):
    found = partial().push(pieces)
    assert frames(found) == expected
    assert [framed.skipped for framed in found if framed.error] == [dropped]


def test_pieces_go_on_in_the_next_push_unless_the_link_broke():
    framer = partial()
    framer.push([b"\xff\x01he"])
    assert framer.held == b"he" and frames(framer.push([b"\xff\x00llo"])) == [b"hello"]
    framer.push([b"\xff\x01he"])
    framer.reset()
    assert framer.held == b"" and frames(framer.push([b"\xff\x00llo"])) == [b"llo"]


@given(st.binary(min_size=1, max_size=514), st.integers(5, 250))
@settings(max_examples=100, deadline=None)
def test_what_is_wrapped_comes_back(frame, room):
    pieces = partial().wrap(frame, room)
    assert all(len(piece) <= room for piece in pieces)
    assert partial().push(pieces) == [Framed(0, frame, len(pieces) - 1)]
    stream = SyncFramer((b"\x55\x61",), 20)
    assert b"".join(stream.wrap(frame, room)) == frame and max(map(len, stream.wrap(frame, room))) <= room


def test_no_room_for_pieces():
    with pytest.raises(PacketError, match="cannot be sent"):
        partial().wrap(bytes(30), 2)


@given(st.lists(st.binary(max_size=12), max_size=12))
@settings(max_examples=100, deadline=None)
def test_no_bytes_raise(pieces):
    framer = partial()
    for framed in framer.push(pieces):
        assert framed.frame or framed.error

"""Blocks: what goes in comes out, bit for bit; what is none is refused with a sentence and nothing else."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from monitor.chunk import Channel, Chunk, Stream
from monitor.errors import NetworkError
from monitor.events import Battery, Decoded, Event, Heartbeat, Link, LinkChange, Marker, Notification
from monitor.network.blocks import LONGEST_TEXT, MOST_BYTES, Block, decode, encode, place_of, weight

TIMES = some.floats(-1e6, 1e9, allow_nan=False)
NAMES = some.text("aZ1 -é😀", min_size=1, max_size=20)
TEXTS = some.text("aZ1 -é😀\n", max_size=50)
EVENTS = some.one_of(
    some.builds(Notification, TIMES, NAMES, NAMES, some.binary(max_size=300)),
    some.builds(LinkChange, TIMES, NAMES, some.sampled_from(Link), TEXTS),
    some.builds(Battery, TIMES, NAMES, some.floats(0, 1)),
    some.builds(Marker, TIMES, TEXTS),
    some.builds(Heartbeat, TIMES),
)
GOOD = encode(
    Block(7, 3, (Notification(1.0, "S", "c", b"abc"), LinkChange(1.5, "S", Link.LOST, "far"), Battery(2.0, "S", 0.5)))
)


def in_order(events: list[Event]) -> tuple[Event, ...]:
    return tuple(sorted(events, key=lambda event: event.time_s))


@given(some.integers(0, 2**64 - 1), some.integers(0, 2**63 - 1), some.lists(EVENTS, max_size=30).map(in_order))
@settings(max_examples=60, deadline=None)
def test_what_goes_in_comes_out(run: int, counter: int, events: tuple[Event, ...]) -> None:
    content = encode(Block(run, counter, events))
    assert decode(content) == Block(run, counter, events)
    assert place_of(content) == (run, counter)


@given(some.integers(0, len(GOOD) - 1), some.integers(1, 255))
@settings(max_examples=150, deadline=None)
def test_a_byte_that_has_changed_gives_another_block_or_a_sentence(at: int, by: int) -> None:
    changed = bytearray(GOOD)
    changed[at] ^= by
    try:
        found = decode(bytes(changed))
    except NetworkError as error:
        assert str(error)
    else:
        assert decode(encode(found)) == found


@given(some.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_noise_is_refused(content: bytes) -> None:
    for noise in (content, GOOD[:32] + content):
        with pytest.raises(NetworkError):
            decode(noise)


@pytest.mark.parametrize("length", range(len(GOOD)))
def test_a_block_that_is_cut_is_refused(length: int) -> None:
    with pytest.raises(NetworkError):
        decode(GOOD[:length])


def head(n_sources: int = 0, n_events: int = 0, version: int = 1, counter: int = 0) -> bytes:
    return struct.pack("<4sHHIQQ", b"CWBK", version, n_sources, n_events, 1, counter)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"x" * 40, "no block of Crampwatch"),
        (head(version=2), "version 2"),
        (head(n_events=2**32 - 1), "4294967295 events"),
        (head(n_sources=65535), "65535 sources"),
        (head(counter=2**63), "is none"),
        (head() + b"\0" * MOST_BYTES, "is none"),
        (head(n_sources=1) + struct.pack("<HH", 65535, 65535), "damaged"),
        (head(n_events=1) + b"\x01" + struct.pack("<dHH", float("nan"), 65535, 0), "damaged: its times are none"),
        (head(n_events=1) + b"\x09" + struct.pack("<dHH", 1.0, 65535, 0), "kind 9"),
        (head(n_events=1) + b"\x00" + struct.pack("<dHH", 1.0, 5, 0), "damaged"),
        (head(n_events=2) + b"\x01\x01" + struct.pack("<ddHHHH", 2.0, 1.0, 65535, 65535, 0, 0), "its times are none"),
    ],
)
def test_hostile_blocks_are_refused(content: bytes, why: str) -> None:
    with pytest.raises(NetworkError, match=why):
        decode(content)


def test_what_no_block_can_carry() -> None:
    stream = Stream("emg", 1000.0, (Channel("GM", "uV"),), "S")
    with pytest.raises(NetworkError, match="decoded elsewhere"):
        encode(Block(1, 0, (Decoded(1.0, "S", Chunk.empty(stream)),)))
    with pytest.raises(NetworkError, match="too much for one block"):
        encode(Block(1, 0, tuple(Notification(1.0, "S", "c", b"x" * 60_000) for _ in range(20))))
    with pytest.raises(NetworkError, match="too long"):
        encode(Block(1, 0, (Notification(1.0, "S" * 5000, "c", b""),)))


def test_a_long_note_is_shortened_and_a_packet_costs_little_more_than_its_bytes() -> None:
    (note,) = decode(encode(Block(1, 0, (Marker(1.0, "é" * 5000),)))).events
    assert isinstance(note, Marker) and len(note.text.encode()) <= LONGEST_TEXT
    packets = tuple(Notification(i * 0.01, "S", "c", b"x" * 194) for i in range(50))
    assert len(encode(Block(1, 0, packets))) < 50 * 194 * 1.08
    assert sum(map(weight, packets)) >= len(encode(Block(1, 0, packets))) - 100

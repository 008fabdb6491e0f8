"""BITalino and Shimmer3R: frames by hand, streams cut anywhere, rubbish, losses, there and back."""

import struct

import numpy as np
import pytest
from codec_laws import ROOM, frames, pushed, some, survives
from codec_vectors import vector
from hypothesis import strategies as st

from monitor.acquisition.codecs.bitalino import FRAME_LEN, WIDTHS, bitalino
from monitor.acquisition.codecs.shimmer3r import shimmer3r
from monitor.errors import PacketError, ProfileError

GYRO = {"channels": "0A0B0C", "step": 640}
EMG = {"channels": "0001020A0B0C1D1E1F", "step": 32}


def sequence_frames(n_channels, records):
    """The samples of BITalino records with the sequence numbers that they have."""
    width = 1 + 2 * n_channels
    for record in records:
        for at in range((len(record) - 4) // width):
            digital, *channels = struct.unpack_from(f"<B{n_channels}H", record, 4 + at * width)
            yield (record[0] + at) % 16, digital, channels


@pytest.mark.parametrize(
    "n,frame,sample",
    [
        (1, "00 08 0e", (0, 0, [512])),  # 2^11 over x^4 + x + 1 leaves x^3 + x^2 + x
        (1, "04 00 1b", (1, 0, [1])),  # 2^18 + 2^4 leaves x^3 + x + 1
        (2, "ff ff ff", None),
    ],
)
def test_bitalino_by_hand(n, frame, sample):
    if sample is None:
        assert bitalino({"channels": n}).push([bytes.fromhex(frame)]) == []
    else:
        assert list(sequence_frames(n, pushed(bitalino({"channels": n}), frame))) == [sample]


def rest(number):
    """The remainder of a polynomial over two numbers by x^4 + x + 1, by long division."""
    while number.bit_length() > 4:
        number ^= 0b10011 << (number.bit_length() - 5)
    return number


def written(sequence, digital, channels):
    """A frame put together as text, highest bit first, from its last byte to its first."""
    bits = f"{sequence:04b}0000{digital:04b}" + "".join(
        f"{value:0{width}b}" for value, width in zip(channels, WIDTHS, strict=False)
    )
    length = FRAME_LEN[len(channels)]
    frame = int(bits.ljust(8 * length, "0"), 2).to_bytes(length, "little")
    return frame[:-1] + bytes([frame[-1] | rest(int.from_bytes(frame, "big"))])


samples = st.tuples(st.integers(0, 15), st.integers(0, 15), st.lists(st.integers(0, 63), min_size=1, max_size=6))


@some(samples)
def test_bitalino_frames_as_they_are_written(sample):
    sequence, digital, channels = sample
    frame = written(sequence, digital, channels)
    codec = bitalino({"channels": len(channels)})
    (record,) = pushed(codec, frame)
    assert list(sequence_frames(len(channels), [record])) == [sample]
    assert codec.wrap(record, 20) == [frame]


def bitalino_stream(n, n_samples, seed=0):
    values = np.random.default_rng(seed).integers(0, 64, (n_samples, n))
    return [written(at % 16, at % 7, row.tolist()) for at, row in enumerate(values)], values.tolist()


@pytest.mark.parametrize("n", [1, 4, 6])
@some(st.integers(1, 40))
def test_bitalino_however_the_stream_is_cut(n, size):
    written_, values = bitalino_stream(n, 50)
    stream = b"".join(written_)
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    framed = survives(bitalino({"channels": n}), pieces)
    assert not any(item.skipped or item.error for item in framed)
    assert [channels for _, _, channels in sequence_frames(n, frames(framed))] == values
    ends = np.cumsum([len(piece) for piece in pieces])
    stop = 0
    for item in framed:
        stop += (len(item.frame) - 4) // (1 + 2 * n) * FRAME_LEN[n]
        assert (ends[item.piece - 1] if item.piece else 0) < stop <= ends[item.piece]


@some(st.integers(3, 49), st.integers(0, 6), st.integers(1, 255))
def test_a_corrupted_byte_costs_little(which, byte, flip):
    """The CRC sees every error of up to 4 bits in a row; others may slip through as one wrong sample."""
    written_, values = bitalino_stream(4, 60)
    broken = bytearray(written_[which])
    broken[byte] ^= flip
    stream = b"".join([*written_[:which], bytes(broken), *written_[which + 1 :]])
    codec = bitalino({"channels": 4})
    framed = [item for at in range(0, len(stream), 20) for item in codec.push([stream[at : at + 20]])]
    told = [channels for _, _, channels in sequence_frames(4, frames(framed))]
    assert told[-(59 - which) :] == values[which + 1 :] or which == 59
    if rest(int.from_bytes(broken[:-1] + bytes([broken[-1] & 0xF0]), "big")) != broken[-1] & 0xF:
        assert told in ([*values[:which], *values[which + 1 :]], values[:which])


def test_bitalino_lost_frames_leave_a_gap_in_the_sequence():
    written_, _ = bitalino_stream(2, 40)
    codec = bitalino({"channels": 2})
    records = frames(codec.push([b"".join(written_[:10]), b"".join(written_[13:])]))
    assert [record[:4].hex() for record in records] == ["00000000", "0d000000"]
    records = frames(codec.push([b"".join(written_[2:9])]))
    assert records[0][:4] == (50).to_bytes(4, "little"), "40 frames were numbered up to 7, the next one has a 2"


@pytest.mark.parametrize("codec", [bitalino({"channels": 6}), shimmer3r(GYRO)])
def test_the_link_is_lost_within_a_frame(codec):
    codec.push([bytes(2)])
    assert len(codec.held) == 2
    codec.reset()
    assert codec.held == b""


def test_golden_shimmer_inquiry():
    golden = vector("shimmer3r-inquiry")
    ack, inquiry = pushed(shimmer3r(GYRO), golden["hex"])
    assert ack == b"\xff" and inquiry == bytes.fromhex(golden["hex"])[1:]
    assert int.from_bytes(inquiry[1:3], "little") == golden["expect"]["rate_div"]
    assert [f"0x{channel:02X}" for channel in inquiry[12:]] == golden["expect"]["channels"]


def test_a_shimmer_that_sends_something_else_is_told():
    framed = shimmer3r(EMG).push([bytes.fromhex(vector("shimmer3r-inquiry")["hex"])])
    assert [bool(item.frame) for item in framed] == [True, True, False, False]
    assert "0a 0b 0c" in framed[2].error and "640" in framed[3].error


def test_golden_shimmer_frame():
    golden = vector("shimmer3r-frame")
    (record,) = pushed(shimmer3r(GYRO), golden["hex"])
    assert record == bytes.fromhex(golden["hex"])
    assert list(struct.unpack("<3h", record[4:])) == golden["expect"]["gyro_raw"]
    codec = shimmer3r(GYRO)
    assert codec.wrap(record, 20) == [] and codec.wrap(record, 20) == [record + record]


def shimmer_frames(n, first=16_777_000, step=32, seed=0):
    """Frames of the EMG set whose ticks wrap soon; payloads are full of zeros, as a resting sensor's are."""
    payloads = np.random.default_rng(seed).integers(0, 3, (n, 19), dtype=np.uint8)
    ticks = [(first + at * step) % 2**24 for at in range(n)]
    return [b"\0" + tick.to_bytes(3, "little") + row.tobytes() for tick, row in zip(ticks, payloads, strict=True)]


def shimmer_ticks(records):
    return [int.from_bytes(record[1:4], "little") for record in records if record[0] == 0]


@some(st.integers(1, 60))
def test_shimmer_however_the_stream_is_cut(size):
    stream = b"\xff\xff" + b"".join(shimmer_frames(40)) + b"\xff"
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    framed = survives(shimmer3r(EMG), pieces)
    assert not any(item.skipped or item.error for item in framed)
    records = frames(framed)
    assert records[:2] == [b"\xff", b"\xff"] and records[-1] == b"\xff"
    assert records[2:-1] == shimmer_frames(40)


@some(st.integers(5, 30), st.integers(0, 22), st.integers(1, 70), st.integers(1, 60))
def test_shimmer_finds_the_frames_again(which, at, n_lost, size):
    """Bytes are lost in the middle: what comes out are true frames, and all of those after the break."""
    whole = shimmer_frames(60, first=1000)
    stream = b"".join(whole)
    cut = 23 * which + at
    stream = stream[:cut] + stream[cut + n_lost :]
    codec = shimmer3r(EMG)
    framed = [item for at in range(0, len(stream), size) for item in codec.push([stream[at : at + size]])]
    told = shimmer_ticks(frames(framed))
    assert told == sorted(set(told)) and set(told) <= {1000 + 32 * at for at in range(60)}
    assert told[-20:] == [1000 + 32 * at for at in range(40, 60)]
    assert sum(item.skipped for item in framed) < 23 * 2


@some(st.binary(min_size=1, max_size=60))
def test_shimmer_rubbish_before_the_stream(rubbish):
    codec = shimmer3r(EMG)
    framed = codec.push([rubbish, b"".join(shimmer_frames(40, first=500_000)), b"".join(shimmer_frames(40, 501_280))])
    told = shimmer_ticks(frames(framed))
    assert told[-20:] == [501_280 + 32 * at for at in range(20, 40)]


def test_lost_shimmer_frames_are_no_reason_to_search():
    whole = shimmer_frames(20, first=0)
    kept = [*whole[:5], *whole[8:]]
    framed = shimmer3r(EMG).push([b"".join(kept)])
    assert frames(framed) == kept and not any(item.skipped for item in framed)


@some(st.integers(0, 2**24 - 1), st.integers(1, 12), st.integers(3, 244))
def test_shimmer_there_and_back(ticks, n, room):
    codec = shimmer3r(EMG)
    records = [*shimmer_frames(n, ticks), b"\xff"]
    pieces = [piece for record in records for piece in codec.wrap(record, room)]
    assert max(map(len, pieces)) <= min(room, 42)
    assert frames(shimmer3r(EMG).push(pieces)) == records, "the message sends what waits"


@some(st.integers(0, 15), st.integers(1, 40), st.sampled_from([1, 3, 6]))
def test_bitalino_there_and_back(sequence, n_samples, n):
    values = np.random.default_rng(n).integers(0, 64, (n_samples, n))
    record = bytes([sequence, 0, 0, 0]) + b"".join(struct.pack(f"<B{n}H", 5, *row) for row in values.tolist())
    pieces = bitalino({"channels": n}).wrap(record, 20)
    assert max(map(len, pieces)) <= 20
    back = list(sequence_frames(n, frames(bitalino({"channels": n}).push(pieces))))
    assert back == [((sequence + at) % 16, 5, row) for at, row in enumerate(values.tolist())]


@pytest.mark.parametrize("codec", [bitalino({"channels": 3}), shimmer3r(GYRO), shimmer3r(EMG)])
@some(st.lists(st.one_of(st.binary(max_size=60), st.integers(0, 60).map(bytes)), min_size=1, max_size=6))
def test_any_bytes(codec, pieces):
    total = len(codec.held) + sum(map(len, pieces))
    assert sum(item.skipped for item in survives(codec, pieces)) <= total
    assert len(codec.held) <= 3 * 23


def test_records_that_are_none():
    for codec, frame in (
        (bitalino({"channels": 1}), b""),
        (bitalino({"channels": 1}), bytes(4)),
        (bitalino({"channels": 1}), bytes(8)),
        (bitalino({"channels": 1}), bytes(5) + b"\0\x04"),
        (bitalino({"channels": 1}), bytes(4) + b"\x10\0\0"),
        (shimmer3r(GYRO), b"\0\0\0\0"),
        (shimmer3r(GYRO), b"\0" * 11),
        (shimmer3r(GYRO), b"\x05"),
    ):
        with pytest.raises(PacketError):
            codec.wrap(frame, ROOM)
    with pytest.raises(PacketError, match="does not fit"):
        bitalino({"channels": 6}).wrap(bytes(4 + 13), 7)


@pytest.mark.parametrize(
    "factory,params",
    [
        (bitalino, {}),
        (bitalino, {"channels": 7}),
        (bitalino, {"channels": 1, "rate": 5}),
        (shimmer3r, {"step": 32}),
        (shimmer3r, {"channels": "0A"}),
        (shimmer3r, {"channels": "xx", "step": 32}),
        (shimmer3r, {"channels": "29", "step": 32}),
        (shimmer3r, {"channels": ["0A"], "step": 32}),
    ],
)
def test_parameters(factory, params):
    with pytest.raises(ProfileError):
        factory(params)

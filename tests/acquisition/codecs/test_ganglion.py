"""Ganglion, both firmwares: the vendor's own bytes, sign rules by hand, losses, doubles, answers, there and back."""

import struct

import numpy as np
import pytest
from codec_laws import ROOM, doubles, frames, pushed, refused, some, survives
from codec_vectors import vector
from hypothesis import strategies as st

from monitor.acquisition.codecs.ganglion_v2 import ganglion_v2
from monitor.acquisition.codecs.ganglion_v3 import ganglion_v3
from monitor.errors import PacketError, ProfileError

CODECS = (ganglion_v3, ganglion_v2)
ZERO = bytes(20)  # the absolute packet of firmware 2, all channels 0


def v3(record):
    kind, index, *counts = struct.unpack("<BB8i", record)
    assert kind == 1
    return index, [counts[:4], counts[4:]]


def v2(record):
    """Index and rows of samples; an absolute packet has one row."""
    assert record[0] == {66: 1, 34: 5}[len(record)]
    return record[1], np.array(doubles(record, 2)).reshape(-1, 4)


@pytest.mark.parametrize("device,index", [("ganglion-v3-19bit", 0), ("ganglion-v3-18bit", 1)])
def test_golden_v3(device, index):
    golden = vector(device)
    (record,) = pushed(ganglion_v3({}), golden["hex"])
    assert v3(record) == (index, golden["expect"]["counts"])
    bits = 19 if "19" in device else 18
    codec = ganglion_v3({"bits": bits})
    if bits == 18:
        assert codec.wrap(bytes([2, 256 - 62, 0, 0]), ROOM) == []
    assert codec.wrap(record, 20) == [bytes.fromhex(golden["hex"])]


@pytest.mark.parametrize("device,id_,tail", [("18bit", 1, b"\0"), ("19bit", 101, b"")])
def test_golden_v2_differences(device, id_, tail):
    golden = vector(f"ganglion-v2-{device}-payload")
    codec = ganglion_v2({})
    pushed(codec, ZERO)
    (record,) = pushed(codec, bytes([id_]) + bytes.fromhex(golden["hex"]) + tail)
    index, samples = v2(record)
    assert index == 1
    np.testing.assert_array_equal(samples, -np.cumsum(golden["expect"], axis=0))


def test_golden_v2_captured():
    golden = vector("ganglion-v2-captured")
    expect, differences = golden["expect"], np.reshape(golden["expect"]["v2_deltas"], (2, 4))
    codec = ganglion_v2({})
    pushed(codec, ZERO)
    for number in range(1, expect["id"] - 100):
        pushed(codec, bytes([100 + number]) + bytes(19))
    index, samples = v2(pushed(codec, golden["hex"])[0])
    assert index == 2 * (expect["id"] - 100) - 1
    np.testing.assert_array_equal(samples, -np.cumsum(differences, axis=0))
    as_v3 = v3(pushed(ganglion_v3({}), golden["hex"])[0])
    assert as_v3 == (6, [[38848, 86400, 19968, 176832], [95808, 115072, 123072, 22080]])


@pytest.mark.parametrize("codec", CODECS)
def test_golden_impedance(codec):
    golden = vector("ganglion-impedance")
    assert pushed(codec({}), golden["hex"]) == [bytes([3, golden["expect"]["channel"]]) + struct.pack("<I", 1207)]
    assert pushed(codec({}), "cd 30 5a 00 00") == [bytes.fromhex("03 05 00000000")], "the reference electrode"


def test_v2_absolute_by_hand():
    """i24, highest byte first: 1, -1, 8388607, -8388608; the rest of the packet is filler."""
    index, samples = v2(pushed(ganglion_v2({}), "00 000001 ffffff 7fffff 800000 a0a1a2a3a4a5a6")[0])
    assert (index, samples.tolist()) == (0, [[1, -1, 8388607, -8388608]])


def test_v2_the_last_bit_is_the_sign():
    """19 bits: 111...1 is -1, 100...0 is +262144, 000...1 is 1 - 524288, 111...0 is +524286."""
    bits = f"{0x7FFFF:019b}{0x40000:019b}{1:019b}{0x7FFFE:019b}" + "0" * 76
    codec = ganglion_v2({})
    pushed(codec, ZERO)
    samples = v2(pushed(codec, b"\x65" + int(bits, 2).to_bytes(19, "big"))[0])[1]
    assert samples.tolist() == [[1, -262144, 524287, -524286]] * 2


def test_v3_the_last_bit_means_nothing():
    """18 bits, first channel 3: bit 0 is cleared, 2 << 6."""
    bits = f"{3:018b}{0x3FFFF:018b}" + "0" * 108
    assert v3(pushed(ganglion_v3({}), b"\0" + int(bits, 2).to_bytes(18, "big") + b"\0")[0])[1][0] == [128, -128, 0, 0]


@pytest.mark.parametrize("codec", CODECS)
def test_answers_as_text(codec):
    assert pushed(codec({}), b"\xceGanglion v2") == [b"\x04\x01" + b"Ganglion v2".ljust(19, b"\0")]
    assert pushed(codec({}), b"\xcf$$$") == [b"\x04\x00" + b"$$$".ljust(19, b"\0")]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("payload", ["", "05", "c9", "ca 31 32", "ca 5a", "ff" * 20, "00" * 19, "64" * 21, "cf" * 21])
def test_what_is_no_packet(codec, payload):
    assert refused(codec({}), payload)


def test_each_firmware_has_ids_of_its_own():
    assert "200" in refused(ganglion_v3({}), b"\xc8" + bytes(19))
    assert v2(pushed(ganglion_v2({}), b"\xc8" + bytes(19))[0])[0] == 199


def acc(codec, ids):
    return [record for id_ in ids for record in pushed(codec, bytes([id_, *bytes(18), id_])) if record[0] == 2]


@pytest.mark.parametrize("codec", CODECS)
def test_acceleration_comes_ten_times_in_a_hundred_packets(codec):
    records = acc(codec({}), range(1, 100))
    assert [record[1:] for record in records] == [bytes([n + 1, n + 2, n + 3]) for n in range(0, 100, 10)]


@pytest.mark.parametrize("ids", [[2, 3], [1, 3], [1, 12, 13], [1, 2, 4, 5], [11, 2, 3], [3]])
def test_an_acceleration_that_lacks_an_axis_is_left_out(ids):
    assert acc(ganglion_v3({}), ids) == []


def test_an_acceleration_does_not_come_twice():
    assert len(acc(ganglion_v3({}), [1, 2, 3, 3, 3])) == 1


def samples_of(seed, n):
    return np.cumsum(np.random.default_rng(seed).integers(-9000, 9000, (n, 4)), axis=0)


def sent(codec, samples, start=0):
    """The packets for records of two samples, numbered round the cycle of 201."""
    rows = samples.reshape(-1, 8).astype(float)
    records = [struct.pack("<BB8d", 1, (start + 2 * at) % 201, *row) for at, row in enumerate(rows)]
    return [packet for record in records for packet in codec.wrap(record, 20)]


SAMPLES = samples_of(2, 600)
PACKETS = sent(ganglion_v2({}), SAMPLES)


def received(records):
    """Samples by their place on an endless axis, for packets of which no whole cycle is lost."""
    samples, at = {}, 0
    for record in records:
        if record[0] == 2:
            continue
        index, rows = v2(record)
        at += (index - at) % 201
        samples |= {at + row: values for row, values in enumerate(rows)}
        at += len(rows)
    return samples


@pytest.mark.parametrize("bits", [18, 19])
def test_v2_there_and_back(bits):
    samples = samples_of(1, 1000)
    packets = sent(ganglion_v2({"bits": bits}), samples)
    assert {len(packet) for packet in packets} == {20} and packets[0][0] == 0 and packets[101][0] == 0
    back = received(frames(ganglion_v2({}).push(packets)))
    assert list(back) == list(range(len(back))) and len(back) >= 999
    np.testing.assert_allclose(np.array(list(back.values())), samples[: len(back)], atol=1)
    assert np.array_equal(back[0], samples[0]) and np.array_equal(back[201], samples[201])


def test_v2_steps_that_are_too_large_are_caught_up():
    samples = np.zeros((100, 4), int)
    samples[10:] = 1_000_000
    back = received(frames(ganglion_v2({}).push(sent(ganglion_v2({"bits": 18}), samples))))
    np.testing.assert_allclose(back[12], 786_429, atol=3)
    np.testing.assert_allclose(back[20], 1_000_000, atol=1)


@some(st.lists(st.integers(0, 299), max_size=4), st.lists(st.integers(0, 299), max_size=4), st.integers(1, 50))
def test_v2_after_a_loss_nothing_is_known_until_the_absolute_packet(lost, doubled, size):
    samples, packets = SAMPLES, PACKETS
    told = [packet for at, packet in enumerate(packets) if at not in lost for _ in range(1 + (at in doubled))]
    codec = ganglion_v2({})
    records = frames([item for at in range(0, len(told), size) for item in codec.push(told[at : at + size])])
    broken = False
    unique = [record for at, record in enumerate(records) if not at or record[1] != records[at - 1][1]]
    kept = [at for at in range(len(packets)) if at not in lost]
    for at, record in zip(kept, unique, strict=True):
        place, rows = v2(record)
        broken = False if place == 0 else broken or at - 1 in lost
        assert np.isnan(rows).all() == broken and np.isnan(rows).any() == broken
        first = at // 101 * 201 + place
        if not broken:
            np.testing.assert_allclose(rows, samples[first : first + len(rows)], atol=1)


def test_v2_begins_unknown_and_forgets_with_the_link():
    codec = ganglion_v2({})
    assert np.isnan(v2(pushed(codec, b"\x01" + bytes(19))[0])[1]).all()
    pushed(codec, ZERO)
    assert not np.isnan(v2(pushed(codec, b"\x01" + bytes(19))[0])[1]).any()
    codec.reset()
    assert np.isnan(v2(pushed(codec, b"\x02" + bytes(19))[0])[1]).all()


def test_v2_a_late_packet_is_not_used():
    codec = ganglion_v2({})
    packets = [ZERO, *(bytes([number, 1, *bytes(18)]) for number in (101, 103, 102, 104))]
    known = [not np.isnan(v2(record)[1]).any() for record in frames(codec.push(packets))]
    assert known == [True, True, False, False, False]


@some(st.integers(0, 99), st.lists(st.integers(-(2**23), 2**23 - 1), min_size=8, max_size=8), st.sampled_from([18, 19]))
def test_v3_there_and_back(index, counts, bits):
    (packet,) = ganglion_v3({"bits": bits}).wrap(struct.pack("<BB8i", 1, index, *counts), 20)
    back = pushed(ganglion_v3({}), packet)[0]
    assert v3(back)[0] == index
    assert np.abs(np.ravel(v3(back)[1]) - counts).max() < 1 << (25 - bits)
    assert ganglion_v3({"bits": bits}).wrap(back, 20) == [packet]


@pytest.mark.parametrize("codec", CODECS)
def test_answers_there_and_back(codec):
    for record in (b"\x04\x01" + b"abc".ljust(19, b"\0"), b"\x03\x05" + struct.pack("<I", 999_999_999)):
        assert pushed(codec({}), codec({}).wrap(record, 20)[0]) == [record]


def test_the_acceleration_goes_with_the_samples_that_follow():
    codec, back = ganglion_v3({"bits": 18}), ganglion_v3({})
    packets = []
    for index in range(10):
        if index == 1:
            assert codec.wrap(bytes([2, 10, 20, 250]), 20) == []
        packets += codec.wrap(struct.pack("<BB8i", 1, index, *range(8)), 20)
    assert [packet[-1] for packet in packets[1:]] == [10, 20, 250] + [250] * 6
    assert [record for record in frames(back.push(packets)) if record[0] == 2] == [bytes([2, 10, 20, 250])]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(
    "frame", [b"", b"\x01", b"\x09" * 34, b"\x02\0", b"\x03\x06" + bytes(4), b"\x03\x01" + b"\xff" * 4]
)
def test_records_that_are_none(codec, frame):
    with pytest.raises(PacketError):
        codec({}).wrap(frame, ROOM)


def test_records_out_of_range():
    for codec, frame in (
        (ganglion_v3, struct.pack("<BB8i", 1, 100, *range(8))),
        (ganglion_v3, struct.pack("<BB8i", 1, 0, *[2**23] * 8)),
        (ganglion_v2, struct.pack("<BB8d", 1, 0, *[np.nan] * 8)),
        (ganglion_v2, struct.pack("<BB8d", 1, 201, *[0] * 8)),
    ):
        with pytest.raises(PacketError):
            codec({}).wrap(frame, ROOM)
    with pytest.raises(PacketError, match="does not fit"):
        ganglion_v3({}).wrap(struct.pack("<BB8i", 1, 0, *range(8)), 19)
    for codec in CODECS:
        for params in ({"bits": 17}, {"bits": "18"}, {"bits": True}, {"bit": 18}):
            with pytest.raises(ProfileError):
                codec(params)


@pytest.mark.parametrize("codec", CODECS)
@some(st.lists(st.one_of(st.binary(max_size=24), st.binary(min_size=20, max_size=20)), min_size=1, max_size=8))
def test_any_bytes(codec, pieces):
    framed = survives(codec({}), pieces)
    assert {item.piece for item in framed} == set(range(len(pieces)))

"""Numbers of packets: 24 bits as well as those that numpy knows, both byte orders, exact both ways."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.acquisition.numbers import dtype_of, limits_of, read, size_of, write

WHOLE = ["u8", "i8", "u16", "i16", "u24", "i24", "u32", "i32", "u64", "i64"]


@pytest.mark.parametrize(
    ("number", "endian", "raw", "expected"),
    [
        ("i24", "big", "FFFFFF 800000 7FFFFF 000001", [-1, -(2**23), 2**23 - 1, 1]),
        ("i24", "little", "FFFFFF 000080 FFFF7F 010000", [-1, -(2**23), 2**23 - 1, 1]),
        ("u24", "big", "FFFFFF 800000", [2**24 - 1, 2**23]),
        ("u24", "little", "010203", [0x030201]),
        ("i16", "big", "8000 0102", [-32768, 258]),
        ("u64", "little", "FFFFFFFFFFFFFFFF", [2**64 - 1]),
        ("f32", "big", "3FC00000", [1.5]),
    ],
)
def test_by_hand(number, endian, raw, expected):
    raw = bytes.fromhex(raw)
    shape = len(raw) // size_of(number)
    stored = np.frombuffer(raw, np.dtype([("x", dtype_of(number, endian, shape))]))["x"]
    assert read(stored, number, endian).tolist() == [expected]


@given(st.sampled_from(WHOLE), st.sampled_from(["little", "big"]), st.data())
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read(number, endian, data):
    low, high = limits_of(number)
    values = data.draw(st.lists(st.integers(low, high), min_size=1, max_size=5))
    records = np.zeros(1, np.dtype([("x", dtype_of(number, endian, len(values)))]))
    table = np.array([values], np.uint64 if number == "u64" else np.int64)
    write(records["x"], number, endian, table)
    assert read(records["x"], number, endian).tolist() == [values]
    expected = b"".join(v.to_bytes(size_of(number), endian, signed=number[0] == "i") for v in values)
    assert records.tobytes() == expected

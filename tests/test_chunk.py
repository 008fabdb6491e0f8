import numpy as np
import pytest

from monitor.chunk import Channel, Chunk, Stream
from monitor.errors import WiringError

STREAM = Stream("emg", 1000.0, (Channel("GM", "uV"), Channel("GL", "uV")), "pod-7")


def chunk(n: int = 6, start: int = 0) -> Chunk:
    return Chunk(STREAM, (start + np.arange(n)) / 1000, np.arange(2.0 * start, 2.0 * (start + n)).reshape(n, 2))


def test_a_chunk_knows_its_length_and_its_streams_labels():
    assert len(chunk()) == 6
    assert chunk().stream.labels == ("GM", "GL")


@pytest.mark.parametrize("shape", [(6,), (6, 1), (5, 2), (6, 3), (6, 2, 1)])
def test_samples_that_do_not_fit_the_stream_are_refused_and_the_sensor_named(shape: tuple[int, ...]):
    with pytest.raises(WiringError, match=r"'emg' of 'pod-7' needs samples of shape \(6, 2\)"):
        Chunk(STREAM, np.arange(6) / 1000, np.zeros(shape))


def test_a_slice_is_a_chunk_of_the_same_stream():
    part = chunk()[2:4]
    assert part.stream is STREAM
    np.testing.assert_array_equal(part.time_s, [0.002, 0.003])
    np.testing.assert_array_equal(part.samples, [[4, 5], [6, 7]])
    assert len(chunk()[9:]) == 0


def test_an_empty_chunk_has_the_streams_columns():
    empty = Chunk.empty(STREAM)
    assert len(empty) == 0 and empty.samples.shape == (0, 2)


def test_parts_joined_are_the_whole():
    joined = Chunk.joined([chunk(2), Chunk.empty(STREAM), chunk(4, start=2)])
    np.testing.assert_array_equal(joined.samples, chunk().samples)
    np.testing.assert_array_equal(joined.time_s, chunk().time_s)
    one = chunk()
    assert Chunk.joined([one]) is one


def test_streams_are_equal_by_what_they_say():
    same = Stream("emg", 1000.0, (Channel("GM", "uV"), Channel("GL", "uV")), "pod-7")
    assert same == STREAM and hash(same) == hash(STREAM)
    assert Stream("emg", 500.0, STREAM.channels, "pod-7") != STREAM


def test_float32_stays_float32():
    samples = np.zeros((3, 2), dtype=np.float32)
    assert Chunk(STREAM, np.arange(3) / 1000, samples)[1:].samples.dtype == np.float32

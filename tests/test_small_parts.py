import numpy as np
import pytest

from monitor.chunk import Channel, Chunk, Stream
from monitor.grid import HOP_S, TICK_S, complete_steps, second_spans
from monitor.medians import channel_median, quantile
from monitor.runs import LONG_AGO, latched, rows_since
from monitor.tick_cutter import Cut, TickCutter
from monitor.waiting import Waiting

STREAM = Stream("emg", 1000.0, (Channel("GM", "uV"),), "test")


def chunk(time_s: np.ndarray) -> Chunk:
    return Chunk(STREAM, time_s, time_s[:, None])


def cuts(time_s: np.ndarray, size: int) -> list[Cut]:
    cutter = TickCutter()
    found = [cutter.push(chunk(time_s[first : first + size])) for first in range(0, len(time_s), size)]
    return [cut for cut in found if cut is not None]


@pytest.mark.parametrize("size", [1, 7, 999])
def test_ticks_are_cut_alike_however_the_samples_came(size: int):
    time_s = np.sort(np.random.default_rng(1).uniform(3.0, 5.0, 400))
    parts, whole = cuts(time_s, size), cuts(time_s, len(time_s))
    for name in ("samples", "counts", "ends_s"):
        joined = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(joined, getattr(whole[0], name))


def test_a_tick_without_samples_is_a_tick_all_the_same():
    (cut,) = cuts(np.array([0.001, 0.005, 0.045, 0.081]), 4)
    assert cut.counts.tolist() == [2, 0, 1, 0]
    np.testing.assert_allclose(cut.ends_s, [0.02, 0.04, 0.06, 0.08])
    assert cut.per_tick(np.add, np.ones((3, 1))).ravel().tolist() == [2.0, 0.0, 1.0, 0.0]


def test_a_stamp_on_the_edge_of_a_step_belongs_to_the_next_one():
    for step_s in (TICK_S, HOP_S):
        edges_s = np.arange(1000) * step_s
        ends_s, stops = complete_steps(edges_s, 0, step_s)
        assert stops.tolist() == list(range(1, 1000))
        np.testing.assert_allclose(ends_s, edges_s[1:])


def test_the_tick_that_ends_a_second_belongs_to_it():
    ends_s = np.arange(1, 151) * TICK_S
    assert second_spans(ends_s) == [(0, 0, 50), (1, 50, 100), (2, 100, 150)]
    assert second_spans(ends_s[30:40]) == [(0, 0, 10)]
    assert second_spans(ends_s[:0]) == []


def test_rows_are_counted_from_the_last_true_one_across_chunks():
    flags = np.array([[False], [True], [False], [False]])
    assert rows_since(flags, np.array([4])).ravel().tolist() == [5, 0, 1, 2]
    assert rows_since(flags[:1], np.array([LONG_AGO]))[0, 0] > LONG_AGO


@pytest.mark.parametrize("before", [False, True])
def test_a_latch_keeps_its_state_between_decisions(before: bool):
    on = np.array([False, True, False, False, False])
    off = np.array([False, False, False, True, False])
    assert latched(on, off, before).tolist() == [before, True, True, False, False]
    assert latched(~on & on, ~off & off, before).tolist() == [before] * 5


def test_a_median_over_channels_leaves_the_unknown_ones_out():
    values = np.array([[1.0, 3.0, 2.0], [np.nan, 4.0, 8.0], [np.nan, np.nan, 5.0], [np.nan] * 3])
    np.testing.assert_array_equal(channel_median(values), [2.0, 6.0, 5.0, np.nan])
    np.testing.assert_array_equal(channel_median(values[:1]), [2.0])


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("n", [1, 2, 7, 10])
def test_a_quantile_is_that_of_numpy(share: float, n: int):
    rows = np.random.default_rng(n).standard_normal((n, 3))
    np.testing.assert_allclose(quantile(rows, share), np.quantile(rows, share, axis=0), rtol=1e-12)


def test_what_waits_is_taken_once_and_in_order():
    waiting = Waiting(STREAM)
    for part in np.split(np.arange(10.0), 5):
        waiting.push(chunk(part))
    assert waiting.take(4.0).time_s.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert waiting.take(4.0).time_s.tolist() == []
    assert waiting.take().time_s.tolist() == [5.0, 6.0, 7.0, 8.0, 9.0]
    assert len(waiting.take()) == 0

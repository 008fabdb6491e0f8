"""Other programs' XDF: what their stamps are worth, and that nothing is lost without a word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from monitor.acquisition.tables import read_table
from monitor.chunk import Chunk
from monitor.errors import TableError
from monitor.exporting.formats import write_file
from monitor.exporting.xdf import team_header
from monitor.importing.asked import Asked
from monitor.importing.content import Content
from monitor.importing.formats import read_file
from tests.importing.foreign_xdf import Foreign, write

N = 20_000
TIME_S = np.arange(N) / 1000.0
NAN = float("nan")


def read(path: Path, time_s: np.ndarray, kept: np.ndarray | None = None) -> Content:
    """Samples that are their own numbers, of them only the kept ones in the file."""
    kept = np.ones(len(time_s), dtype=bool) if kept is None else kept
    return read_file(write(path / "a.xdf", Foreign(5000.0 + time_s[kept], np.flatnonzero(kept))))


def places(chunk: Chunk) -> np.ndarray:
    """Which samples are there."""
    numbers = chunk.samples[:, 0]
    return numbers[np.isfinite(numbers)].astype(int)


def lossy(n_rows: int, share: float, seed: int = 1) -> np.ndarray:
    return np.repeat(np.random.default_rng(seed).random(N // n_rows) >= share, n_rows)


def one_gap() -> np.ndarray:
    kept = np.ones(N, dtype=bool)
    kept[9000:9180] = False
    return kept


@pytest.mark.parametrize("jitter", [0.0, 0.1])
@pytest.mark.parametrize("kept", [lossy(20, 0.1), lossy(1, 0.05), one_gap()], ids=["packets", "samples", "one gap"])
def test_what_is_missing_between_exact_stamps_is_lost_at_the_rate_that_was(tmp_path, kept, jitter):
    time_s = TIME_S + np.random.default_rng(2).uniform(-jitter, jitter, N) / 1000.0
    (emg,) = read(tmp_path, time_s, kept).streams
    assert emg.stream.rate_hz == pytest.approx(1000.0, rel=1e-4)
    first, last = np.flatnonzero(kept)[[0, -1]]
    np.testing.assert_array_equal(np.isnan(emg.samples[:, 0]), ~kept[first : last + 1])
    np.testing.assert_allclose(emg.time_s - emg.time_s[0], TIME_S[first : last + 1] - TIME_S[first], atol=5e-4)


def test_the_same_samples_are_the_same_from_xdf_and_csv(tmp_path):
    kept = lossy(20, 0.1)
    (emg,) = read(tmp_path, TIME_S, kept).streams
    rows = zip(TIME_S[kept], np.flatnonzero(kept), strict=True)
    (tmp_path / "a.csv").write_text("time_s,GM_uV\n" + "".join(f"{at_s:.6f},{number}\n" for at_s, number in rows))
    table = read_table(tmp_path / "a.csv")
    assert emg.stream.rate_hz == pytest.approx(table.stream.rate_hz)
    np.testing.assert_array_equal(emg.samples, table.samples)


def chunks(rate_hz: float, n_rows: int, late_s: float) -> np.ndarray:
    """Stamps of LabRecorder where a program sends chunks: the last sample's is its arrival, the others step by 1 ms."""
    row = np.arange(N)
    last = row // n_rows * n_rows + n_rows - 1
    delays_s = np.random.default_rng(3).uniform(0, late_s, N // n_rows)
    return last / rate_hz + np.repeat(delays_s, n_rows) - (last - row) / 1000.0


def bursts(in_burst_s: float) -> np.ndarray:
    """Stamps of a program that stamps what a packet of 20 brings, one after the other."""
    arrivals_s = np.maximum.accumulate(np.arange(N // 20) * 0.02 + np.random.default_rng(4).exponential(0.003, N // 20))
    return np.repeat(arrivals_s, 20) + np.tile(np.arange(20) * in_burst_s, N // 20)


def late_packets() -> np.ndarray:
    """Each sample has its stamp, and some packets come 15 ms later."""
    jitter_s = np.random.default_rng(5).uniform(-0.2e-3, 0.2e-3, N)
    return TIME_S + jitter_s + np.where(lossy(20, 0.02), 0.0, 0.015)


@pytest.mark.parametrize(
    ("time_s", "rate_hz"),
    [
        (chunks(1000.0, 50, 0.02), 1000.0),
        (chunks(1000.0, 500, 0.02), 1000.0),
        (chunks(980.0, 50, 0.0001), 980.0),
        (chunks(980.0, 50, 0.01), 980.0),
        (chunks(1020.0, 50, 0.01), 1020.0),
        (bursts(0.0), 1000.0),
        (bursts(0.00005), 1000.0),
        (bursts(0.0006), 1000.0),
        (late_packets(), 1000.0),
    ],
)
def test_stamps_that_come_late_lose_nothing_and_lie_on_a_line(tmp_path, time_s, rate_hz):
    content = read(tmp_path, time_s)
    (emg,) = content.streams
    np.testing.assert_array_equal(places(emg), np.arange(N))
    assert emg.stream.rate_hz == pytest.approx(rate_hz, rel=2e-4) and not content.notes
    np.testing.assert_allclose(np.diff(emg.time_s), 1 / rate_hz, rtol=1e-3)


def test_a_long_gap_among_late_chunks_stays_one_gap(tmp_path):
    kept = (TIME_S < 5.0) | (TIME_S >= 12.0)
    (emg,) = read(tmp_path, chunks(1000.0, 50, 0.02), kept).streams
    np.testing.assert_array_equal(places(emg), np.flatnonzero(kept))
    assert np.diff(emg.time_s).max() == pytest.approx(7.0, abs=0.02)


@pytest.mark.parametrize("at", [0, 7000, N - 1])
@pytest.mark.parametrize("stamp_s", [NAN, np.inf, 5e6, -5e6])
def test_one_wild_stamp_costs_its_sample_alone_and_is_told(tmp_path, at, stamp_s):
    time_s = TIME_S.copy()
    time_s[at] = stamp_s
    content = read(tmp_path, time_s)
    (emg,) = content.streams
    np.testing.assert_array_equal(places(emg), np.delete(np.arange(N), at))
    assert content.duration_s == pytest.approx(N / 1000.0, abs=0.002) and emg.time_s[0] >= 0.0
    assert content.notes == (f"1 of {N} samples of 'a' are left out: their stamps are no number or out of order",)


@pytest.mark.parametrize("back_s, n_lost", [(5.0, 5000), (1.0, 1000)])
def test_what_a_clock_that_was_set_back_costs_is_told(tmp_path, back_s, n_lost):
    content = read(tmp_path, TIME_S - np.where(TIME_S < 10.0, 0.0, back_s))
    assert len(places(content.streams[0])) == N - n_lost
    assert content.notes[0].startswith(f"{n_lost} of {N} samples of 'a'")


def test_streams_of_one_name_are_all_read_and_chosen_by_their_source(tmp_path):
    some_s = TIME_S[:3000]
    path = write(tmp_path / "two.xdf", Foreign(some_s), Foreign(some_s, -np.arange(3000), source_id="b"))
    assert [chunk.stream.source_id for chunk in read_file(path).streams] == ["a", "b"]
    with pytest.raises(TableError, match="SOURCE/LABEL"):
        team_header(read_file(path, Asked(names={"GM": "GM"})), "left", "A1", {})
    with pytest.raises(TableError, match="'a/GM', 'b/GM'"):
        read_file(path, Asked(names={"GL": "GM"}))
    content = read_file(path, Asked(names={"b/GM": "SOL"}))
    (emg,) = content.streams
    assert emg.stream.labels == ("SOL",) and emg.samples[7, 0] == -7
    write_file(content, tmp_path / "leg.xdf", team_header(content, "left", "A1", {}))
    assert read_file(tmp_path / "leg.xdf").streams[0].stream.source_id == "b"


def test_streams_of_one_name_and_no_source_get_one_each(tmp_path):
    streams = [Foreign(TIME_S[:3000], label=label, source_id="") for label in ("GM", "GL")]
    content = read_file(write(tmp_path / "two.xdf", *streams))
    assert [chunk.stream.source_id for chunk in content.streams] == ["EMG", "EMG 2"]

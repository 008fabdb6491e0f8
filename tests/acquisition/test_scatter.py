"""Stamps of arrival are told from stamps of samples: late is not lost, and what is lost stays lost."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.acquisition.sampling import regular
from monitor.acquisition.scatter import SCATTER_S, scatter_s, settled
from monitor.acquisition.tables import read_table

N = 20_000
ROW = np.arange(N)


def measured(time_s: np.ndarray) -> tuple[float, int]:
    """Rate, and how many samples are lost."""
    rate_hz, _, samples = regular(settled(time_s), np.ones((len(time_s), 1)), "a table")
    return rate_hz, int(np.isnan(samples).sum())


def bursts() -> np.ndarray:
    """Twenty samples a packet, stamped 50 us apart when it came."""
    return np.repeat(ROW[::20] * 1e-3 + np.random.default_rng(1).uniform(0, 8e-3, N // 20), 20) + ROW % 20 * 5e-5


def chunks() -> np.ndarray:
    """A sensor of 980 Hz whose driver takes it for 1000: fifty samples 1 ms apart, the last at its own time."""
    return (ROW // 50 * 50 + 49) / 980.0 - (49 - ROW % 50) / 1000.0


@pytest.mark.parametrize(("time_s", "rate_hz"), [(bursts(), 1000.0), (chunks(), 980.0)])
def test_what_came_late_is_not_lost(time_s, rate_hz):
    measured_hz, n_lost = measured(time_s)
    assert measured_hz == pytest.approx(rate_hz, rel=1e-4) and n_lost == 0


@pytest.mark.parametrize("rate_hz", [900.0, 930.0, 997.0])
def test_a_gap_between_stamps_in_milliseconds_is_as_long_as_it_was(rate_hz):
    time_s = np.round(np.delete(ROW, np.arange(9000, 9100)) / rate_hz, 3)
    assert measured(time_s) == (pytest.approx(rate_hz, rel=1e-4), 100)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.2])
def test_lost_packets_are_no_scatter(share):
    kept = np.repeat(np.random.default_rng(2).random(N // 20) >= share, 20)
    kept[[0, -1]] = True
    assert scatter_s(ROW[kept] / 1000.0) == 0.0
    assert measured(ROW[kept] / 1000.0) == (pytest.approx(1000.0), int((~kept).sum()))


@pytest.mark.parametrize("pause_s", [0.0, 1.0, 300.0])
def test_pauses_hide_no_scatter(pause_s):
    late_s = np.repeat(np.random.default_rng(3).uniform(0, 0.02, N // 50), 50)
    assert scatter_s(ROW / 1000.0 + late_s + np.where(ROW < N / 2, 0.0, pause_s)) == SCATTER_S


def test_a_table_of_bursts_has_the_rate_of_its_samples(tmp_path):
    rows = "".join(f"{at_s:.6f},{number % 7}\n" for number, at_s in enumerate(bursts()[:5000]))
    (tmp_path / "a.csv").write_text("time_s,GM_uV\n" + rows)
    chunk = read_table(tmp_path / "a.csv")
    assert chunk.stream.rate_hz == pytest.approx(1000.0, rel=1e-3) and len(chunk) == 5000

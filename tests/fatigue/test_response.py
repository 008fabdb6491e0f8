"""What a band shows of a true compression, against sums over the model's spectrum, and the way back."""

from pathlib import Path

import numpy as np
import pytest
from shaped_emg import true_mdf_hz

from monitor import shipped
from monitor.acquisition.profile import load_profile
from monitor.fatigue.mdf import analysis_band_hz
from monitor.fatigue.response import sensor_response
from monitor.fatigue.summary import spectral_use


@pytest.mark.parametrize(
    ("rate_hz", "share", "use"),
    [(2000, 0.92, "good"), (1000, 0.92, "good"), (500, 0.72, "limited"), (400, 0.61, "limited"), (200, 0.25, "none")],
)
def test_a_slower_sensor_shows_less_of_the_same_shift(rate_hz: float, share: float, use: str):
    response = sensor_response(analysis_band_hz(rate_hz))
    assert response.share == pytest.approx(share, abs=0.02)
    assert response.use == use == spectral_use(rate_hz)
    assert (response.note == "") == (use == "good")


@pytest.mark.parametrize("band_hz", [(20.0, 450.0), (20.0, 225.0), (20.0, 180.0)])
@pytest.mark.parametrize("compression", [0.7, 0.85, 0.95, 1.1])
@pytest.mark.parametrize("pitch", [0.85, 1.0, 1.2])
def test_the_way_back_finds_the_compression_of_another_spectrum(band_hz, compression: float, pitch: float):
    """The test's spectrum has other corner frequencies (60 and 120 Hz) than the model."""
    start_hz, end_hz = true_mdf_hz(pitch, band_hz), true_mdf_hz(pitch * compression, band_hz)
    found = sensor_response(band_hz).compression(start_hz, np.array([end_hz]))[0]
    assert found == pytest.approx(compression, rel=0.01)
    assert end_hz / start_hz - 1 == pytest.approx(sensor_response(band_hz).share * (compression - 1), rel=0.35)


def test_what_no_muscle_has_is_unknown():
    response = sensor_response((20.0, 225.0))
    assert np.isnan(response.compression(90.0, np.array([5.0, 224.0]))).all()


FOLDER = shipped.folder("firmware_profiles")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_a_profile_promises_of_the_spectrum_what_its_band_can_show(path: Path):
    profile = load_profile(path)
    band_hz = profile.quality.bandwidth_hz
    rates = [s.rate_nominal_hz for s in profile.streams.values() if s.kind == "emg" and s.rate_nominal_hz]
    if band_hz is None or not rates:
        assert profile.quality.spectral_use == "none" or not rates
        return
    assert profile.quality.spectral_use == sensor_response(analysis_band_hz(rates[0]), band_hz[1]).use


def test_a_converter_that_ends_early_shows_less():
    shares = [sensor_response((20.0, 225.0), corner_hz).share for corner_hz in (None, 180.0, 131.0, 75.0)]
    assert shares == sorted(shares, reverse=True)

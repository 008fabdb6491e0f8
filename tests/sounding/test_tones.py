"""Tones: loud enough, short, without clicks, told apart; every sample reaches the loudspeaker once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from monitor.sounding.loudspeaker import Loudspeaker, pieces
from monitor.sounding.tones import MELODIES, RATE_HZ, SOFT, length_s, tone


@pytest.mark.parametrize("name", MELODIES)
def test_tones_are_loud_enough_short_and_without_clicks(name: str) -> None:
    samples = tone(name, 1.0)
    assert 0.1 < len(samples) / RATE_HZ < 1.0 and length_s(name) == pytest.approx(len(samples) / RATE_HZ, abs=1e-3)
    assert 0.7 < np.abs(samples).max() / SOFT.get(name, 1.0) <= 1.0
    assert np.abs(samples[[0, -1]]).max() < 0.01
    np.testing.assert_allclose(tone(name, 0.5), samples / 2, atol=1e-6)
    assert not tone(name, 0.0).any()


def test_a_cramp_does_not_sound_like_a_warning() -> None:
    loudest = {}
    for name in ("WARN", "CRAMP"):
        spectrum = np.abs(np.fft.rfft(tone(name, 1.0), 4 * RATE_HZ))
        loudest[name] = np.argmax(spectrum) / 4
    assert loudest["WARN"] == pytest.approx(1047, abs=10) and loudest["CRAMP"] != pytest.approx(1047, abs=40)


def test_the_loudspeaker_gets_every_sample_once() -> None:
    samples = np.arange(1000, dtype=np.float32)
    source, got = pieces(samples), []
    next(source)
    with pytest.raises(StopIteration):
        while True:
            got.append(source.send(256))
    np.testing.assert_array_equal(np.concatenate(got), samples)


class Device:
    """Fails as often as it is told."""

    def __init__(self, failures: int) -> None:
        self.failures, self.started = failures, 0

    def stop(self) -> None:
        pass

    def start(self, source: Any) -> None:
        self.failures -= 1
        if self.failures >= 0:
            raise OSError("unplugged")
        self.started += 1


def test_headphones_that_are_unplugged_are_told_and_tried_again() -> None:
    device = Device(failures=1)
    loudspeaker = Loudspeaker(device)
    loudspeaker.play("WARN")
    assert "does not play: unplugged" in loudspeaker.problem
    loudspeaker.play("WARN")
    assert (loudspeaker.problem, device.started) == ("", 1)

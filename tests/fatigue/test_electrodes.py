"""An electrode that moves is seen by what its channel says against the others; a calf that works otherwise is not."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.fatigue.electrodes import Electrodes
from monitor.settings import ElectrodeSettings

SETTINGS = ElectrodeSettings()
LEVELS = (9.0, 8.5, 8.0)
N_SECOND = 10


class Watched:
    """Channels that are fed second by second; level, spectrum and floor of each may be shifted."""

    def __init__(self, n_channels: int, seed: int = 1) -> None:
        self.watch = Electrodes(n_channels, SETTINGS)
        self.n, self.rng, self.found = n_channels, np.random.default_rng(seed), np.zeros(n_channels, dtype=bool)

    def work(
        self,
        seconds: int,
        level=0.0,
        spectrum=0.0,
        floor=0.0,
        effort=0.0,
        off: tuple[int, ...] = (),
        cramp=False,
        together=0.0,
    ) -> Watched:
        """Seconds of contractions; the shifts are of the first channel. off : channels without contact.

        together : shift of all channels' spectra.
        """
        for _ in range(seconds):
            shift = np.zeros(self.n)
            shift[0] = 1.0
            gone = np.isin(np.arange(self.n), off)
            self.watch.heed(gone, np.exp(1.0 + floor * shift), sustained=cramp)
            common = effort + self.rng.uniform(-0.7, 0.7, (N_SECOND, 1))
            ln_power = np.array(LEVELS[: self.n]) + common + self.rng.normal(0, 0.5, (N_SECOND, self.n)) + level * shift
            u = self.rng.normal(0, 0.2, (N_SECOND, self.n)) + spectrum * shift + together
            ln_power[:, gone] = u[:, gone] = np.nan
            self.found |= self.watch.push(ln_power, u)
        return self

    @property
    def moved(self) -> list[bool]:
        return self.watch.moved.tolist()


@pytest.mark.parametrize("n_channels", [1, 2, 3])
def test_nothing_moves_where_only_the_calf_changes(n_channels: int):
    calf = Watched(n_channels).work(200).work(100, effort=-1.5).work(60, effort=1.0).work(3, off=(0,)).work(200)
    assert not calf.found.any() and not calf.watch.moved.any()


@pytest.mark.parametrize("gain", [0.6, 1.5])
def test_a_step_against_the_others_that_stays_is_a_moved_electrode(gain: float):
    calf = Watched(3).work(200).work(100, level=2 * np.log(gain), spectrum=0.07)
    assert calf.moved == [True, False, False]
    assert calf.watch.gain[0] == pytest.approx(gain, rel=0.15) and np.isnan(calf.watch.gain[1:]).all()


def test_of_two_channels_the_one_that_left_itself_is_named():
    calf = Watched(2).work(300).work(100, level=1.4, spectrum=0.08)
    assert calf.moved == [True, False]


def test_of_two_channels_both_are_doubted_where_it_is_not_clear_which():
    calf = Watched(2).work(200).work(100, level=0.6, effort=-0.3)
    assert calf.moved == [True, True]


def test_a_task_of_its_own_is_learnt_and_no_step():
    calf = Watched(3).work(200)
    for _ in range(5):
        calf.work(40, level=0.7).work(60)
    assert not calf.watch.moved.any()


@pytest.mark.parametrize("shift", [{"level": 0.7}, {"spectrum": -0.14}, {"floor": 1.2}])
@pytest.mark.parametrize("n_channels", [1, 2, 3])
def test_after_a_lost_contact_one_block_is_enough(n_channels: int, shift: dict[str, float]):
    calf = Watched(n_channels).work(200).work(5, off=(0,)).work(25, **shift)
    alone = n_channels == 1 and "level" in shift
    assert calf.moved == [not alone] + [False] * (n_channels - 1), "how loud a calf is alone tells nothing"


def test_a_contact_lost_for_a_moment_makes_no_difference():
    calf = Watched(3).work(200).work(5, off=(1,)).work(100)
    assert not calf.watch.moved.any()


def test_a_channel_that_has_moved_says_no_more_of_the_others():
    calf = Watched(3).work(200).work(100, level=1.4).work(300, level=-3.0)
    assert calf.moved == [True, False, False]


def test_before_the_range_is_known_nothing_is_said():
    assert not Watched(3).work(60).work(400, level=1.4).watch.moved.any()


def test_a_cramp_of_one_head_is_no_moved_electrode():
    calf = Watched(2).work(200).work(120, level=4.0, spectrum=0.1, cramp=True).work(200)
    assert not calf.watch.moved.any()


@pytest.mark.parametrize("together", [-0.2, 0.2])
@pytest.mark.parametrize("n_channels", [2, 3])
def test_a_sensor_of_several_channels_that_is_put_back_elsewhere_is_seen(n_channels: int, together: float):
    everybody = tuple(range(n_channels))
    calf = Watched(n_channels).work(200).work(10, off=everybody).work(60, together=together)
    assert calf.moved == [True] * n_channels
    calf = Watched(n_channels).work(200).work(10, off=everybody).work(200)
    assert not calf.watch.moved.any(), "put back where it was"
    calf = Watched(n_channels).work(200).work(10, off=(0,)).work(200, together=together)
    assert not calf.watch.moved.any(), "the others were on all along, and the calf has tired"

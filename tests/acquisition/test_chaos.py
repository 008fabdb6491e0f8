"""A small chaos: sensors go and come at random; all come back, and nothing is invented. The large one is a command."""

from __future__ import annotations

import pytest
from chaos import run

pytestmark = pytest.mark.alone


def test_sensors_that_come_and_go_all_come_back_soon_and_no_sample_is_invented_or_out_of_order(air):
    outcome = run(5, seconds=24, speed=4, seed=3, air=air, away_s=(0.2, 2.5), here_s=2.0)
    assert outcome.missing == []
    assert (outcome.invented, outcome.disordered) == (0, 0)
    assert outcome.samples > 5 * 800
    assert outcome.links_lost >= 3
    assert outcome.median_s < 1.0

"""A hundredth of the soak: what eight hours of session time must hold, seen in small."""

from __future__ import annotations

import sys

import pytest
from screens import faults, soak


@pytest.mark.alone
@pytest.mark.timeout(300)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_hundredth_of_eight_hours_leaves_no_trace_and_drops_no_alert() -> None:
    figures = soak(8 * 3600 / 100)
    assert faults(figures) == []
    assert figures["alerts_sent"] >= 4 and figures["alerts_dropped"] == {"Dashboard": 0, "Wall": 0}

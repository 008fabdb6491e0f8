"""The script that times a stranger's first minutes."""

from __future__ import annotations

import os
import sys

import first_minutes
import pytest


def test_the_first_line_is_waited_for_and_the_rest_is_not() -> None:
    endless = "import time; print('here', flush=True); time.sleep(600)"
    assert first_minutes.until_first_line([sys.executable, "-c", endless], dict(os.environ)) < 300
    with pytest.raises(AssertionError, match="printed nothing"):
        first_minutes.until_first_line([sys.executable, "-c", ""], dict(os.environ))

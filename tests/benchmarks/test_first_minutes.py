"""The script that times a stranger's first minutes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import first_minutes
import pytest


def test_the_first_line_is_waited_for_and_the_rest_is_not() -> None:
    endless = "import time; print('here', flush=True); time.sleep(600)"
    assert first_minutes.until_first_line([sys.executable, "-c", endless], dict(os.environ)) < 300
    with pytest.raises(AssertionError, match="printed nothing"):
        first_minutes.until_first_line([sys.executable, "-c", ""], dict(os.environ))


def test_the_start_window_is_waited_for_until_it_is_painted(tmp_path: Path) -> None:
    pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1"}
    waited_s = first_minutes.until_painted(Path(sys.executable), [], environment, tmp_path)
    assert 0 < waited_s < 300
    with pytest.raises(AssertionError, match="printed nothing"):  # a window that never comes is no short wait
        first_minutes.until_painted(Path(sys.executable), ["--version-of-nothing"], environment, tmp_path)

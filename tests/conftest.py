"""What all tests share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SHARED = Path(__file__).parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recordings and packets beside the project; tests that need it are skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the folder of shared recordings is not here")
    return SHARED

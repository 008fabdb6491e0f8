"""The golden packets beside the checkout, and their absence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).parents[4] / "shared" / "packets.json"


def vector(device: str, part: str = "") -> dict[str, Any]:
    """The published packet of that device that holds these bytes; the test is skipped where the file is missing."""
    if not GOLDEN.exists():
        pytest.skip("the golden packets (../shared/packets.json) are not beside this checkout")
    vectors = json.loads(GOLDEN.read_text(encoding="utf-8"))["vectors"]
    return next(item for item in vectors if item["device"] == device and part in item["hex"])

"""How many branches of the rooms that decide are taken by their own tests; below nine in ten of one room it fails.

    python -m pytest -q $(python tests/branches.py --tests) --cov-report=json && python tests/branches.py coverage.json

--tests prints what pytest needs: the tests of these rooms, and to count branches. With what was counted
it prints a line a room.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

LEAST = 0.9
ROOMS = {  # files below monitor/
    "decoding": "acquisition/codecs/* acquisition/{packet,framing,numbers,unknown}.py",
    "clock": "acquisition/{arrivals,clock,counting,device_clocks,device_time,line,ordering,stamps,track}.py",
    "recording": "recording/*",
    "warning": "warning/*",
}
TESTS = """acquisition/codecs/test_* acquisition/test_{agreement,batch,clock,counting,device_clocks,device_time}.py
    acquisition/test_{framing,golden_packets,includes,numbers,packet,packets_of_sensors,sensor,variants}.py
    recording/test_* warning/test_*"""  # below tests/


def patterns(text: str) -> Iterator[str]:
    """Patterns for file names; {a,b} stands for a pattern each."""
    for word in text.split():
        head, _, rest = word.partition("{")
        names, _, tail = rest.partition("}")
        yield from (f"{head}{name}{tail}" for name in names.split(","))


def tests() -> list[str]:
    """What pytest needs."""
    folder = Path(__file__).parent
    found = sorted(
        path for pattern in patterns(TESTS) for path in folder.glob(pattern) if path.name.startswith("test_")
    )
    counted = ["--cov=monitor.acquisition", "--cov=monitor.recording", "--cov=monitor.warning", "--cov-branch"]
    return [*(path.relative_to(folder.parent).as_posix() for path in found), *counted]


def taken(measured: Mapping[str, Any]) -> dict[str, float]:
    """The part of each room's branches that was taken. Raises: KeyError for a room of which nothing was measured."""
    parts = {}
    for room, files in ROOMS.items():
        sums = [
            entry["summary"]
            for name, entry in measured["files"].items()
            if any(fnmatch(name.replace("\\", "/"), f"*monitor/{pattern}") for pattern in patterns(files))
        ]
        there = sum(one["num_branches"] for one in sums)
        if not there:
            raise KeyError(room)
        parts[room] = sum(one["covered_branches"] for one in sums) / there
    return parts


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--tests", action="store_true", help="what pytest needs")
    options.add_argument("measured", nargs="?", type=Path, help="what coverage has written")
    asked = options.parse_args()
    if asked.tests:
        print(*tests())
        return 0
    parts = taken(json.loads(asked.measured.read_text(encoding="utf-8")))
    for room, part in parts.items():
        print(f"{room:<12}{100 * part:5.1f} % of the branches")
    return int(min(parts.values()) < LEAST)


if __name__ == "__main__":
    sys.exit(main())

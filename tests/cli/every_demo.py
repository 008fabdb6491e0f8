"""Plays named scenarios through virtual sensors and the whole radio path, and again from the recording.

    python tests/cli/every_demo.py [NAMES] [--seconds 30] [--speed 2]

Each for so long in session time. A scenario has played if `demo` ends well, both legs were watched and both have a
signal at the end (a sensor that is not found, not started or not decoded has none), and if `replay` and `analyze` of
what was recorded tell the same states at the same times as the live session did, exactly.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from cli.running import crampwatch, json_lines

from monitor.simulation.scenario import scenario_names


def fault_of(name: str, seconds: float, speed: float, path: Path) -> str:
    """What went wrong when the scenario was played; empty = nothing. path : of the recording"""
    played = ["--scenario", name, "--json", "--seconds", seconds, "--speed", speed, "--record", path]
    done = crampwatch("demo", *played, timeout_s=120 + 2 * seconds / speed)
    if done.returncode:
        return done.stderr.strip() or f"exit code {done.returncode}"
    changes = json_lines(done.stdout)
    last = {change["leg"]: change for change in changes}
    if last.keys() != {"left", "right"}:
        return "not both legs were watched"
    lost = [change["reasons"] for change in last.values() if change["state"] == "NO_SIGNAL"]
    return f"no signal at the end: {lost[0]}" if lost else again(changes, path)


def again(changes: list[dict], path: Path) -> str:
    """Whether replay and analysis tell what was told live; empty = they do."""
    if json_lines(crampwatch("replay", path, "--speed", "max", "--json").stdout) != changes:
        return "replay tells other states"
    for leg in json.loads(crampwatch("analyze", path, "--json").stdout)["legs"]:
        live = [change for change in changes if change["leg"] == leg["leg"]]
        if leg["states"] != [{k: v for k, v in each.items() if k not in ("athlete", "leg")} for each in live]:
            return f"the analysis tells other states of the {leg['leg']} leg"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=list(scenario_names()))
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--speed", type=float, default=2.0)
    given = parser.parse_args()
    faults = {}
    for name in given.names:
        with tempfile.TemporaryDirectory() as folder:
            faults[name] = fault_of(name, given.seconds, given.speed, Path(folder) / "played.xdf")
        print(f"{name:20} {faults[name] or 'plays, and again the same'}", flush=True)
    return int(any(faults.values()))


if __name__ == "__main__":
    sys.exit(main())

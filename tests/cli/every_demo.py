"""Plays named scenarios through virtual sensors and the whole radio path: `python tests/cli/every_demo.py [NAMES]`.

Each for SECONDS of session time, twice as fast as real time. A scenario has played if `demo` ends well, both
legs were watched and both have a signal at the end: a sensor that is not found, not started or not decoded has none.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from cli.running import crampwatch, json_lines

from monitor.simulation.scenario import scenario_names

SECONDS, SPEED = 30, 2


def fault_of(name: str) -> str:
    """What went wrong when the scenario was played; empty = nothing."""
    done = crampwatch("demo", "--scenario", name, "--json", "--seconds", SECONDS, "--speed", SPEED)
    if done.returncode:
        return done.stderr.strip() or f"exit code {done.returncode}"
    changes = json_lines(done.stdout)
    last = {change["leg"]: change for change in changes}
    if last.keys() != {"left", "right"}:
        return "not both legs were watched"
    lost = [change["reasons"] for change in last.values() if change["state"] == "NO_SIGNAL"]
    return f"no signal at the end: {lost[0]}" if lost else ""


def main() -> int:
    n_faulty = 0
    for name in sys.argv[1:] or scenario_names():
        fault = fault_of(name)
        n_faulty += bool(fault)
        print(f"{name:20} {fault or 'plays'}", flush=True)
    return int(n_faulty > 0)


if __name__ == "__main__":
    sys.exit(main())

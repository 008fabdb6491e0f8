"""The report of a soak, as Markdown for people and JSON for the test that compares."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def report(figures: Mapping[str, Any], command: str, path: Path) -> None:
    """Write both files."""
    about = {"command": command, "commit": _commit(), "python": platform.python_version(), "cores": os.cpu_count()}
    path.with_suffix(".json").write_text(json.dumps(about | dict(figures), indent=1) + "\n", encoding="utf-8")
    path.write_text("\n".join(_lines(about | dict(figures))) + "\n", encoding="utf-8")


def _commit() -> str:
    done = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _lines(told: Mapping[str, Any]) -> list[str]:
    recorded, hub = told["recorded"], told["hub"]
    wrong = told["wrong"] or ["nothing"]
    return [
        "# Four hours of the whole product, with faults",
        "",
        f"`{told['command']}`, commit {told['commit']}, seed {told['seed']}, Python {told['python']}, {told['cores']} cores.",
        "",
        f"{told['session_h']:g} h of session time at {told['speed']:g} times real speed ({told['wall_min']:g} min): "
        f"{told['sensors']} virtual sensors, two gateways ({told['way']}), mosquitto with TLS and passwords, the hub with",
        f"its wall ({told['frames']} frames). A fault each {told['every_s']:g} s of real time, {len(told['faults'])} in all.",
        "",
        f"**What was wrong: {'; '.join(wrong)}.**",
        "",
        "## What was lost",
        "",
        f"- {recorded['packets']} packets recorded; {recorded['in_no_recording']} that a gateway heard are in no recording,",
        f"  {recorded['missing_in_a_recording']} lack inside a gateway's recording, {recorded['doubled']} came twice,",
        f"  {recorded['out_of_order']} out of order.",
        f"- The hub's own recording lacks {recorded['hub_lacks']} packets that gateways recorded (it goes on after 3 s without a",
        f"  gateway; it left out {hub.get('left_out')}), and has {recorded['in_the_hub_alone']} that a killed gateway had sent and not written yet.",
        f"- A killed gateway's file ends {_range(recorded['tails'])} s before the kill.",
        f"- Blocks given up: {hub.get('blocks_lost')}; sent again and left out: {hub.get('blocks_doubled')}.",
        "",
        "## How long each recovery took",
        "",
        "Noticed: from the fault to the first picture of the wall that says so. Well again: from the fault's end to the",
        "first picture on which nothing is amiss, all links live, less than 1.5 s late. Real seconds; median and worst.",
        "",
        "| fault | times | noticed | well again | what the wall said |",
        "|---|---|---|---|---|",
        *_by_kind(told["faults"]),
        "",
        "## Memory and threads",
        "",
        "From a third of a process's life to its end, the worst of its starts.",
        "",
        "| process | starts | MB at the end | grown by MB | threads | more threads |",
        "|---|---|---|---|---|---|",
        *(
            f"| {name} | {of['starts']} | {of['mb_at_end']} | {of['grown_mb']} | {of['threads_at_end']} | {of['threads_more']} |"
            for name, of in told["memory"].items()
        ),
        "",
        "## Every fault",
        "",
        "| at s | fault | whom | lasts s | noticed after s | well again after s |",
        "|---|---|---|---|---|---|",
        *(
            f"| {f['at_s']} | {f['kind']} | {f['whom']} | {f['lasts_s']} | {_or(f['noticed_s'])} | {_or(f['recovered_s'])} |"
            for f in told["faults"]
        ),
    ]


def _by_kind(faults: list[Mapping[str, Any]]) -> list[str]:
    rows = []
    for kind in sorted({fault["kind"] for fault in faults}):
        of = [fault for fault in faults if fault["kind"] == kind]
        said = next((fault["said"] for fault in of if fault["said"]), "")
        noticed, well = ([fault[key] for fault in of if fault[key] is not None] for key in ("noticed_s", "recovered_s"))
        rows.append(f"| {kind} | {len(of)} | {_worst(noticed)} | {_worst(well)} | {said} |")
    return rows


def _worst(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.1f}, {max(seconds):.1f}" if seconds else "-"


def _range(seconds: list[float]) -> str:
    return f"{min(seconds):.2f} to {max(seconds):.2f}" if seconds else "no"


def _or(number: float | None) -> str:
    return "-" if number is None else f"{number}"

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
    return [
        "# Hours of the whole product, with faults",
        "",
        f"`{told['command']}`, commit {told['commit']}, seed {told['seed']},",
        f"Python {told['python']}, {told['cores']} cores that others used, too.",
        "",
        f"{told['session_h']:g} h of session time at {told['speed']:g} times real speed ({told['wall_min']:g} min):",
        f"{told['sensors']} virtual sensors, two gateways ({told['way']}), mosquitto with TLS and passwords,",
        f"the hub with its wall ({told['frames']} frames). A fault each {told['every_s']:g} s of real time,",
        f"{len(told['faults'])} in all.",
        "",
        f"**What was wrong: {'; '.join(told['wrong'] or ['nothing'])}.**",
        "",
        *_lost(told),
        *_recoveries(told),
        *_memory(told),
    ]


def _lost(told: Mapping[str, Any]) -> list[str]:
    of, hub = told["recorded"], told["hub"]
    return [
        "## What was lost",
        "",
        f"- {of['packets']} packets were recorded. {of['in_no_recording']} that a gateway heard are in no",
        f"  recording, {of['missing_in_a_recording']} lack inside a gateway's recording, {of['doubled']} came",
        f"  twice, {of['out_of_order']} out of order.",
        f"- The hub's recording lacks {of['hub_lacks']} packets that gateways recorded: it goes on after 3 s",
        f"  without one gateway, and leaves out what comes later of that time ({hub.get('left_out')}). The last of a",
        "  session may wait in vain for the other gateway. Joined by `merge`, the gateways' recordings lack",
        f"  {of['lost_by_merge']} of what they recorded.",
        f"- It has {of['in_the_hub_alone']} that a killed gateway had sent and not written. A killed gateway's file",
        f"  ends {_range(of['tails'])} s before the kill.",
        f"- Blocks given up: {hub.get('blocks_lost')}; sent twice and left out once: {hub.get('blocks_doubled')}.",
        "",
    ]


def _recoveries(told: Mapping[str, Any]) -> list[str]:
    return [
        "## How long each recovery took",
        "",
        "Noticed: from the fault to the first picture of the wall that says so. Well again: from the fault's end",
        "to the first picture on which nothing is amiss, all links live, less than 1.5 s late, be it after the next",
        "fault; of a killed gateway from the start of the next, which takes seconds to load. Real seconds; median and",
        "worst of the faults that began while all was well. The others (marked below) fell into times in which this",
        "machine, shared with other work, could not keep up with so many times real speed; the wall said so.",
        "",
        "| fault | times (began well) | noticed | well again | what the wall said |",
        "|---|---|---|---|---|",
        *_by_kind(told["faults"]),
        "",
        "## Every fault",
        "",
        "| at s | fault | whom | lasts s | noticed after s | well again after s |",
        "|---|---|---|---|---|---|",
        *(
            f"| {of['at_s']} | {of['kind']}{'' if of['began_well'] else ', not well before'} "
            f"| {of['whom']} | {of['lasts_s']} "
            f"| {_or(of['noticed_s'])} | {_or(of['recovered_s'])} |"
            for of in told["faults"]
        ),
        "",
    ]


def _memory(told: Mapping[str, Any]) -> list[str]:
    return [
        "## Memory and threads",
        "",
        "From a third of a process's life to its end, the worst of its starts.",
        "",
        "| process | starts | MB at the end | grown by MB | threads | more threads |",
        "|---|---|---|---|---|---|",
        *(
            f"| {name} | {of['starts']} | {of['mb_at_end']} | {_or(of['grown_mb'])} "
            f"| {of['threads_at_end']} | {_or(of['threads_more'])} |"
            for name, of in told["memory"].items()
        ),
    ]


def _by_kind(faults: list[Mapping[str, Any]]) -> list[str]:
    rows = []
    for kind in sorted({fault["kind"] for fault in faults}):
        of = [fault for fault in faults if fault["kind"] == kind]
        calm = [fault for fault in of if fault["began_well"]]
        said = next((fault["said"] for fault in calm if fault["said"]), "")
        noticed, well = (
            [fault[key] for fault in calm if fault[key] is not None] for key in ("noticed_s", "recovered_s")
        )
        rows.append(f"| {kind} | {len(of)} ({len(calm)}) | {_worst(noticed)} | {_worst(well)} | {said} |")
    return rows


def _worst(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.1f}, {max(seconds):.1f}" if seconds else "-"


def _range(seconds: list[float]) -> str:
    return f"{min(seconds):.2f} to {max(seconds):.2f}" if seconds else "no"


def _or(number: float | None) -> str:
    return "-" if number is None else f"{number}"

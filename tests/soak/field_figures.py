"""From what the wall showed and what the processes held to figures, and what is wrong with them."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from field_plan import CLOCK_STEP, HUB, SLOW_DISPLAY, Fault, Plan

from monitor.network.hub import PAST

LATE_S = 1.5  # wall seconds; a wall that is later is not well
GROWTH_MB = 30.0
OLD_S, SOME_S = 120.0, 30.0  # wall seconds that a process must have lived for its memory, its threads, to say something
_SILENT = (CLOCK_STEP, SLOW_DISPLAY)  # what nobody needs to notice
Look = Mapping[str, Any]
Memory = Mapping[str, Sequence[Sequence[tuple[float, float, int]]]]


def figures_of(plan: Plan, said: Sequence[Look], memory: Memory) -> dict[str, Any]:
    """said : what the hub said; memory : by name, for each process (wall second, MB, threads)."""
    looks = [look for look in said if "at_s" in look and look["at_s"] <= plan.seconds]
    ends = [fault.begin_s for fault in plan.faults[1:]] + [plan.seconds - 0.5]
    last: dict[str, Any] = {}
    for look in said:
        last |= {key: value for key, value in look.items() if "at_s" not in look}
    return {
        "seed": plan.seed,
        "session_h": round(plan.seconds * plan.speed / 3600, 3),
        "wall_min": round(plan.seconds / 60, 2),
        "speed": plan.speed,
        "every_s": plan.every_s,
        "sensors": len(plan.sensors),
        "frames": looks[-1]["frames"] if looks else 0,
        "late_s_median": round(statistics.median(look["late_s"] for look in looks), 3) if looks else None,
        "hub": last,
        "memory": {name: _growth(lives) for name, lives in memory.items()},
        "faults": [_told(fault, looks, end_s) for fault, end_s in zip(plan.faults, ends, strict=False)],
    }


def ill(look: Look) -> str:
    """What the wall shows that is not well; empty = all is."""
    lost = [sensor for sensor, link in look["links"].items() if link != "live"]
    if notes := [note for note in look["notes"] if not note.startswith(PAST)]:  # what was lost stays in view for long
        return notes[0]
    if lost:
        return f"{lost[0]}: {look['links'][lost[0]]}"
    if "wait in memory" in look["recording"] or "lost" in look["recording"]:
        return look["recording"].split(", ", 1)[1]
    return f"{look['late_s']:.1f} s late" if look["late_s"] > LATE_S else ""


def _told(fault: Fault, looks: Sequence[Look], end_s: float) -> dict[str, Any]:
    """One fault: after how long the wall said so, and how long after its end all was well again."""
    during = [look for look in looks if fault.begin_s <= look["at_s"] < end_s]
    bad = [look for look in during if ill(look)]
    told = {"kind": fault.kind, "whom": fault.whom, "at_s": fault.begin_s, "lasts_s": fault.end_s - fault.begin_s}
    told["lasts_s"] = round(told["lasts_s"], 2)
    told["said"] = ill(bad[0]) if bad else ""
    told["noticed_s"] = round(bad[0]["at_s"] - fault.begin_s, 2) if bad else None
    before = [look for look in looks if look["at_s"] < fault.begin_s]
    told["began_well"] = bool(before) and not ill(before[-1])
    last_bad_s = bad[-1]["at_s"] if bad else fault.end_s
    well = [look["at_s"] for look in looks if look["at_s"] > max(fault.end_s, last_bad_s) and not ill(look)]
    told["recovered_s"] = round(well[0] - fault.end_s, 2) if well else None
    return told


def _growth(lives: Sequence[Sequence[tuple[float, float, int]]]) -> dict[str, Any]:
    """From a third of its life to its end, the worst of those that lived for long enough; None = none did.

    starts : how many there were.
    """
    seen = [life for life in lives if life]
    old, grown = ([life for life in seen if life[-1][0] - life[0][0] >= least_s] for least_s in (OLD_S, SOME_S))
    return {
        "starts": len(lives),
        "mb_at_end": max((life[-1][1] for life in seen), default=None),
        "grown_mb": round(max(_grown(life, 1) for life in old), 1) if old else None,
        "threads_at_end": max((life[-1][2] for life in seen), default=None),
        "threads_more": max(_grown(life, 2) for life in grown) if grown else None,
    }


def _grown(life: Sequence[tuple[float, float, int]], column: int) -> float:
    """By how much its last tenth lies above the tenth after a third of it: no single look hides growth or feigns it."""
    tenth, third = max(1, len(life) // 10), len(life) // 3
    warm, last = (statistics.median(look[column] for look in looks) for looks in (life[third:][:tenth], life[-tenth:]))
    return last - warm


def faults_of(figures: Mapping[str, Any]) -> list[str]:
    """What is wrong, in sentences."""
    recorded, wrong = figures["recorded"], []
    for name, grown in figures["memory"].items():
        if (grown["grown_mb"] or 0.0) > GROWTH_MB:
            wrong.append(f"{name}: memory grew by {grown['grown_mb']} MB")
        if (grown["threads_more"] or 0) > 0:
            wrong.append(f"{name}: {grown['threads_more']:g} threads more at the end")
    for fault in figures["faults"]:
        if fault["recovered_s"] is None:
            wrong.append(f"{fault['kind']} {fault['whom']} at {fault['at_s']} s: never well again")
        if fault["noticed_s"] is None and fault["kind"] not in _SILENT and not fault["kind"].startswith("network"):
            wrong.append(f"{fault['kind']} {fault['whom']} at {fault['at_s']} s: the wall said nothing")
    for key in ("doubled", "out_of_order", "missing_in_a_recording", "in_no_recording", "lost_by_merge"):
        if recorded[key]:
            wrong.append(f"packets {key.replace('_', ' ')}: {recorded[key]}")
    wrong += [f"{name} ended with {code}" for name, code in figures["exit_codes"].items() if code]
    if HUB not in figures["memory"] or not recorded["packets"]:
        wrong.append("nothing was recorded")
    return wrong

"""The figures of an evaluation as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from monitor.evaluation.missed import REASONS

_NAMES = {
    "crampwatch": "ours",
    "mdf_only": "MDF only",
    "rms_only": "RMS only",
    "quiet_only": "quiet EMG only",
    "clock": "clock",
    "random": "random",
}


def name_of(score: str) -> str:
    """What a score is called."""
    return _NAMES.get(score, score)


def lines(answer: dict[str, Any]) -> Iterator[str]:
    """The whole answer, shortened."""
    head = "SIMULATED, never clinical" if answer["simulated"] else "labelled recordings"
    yield f"{head}: {answer['sessions']} sessions, {answer['hours']:.1f} athlete hours, {answer['cramps']} cramps"
    if "made_by" in answer:
        yield answer["made_by"]
    yield "as shown (states, by the frozen definition):"
    sensitivity = f"{number(answer['sensitivity'])} {interval(answer['sensitivity_ci'])}"
    yield f"  sensitivity {sensitivity}, with precursors {number(answer['sensitivity_precursor'])}"
    yield "  by rule: " + ", ".join(f"{rule} {number(value)}" for rule, value in answer["by_rule"].items())
    rate = f"{number(answer['false_alarms_per_hour'])} {interval(answer['false_alarms_ci'])}"
    squad = number(answer["false_alarms_per_squad_session"], 1)
    yield f"  false alarms {rate} per athlete hour, {squad} per squad session"
    yield f"  lead {spread(answer['lead_s'])} s; in warning without a cramp {percent(answer['time_in_warning'])}"
    yield f"  by chance {number(answer['chance_sensitivity'])} (p {number(answer['chance_p'], 3)})"
    yield f"  PPV {number(answer['ppv'])} at {answer['base_rate_per_hour']:g} cramps per hour"
    for name, found in answer.get("sensitivities", {}).items():
        yield f"  setting {name}: {_setting(found)}"
    yield from _at_rates(answer)
    yield from (f"missed {count}: {REASONS[reason]}" for reason, count in answer["missed"].items())
    yield from _cramp(answer["cramp"])
    for rate, rows in answer.get("assumed_precursors", {}).items():
        for row in rows:
            sensitivity = f"{number(row['sensitivity'])} {interval(row['sensitivity_ci'])} of {row['cramps']}"
            yield f"at {rate}/h, precursors {row['assumed']}: {sensitivity}, lead {spread(row['lead_s'])} s"


def _at_rates(answer: dict[str, Any]) -> Iterator[str]:
    plain, rare = answer["false_alarms_per_hour"], answer["false_alarms_per_hour_at_base_rate"]
    passed = f"{answer['false_alarms_in_passing_precursors']} false alarms in {answer['passing_precursors']} precursors"
    yield f"  {passed} that pass; {number(rare)} per hour instead of {number(plain)} if these come with the base rate"
    yield "sensitivity at a rate of false alarms (a swept threshold):"
    for rate, ours in answer["at_rate"].items():
        yield f"  at {rate}/h: {_one(ours)}"
        yield f"     at the base rate {_one(answer['at_rate_at_base_rate'][rate])}"
        if answer["frontier"] is not None:
            best = answer["frontier"]["at_rate"][rate], answer["frontier"]["at_rate_at_base_rate"][rate]
            told = f"{number(best[0]['sensitivity'])}, at the base rate {number(best[1]['sensitivity'])}"
            yield f"     frontier (knows all precursors): {told}"
        for name, rates in answer["baselines"].items():
            found = rates[rate]
            better = found["ours_better_by_ci"]
            yield f"     {name_of(name):15s} {_one(found)}; ours better by {interval(better)}"


def _setting(found: dict[str, Any]) -> str:
    rate = f"{number(found['false_alarms_per_hour'])} {interval(found['false_alarms_ci'])} false alarms per hour"
    return f"{rate} ({number(found['false_alarms_per_hour_at_base_rate'])} at the base rate), sensitivity {_one(found)}"


def _one(found: dict[str, Any]) -> str:
    return (
        f"{number(found['sensitivity'])} {interval(found['sensitivity_ci'])},"
        f" with precursors {number(found['sensitivity_precursor'])}, looser {number(looser(found))},"
        f" lead {spread(found['lead_s'])} s, in warning {percent(found['time_in_warning'])}"
    )


def looser(found: dict[str, Any]) -> float | None:
    """The sensitivity by the looser rule."""
    return found["looser"] if "looser" in found else found["by_rule"]["looser"]


def _cramp(found: dict[str, Any]) -> Iterator[str]:
    yield f"CRAMP within 4 s: {number(found['within_4_s'])} {interval(found['within_4_s_ci'])} of {found['cramps']}"
    for kind, false in found["false"].items():
        yield f"  false in {kind} sessions: {number(false['per_hour'])} {interval(false['per_hour_ci'])} per hour"
    relief = found["relief"]
    yield f"relief within 4 s: {number(relief['within_4_s'])} of {relief['cramps']}, premature {relief['premature']}"


def number(value: float | None, decimals: int = 2) -> str:
    """A number, or that it is unknown."""
    return "unknown" if value is None else f"{value:.{decimals}f}"


def percent(value: float | None) -> str:
    """A share in percent."""
    return "unknown" if value is None else f"{100 * value:.1f} %"


def interval(found: list[float] | None, decimals: int = 2) -> str:
    """An interval in brackets."""
    return "(unknown)" if found is None else f"({found[0]:.{decimals}f}..{found[1]:.{decimals}f})"


def spread(found: dict[str, float | None]) -> str:
    """A median with its tenths."""
    if found["median"] is None:
        return "unknown"
    return f"{found['median']:.0f} ({found['p10']:.0f}..{found['p90']:.0f})"

"""The whole result of a heel-rise test as plain data and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import monitor
from monitor.analysis import plain
from monitor.guided.comparing import change_sentences, is_whole, norm_sentences
from monitor.guided.heel_rise import HeelRiseGuide
from monitor.guided.result import balance, results_of
from monitor.guided.texts import rises_of
from monitor.settings import Settings
from monitor.warning.texts import DISCLAIMER


def result_object(guide: HeelRiseGuide, file: str, header: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """What `test heel-rise --json` prints of a test; unknown is None. begun : when, in UTC, ISO 8601."""
    results = results_of(guide, settings)
    epoch_s = header.get("epoch_s")
    begun = datetime.fromtimestamp(float(epoch_s), UTC).isoformat(timespec="seconds") if epoch_s else None
    made = {
        "crampwatch": monitor.__version__,
        "config_hash": settings.hash,
        "test": "heel-rise",
        "file": file,
        "athlete": guide.athlete,
        "begun": begun,
        "simulated": bool(header.get("simulated")),
        "legs": {leg: result.to_dict() for leg, result in results.items()},
        "balance": balance(results),
        "norms": list(norm_sentences()),
    }
    return plain(made)


def lines(result: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """For people: each leg, the balance, the last earlier test, the published counts."""
    when = result["begun"] or "date unknown"
    yield f"{'SIMULATED: ' if result['simulated'] else ''}heel-rise test of {result['athlete']}, {when}"
    for leg, told in result["legs"].items():
        yield from _leg_lines(leg, told)
    yield from _balance_lines(result["balance"])
    if result["begun"] is None:
        yield "earlier tests are left aside: the recording does not say when it began"
    elif earlier:
        yield from change_sentences(result, earlier[-1])
    else:
        yield "no earlier test of this person in the folder"
    yield from result["norms"]
    yield DISCLAIMER


def _leg_lines(leg: str, told: Mapping[str, Any]) -> Iterator[str]:
    source = (
        "from the ankle angle"
        if told["repetitions_from"] == "angle"
        else "from EMG bursts: no ankle angle, so rises that are too low count as well"
    )
    least = "" if is_whole(told["unknown_s"]) else "at least "
    yield f"{leg}: {least}{rises_of(told['repetitions'])} ({source}), {told['ended']}"
    if least:
        yield f"{leg}: for {told['unknown_s']:.0f} s of the test the signal was lost: rises in them are not counted"
    if told["height_start_deg"] is not None and told["height_end_deg"] is not None:
        yield f"{leg}: height {told['height_start_deg']:.0f} -> {told['height_end_deg']:.0f} deg of plantarflexion"
    if told["sensor"]:
        yield f"{leg}: {told['sensor']}"
    if told["mdf_change_pct"] is None:
        yield f"{leg}: MDF change unknown: too few rises with a good signal, or a sensor that hears too little"
        return
    low, high = told["mdf_change_ci"]
    yield f"{leg}: MDF {told['mdf_change_pct']:+.1f} % from the first to the last rise (95 % {low:+.1f} .. {high:+.1f})"
    for channel in told["channels"]:
        if channel["mdf_change_pct"] is not None:
            moved = f"{channel['mdf_start_hz']:.0f} -> {channel['mdf_end_hz']:.0f} Hz"
            yield f"{leg} {channel['label']}: MDF {moved} ({channel['mdf_change_pct']:+.1f} %)"
    if told["gm_share_pct"] is not None:
        share = f"{told['gm_share_pct']:.0f} % of the amplitude of both heads"
        yield f"{leg}: GM carries {share}; compare with own tests only"


def _balance_lines(told: Mapping[str, Any]) -> Iterator[str]:
    if told["repetitions_left_of_right_pct"] is not None:
        yield f"left did {told['repetitions_left_of_right_pct']:.0f} % of the rises of the right leg"
    if told["mdf_change_left_less_right"] is not None:
        low, high = told["mdf_change_left_less_right_ci"]
        apart = f"{told['mdf_change_left_less_right']:+.1f} points (95 % {low:+.1f} .. {high:+.1f})"
        yield f"MDF change left less right: {apart}"

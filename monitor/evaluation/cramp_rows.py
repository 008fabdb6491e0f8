"""Every cramp of an evaluation by itself: what announced it, whether it was warned of, when it was seen, why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from monitor.evaluation.as_shown import Shown
from monitor.evaluation.cramp_figures import cramp_delay_s, relief_delay_s
from monitor.evaluation.missed import REASONS, why
from monitor.tidy import write

DICTIONARY: dict[str, tuple[str, str]] = {  # column: unit, meaning
    "session": ("", "name of the session: its scenario, or the recording and whose it is"),
    "athlete": ("", "pseudonym; of a simulated session its seed"),
    "leg": ("", "left or right"),
    "onset_s": ("s", "first involuntary discharge; in labelled recordings the label's start"),
    "precursor": ("", "what announced it, as it was drawn; none = a sudden cramp; unknown = labelled only"),
    "strength": ("1", "of the precursor, 0 to 1; empty = nobody knows"),
    "precursor_s": ("s", "length of the precursor; empty = nobody knows"),
    "hit": ("", "yes = a WARN of that leg started in the 15 minutes before; else no"),
    "lead_s": ("s", "from the WARN to the cramp, cut at the precursor's length; empty = missed"),
    "cramp_delay_s": ("s", "from half of the plateau to CRAMP, below 0 = before; empty = CRAMP was not said"),
    "relief_delay_s": ("s", "from the true relief to RELIEF, below 0 = premature; empty = not said"),
    "missed": ("", f"the first reason that is true: {', '.join(REASONS)}; empty = hit"),
}


def cramp_rows(judged: Sequence[Shown]) -> Iterator[dict[str, Any]]:
    """A row for each cramp of a leg that was recorded, with the columns of `DICTIONARY`; hit is a truth value."""
    for shown in judged:
        tracks = {track.leg: track for track in shown.session.legs}
        for found in shown.outcomes:
            cramp, track = found.cramp, tracks[found.cramp.leg]
            yield {
                "session": shown.session.name,
                "athlete": shown.session.athlete,
                "leg": cramp.leg,
                "onset_s": cramp.onset_s,
                "precursor": cramp.kind,
                "strength": cramp.strength,
                "precursor_s": None if cramp.strength is None else cramp.precursor_s,
                "hit": found.hit,
                "lead_s": found.claimed_s,
                "cramp_delay_s": cramp_delay_s(track, cramp),
                "relief_delay_s": relief_delay_s(track, cramp),
                "missed": None if found.hit else why(found, track),
            }


def write_cramps(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """A table of cramps. Raises: RecordingError if it cannot be written; see `tidy.write`."""
    write(path, "cramps", DICTIONARY, (row | {"hit": "yes" if row["hit"] else "no"} for row in rows))

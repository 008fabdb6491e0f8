"""What became of each cramp: hit or missed, how long before, by which rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.evaluation.definitions import HORIZON_S, LAST_S, SHORTER_HORIZONS_S
from monitor.evaluation.episodes import Episode
from monitor.evaluation.tracks import TrueCramp


@dataclass(frozen=True, slots=True)
class Outcome:
    """One cramp. hit : by the frozen definition; the others stand beside it.

    lead_s : of the first episode that hits, None = missed; claimed_s : cut at the precursor's length
    """

    cramp: TrueCramp
    hit: bool
    in_10_min: bool
    in_5_min: bool
    on_at_cramp: bool
    protocol: bool
    looser: bool
    lead_s: float | None
    too_early: bool

    @property
    def claimed_s(self) -> float | None:
        """The lead that may be claimed."""
        if self.lead_s is None or self.cramp.strength is None:
            return self.lead_s
        return min(self.lead_s, 0.0 if self.cramp.sudden else self.cramp.precursor_s)


def outcome(cramp: TrueCramp, episodes: Sequence[Episode], *, blind: bool = False) -> Outcome:
    """Judge one cramp by the episodes of its leg. blind : there was no signal when it came, so it is missed."""
    onset_s, episodes = cramp.onset_s, [] if blind else episodes
    started = [each for each in episodes if starts_before(each, onset_s, HORIZON_S)]
    on = [each for each in episodes if each.start_s <= onset_s < each.end_s]
    tens, fives = (any(starts_before(each, onset_s, span_s) for each in started) for span_s in SHORTER_HORIZONS_S)
    return Outcome(
        cramp=cramp,
        hit=bool(started),
        in_10_min=tens,
        in_5_min=fives,
        on_at_cramp=any(each in started for each in on),
        protocol=any(each.overlaps(onset_s - LAST_S, onset_s) for each in started),
        looser=any(each.overlaps(onset_s - HORIZON_S, onset_s) for each in episodes),
        lead_s=onset_s - started[0].start_s if started else None,
        too_early=not started and bool(on),
    )


def starts_before(episode: Episode, onset_s: float, span_s: float) -> bool:
    """Whether an episode starts in the span before a cramp, its borders included."""
    return onset_s - span_s <= episode.start_s <= onset_s

"""The markers of guided tests: they stand in the recording, so a replay goes the same way as the test itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

HEEL_RISE, HOLD = "heel-rise", "shortened-hold"
WARM_UP, REST, TEST, END, DONE, CRAMP, CRAMP_OVER = (
    "warm-up",
    "rest",
    "test",
    "end",
    "done",
    "cramp",
    "cramp over",
)
_WORDS = (WARM_UP, REST, TEST, END, DONE, CRAMP_OVER, CRAMP)


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of a guided test. kind: which test; leg: left, right or empty; detail: why it ended."""

    kind: str
    word: str
    leg: str = ""
    detail: str = ""

    def __str__(self) -> str:
        head = f"{self.kind}: {self.word}" + (f" {self.leg}" if self.leg else "")
        return f"{head} ({self.detail})" if self.detail else head

    @classmethod
    def read(cls, text: str) -> Mark | None:
        """The mark of a marker's text; None for any other marker."""
        kind, colon, rest = text.partition(": ")
        if not colon or kind not in (HEEL_RISE, HOLD):
            return None
        rest, _, detail = rest.partition(" (")
        word = next((word for word in _WORDS if rest == word or rest.startswith(f"{word} ")), None)
        return None if word is None else cls(kind, word, rest[len(word) :].strip(), detail.removesuffix(")"))


def marks_of(markers: Iterable[tuple[float, str]], kind: str) -> list[tuple[float, Mark]]:
    """The marks of one kind of test among a session's markers, with their session seconds."""
    found = [(time_s, Mark.read(text)) for time_s, text in markers]
    return [(time_s, mark) for time_s, mark in found if mark is not None and mark.kind == kind]

"""The one kind of step: a Stage takes chunks of its input stream and gives chunks of its output stream.

Every stage obeys the same laws (tests/test_stage_laws.py): the size of the chunks does not matter, empty in gives empty
out, the input stays untouched, a NaN heals, `reset()` equals a new stage, memory stays flat.
"""

from __future__ import annotations

from typing import Protocol

from monitor.chunk import Chunk, Stream


class Stage(Protocol):
    """One step of the way from packet to warning, with state that has one owner."""

    @property
    def input(self) -> Stream:
        """The stream that `push` accepts: known when built, so wrong wiring fails at start-up."""
        ...

    @property
    def output(self) -> Stream:
        """The stream that `push` returns."""
        ...

    def push(self, chunk: Chunk) -> Chunk:
        """Take the next chunk; give what is now known, a chunk of no samples where nothing is."""
        ...

    def reset(self) -> None:
        """Forget everything: a new session, or a gap too long to bridge."""
        ...

"""The one type that flows: from the decoded packet to the warning, everything is a Chunk of a Stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.errors import WiringError


@dataclass(frozen=True, slots=True)
class Channel:
    """One column of a stream: its label ("GM") and the unit of its samples ("uV")."""

    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class Stream:
    """What a chunk's samples are: known before the first sample comes, unchanged while it flows.

    rate_hz : samples per second as measured or declared by the source (never assumed); for a stream that comes
        without stamps and irregularly, the mean rate.
    source_id : who sends it; it survives a reconnect and a restart.
    """

    name: str
    rate_hz: float
    channels: tuple[Channel, ...]
    source_id: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The channels' labels in order."""
        return tuple(channel.label for channel in self.channels)


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Consecutive samples of one stream.

    time_s : (n,) float64, strictly rising, seconds on the session clock, the instant of each sample.
    samples : (n, n_channels) in the channels' units; NaN = lost on the way.
    Raises: WiringError where the shapes do not fit the stream.
    """

    stream: Stream
    time_s: NDArray[np.float64]
    samples: NDArray[np.floating]

    def __post_init__(self) -> None:
        expected = (len(self.time_s), len(self.stream.channels))
        if self.samples.shape != expected:
            raise WiringError(
                f"stream {self.stream.name!r} of {self.stream.source_id!r} needs samples of shape {expected},"
                f" got {self.samples.shape}"
            )

    def __len__(self) -> int:
        return len(self.time_s)

    def __getitem__(self, rows: slice) -> Chunk:
        return Chunk(self.stream, self.time_s[rows], self.samples[rows])

    @classmethod
    def empty(cls, stream: Stream) -> Chunk:
        """A chunk of no samples: "nothing to say yet"."""
        return cls(stream, np.empty(0), np.empty((0, len(stream.channels))))

    @classmethod
    def joined(cls, chunks: Sequence[Chunk]) -> Chunk:
        """Consecutive chunks of one stream as one (at least one chunk)."""
        if len(chunks) == 1:
            return chunks[0]
        return cls(
            chunks[0].stream,
            np.concatenate([chunk.time_s for chunk in chunks]),
            np.concatenate([chunk.samples for chunk in chunks]),
        )

"""What codecs share of which every notification stands for itself: no bytes are held from one to the next."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from monitor.acquisition.framing import Framed
from monitor.errors import PacketError


class Alone(ABC):
    """A codec that reads each notification by itself. held: always empty."""

    def __init__(self) -> None:
        self.held = b""

    def reset(self) -> None:
        """The link was lost: nothing else was carried on either."""
        self.held = b""

    def push(self, pieces: Sequence[bytes]) -> list[Framed]:
        """The plain records of each notification, or why its bytes are none."""
        return [framed for at, piece in enumerate(pieces) for framed in self._framed(at, piece)]

    def _framed(self, at: int, piece: bytes) -> list[Framed]:
        try:
            return [Framed(0, record, at) for record in self.records(bytes(piece))]
        except PacketError as reason:
            return [Framed(0, b"", at, str(reason))]

    @abstractmethod
    def records(self, piece: bytes) -> list[bytes]:
        """What one notification holds. Raises: PacketError, and nothing else, where it cannot be read."""

    def wrap(self, frame: bytes, room: int) -> list[bytes]:
        """The one notification that a sensor sends for a plain record. Raises: PacketError where it cannot."""
        payload = self.payload(frame)
        if len(payload) > room:
            raise PacketError(f"{len(payload)} bytes do not fit a notification of {room}")
        return [payload]

    @abstractmethod
    def payload(self, frame: bytes) -> bytes:
        """The inverse of `records` for one record. Raises: PacketError where the record is none."""

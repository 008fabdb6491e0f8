"""Notes from other programs on this machine: each UDP datagram on loopback is a text that is marked at its arrival."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Self

from monitor.errors import CrampwatchError
from monitor.orders import is_baseline_order

LONGEST = 500  # characters of a note
MOST_PER_S = 20
_ORDERS = ("calibrate:", "taken back:")  # and those of a baseline: no other program gives them; it may report a cramp
_WAIT_S = 0.2


class UdpMarkers:
    """Listens on 127.0.0.1 while it is open.

    port : 0 = any free one, see `port` then. mark : is told each note, in this listener's thread.
    n_refused : datagrams that were no text, too long, too many, or orders.
    Raises: CrampwatchError if the port is taken.
    """

    def __init__(self, port: int, mark: Callable[[str], None]) -> None:
        self._mark = mark
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind(("127.0.0.1", port))
        except OSError as error:
            self._socket.close()
            raise CrampwatchError(f"cannot listen for markers on UDP port {port}: {error.strerror}") from error
        self._socket.settimeout(_WAIT_S)
        self.port: int = self._socket.getsockname()[1]
        self.n_refused = 0
        self._second, self._n_this_second = 0, 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="markers", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                content, _ = self._socket.recvfrom(65_536)
            except TimeoutError:
                continue
            except OSError:  # a datagram that cannot be received is none
                self.n_refused += 1
                continue
            text = _text_of(content)
            if text and self._has_room():
                self._mark(text)
            else:
                self.n_refused += 1

    def _has_room(self) -> bool:
        second = int(time.monotonic())
        self._n_this_second = self._n_this_second + 1 if second == self._second else 1
        self._second = second
        return self._n_this_second <= MOST_PER_S


def _text_of(content: bytes) -> str:
    """The note in a datagram; empty where it is none."""
    try:
        text = content.decode("utf-8").strip()
    except UnicodeDecodeError:
        return ""
    fits = 0 < len(text) <= LONGEST and text.isprintable()
    order = text.lower().startswith(_ORDERS) or is_baseline_order(text.lower())
    return text if fits and not order else ""

"""Work that runs to its end in a thread of its own, while others ask whether it runs and what has ended it."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable


class Background(ABC):
    """`run` does the work in the caller's thread; `start`, once, in one of its own, which keeps no program from ending.

    name : the thread's. on_failure : told of what has ended it, in its own thread.
    """

    def __init__(self, name: str, on_failure: Callable[[BaseException], None] = lambda _: None) -> None:
        self._thread = threading.Thread(target=self._run_and_tell, name=name, daemon=True)
        self._error: BaseException | None = None
        self._on_failure = on_failure

    @abstractmethod
    def run(self) -> None:
        """To the end, in this thread."""

    def start(self) -> None:
        """To the end, in a thread of its own; `failure` tells how it ended."""
        self._thread.start()

    @property
    def begun(self) -> bool:
        """`start` was called."""
        return self._thread.ident is not None

    @property
    def running(self) -> bool:
        """It goes on."""
        return self._thread.is_alive()

    @property
    def failure(self) -> BaseException | None:
        """What ended it before its end; None = nothing."""
        return None if self.running else self._error

    def join(self, timeout_s: float | None = None) -> None:
        """Wait for the end and raise what ended it. Raises: TimeoutError."""
        if self.begun:
            self._thread.join(timeout_s)
        if self.running:
            raise TimeoutError(f"{self._thread.name} still runs after {timeout_s:g} s")
        if self._error is not None:
            raise self._error

    def _run_and_tell(self) -> None:
        try:
            self.run()
        except BaseException as error:  # noqa: BLE001 - kept for `join`, as a future keeps it
            self._error = error
            self._on_failure(error)

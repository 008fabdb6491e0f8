"""Computing a recording in the background: how far it is, what came of it, and giving it up."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from monitor.errors import CrampwatchError
from monitor.settings import Settings
from monitor.study import Study, study


class Work:
    """One recording at a time; the newest wish counts. The window asks `poll` and is never held up."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="study")
        self._future: Future[Study] | None = None
        self._wanted, self.done = 0, 0.0
        self.what = ""

    @property
    def busy(self) -> bool:
        """Something is being computed."""
        return self._future is not None

    def start(self, path: Path, settings: Settings | None) -> None:
        """Compute this; what was being computed is given up."""
        self._wanted += 1
        number = self._wanted
        self.done, self.what = 0.0, path.name

        def progress(share: float) -> bool:
            if number == self._wanted:
                self.done = share
            return number == self._wanted

        self._future = self._pool.submit(study, path, settings, progress)

    def poll(self) -> Study | str | None:
        """The study that is ready, a sentence on why there is none, or None = not yet or nothing asked."""
        if self._future is None or not self._future.done():
            return None
        future, self._future = self._future, None
        error = future.exception()
        if error is None:
            return future.result()
        if isinstance(error, InterruptedError):
            return None
        return str(error) if isinstance(error, CrampwatchError) else f"{self.what} could not be computed: {error!r}"

    def close(self) -> None:
        """Give up what is being computed."""
        self._wanted += 1
        self._pool.shutdown(wait=False, cancel_futures=True)

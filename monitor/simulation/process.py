"""Starts, kills and restarts the process of the virtual athletes."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Self

from monitor.errors import RadioError

READY_S = 30.0
_END_S = 3.0
_LOOK_S = 0.2
_DEAD_S = 3.0  # how long it stays away


class SimulatorProcess:
    """The virtual athletes in a process of their own, so that the monitor's threads keep their processor.

    athletes, scenario, speed, seed : as `monitor.simulation.serve` takes them.
    Use as `with SimulatorProcess(...) as simulator`, or call `start` and `stop`.
    """

    def __init__(self, athletes: int = 1, scenario: str = "tiring", speed: float = 1.0, seed: int = 1) -> None:
        self._arguments = [f"--athletes={athletes}", f"--scenario={scenario}", f"--speed={speed}", f"--seed={seed}"]
        self._speed = speed
        self._port = 0
        self._process: subprocess.Popen[str] | None = None
        self._began_s: float | None = None  # when the athletes began; they wait for the monitor
        self._start_s = 0.0
        self.lag_s = 0.0
        self._stopping = threading.Event()
        self._reviver: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The TCP port of its HCI; the same after a restart."""
        return self._port

    @property
    def radio(self) -> str:
        """What `open_radio` takes to reach it."""
        return f"tcp:127.0.0.1:{self._port}"

    @property
    def time_s(self) -> float:
        """The session second that the sensors are at, running or not."""
        began_s = self._began_s
        return self._start_s if began_s is None else self._start_s + (time.monotonic() - began_s) * self._speed

    def start(self, start_s: float = 0.0) -> None:
        """Start it and wait until it is ready. start_s: the sensors' first session second.

        Raises: RadioError with what the process said if it does not come up.
        """
        command = [sys.executable, "-m", "monitor.simulation.serve", *self._arguments]
        self._start_s, self._began_s = start_s, None
        self._words = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        process = subprocess.Popen(
            [*command, f"--start={start_s}", f"--port={self._port}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            text=True,
        )
        self._process = process
        ready: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, args=(process, ready), daemon=True)
        self._listener.start()
        with contextlib.suppress(queue.Empty):
            if (port := ready.get(timeout=READY_S)) is not None:
                self._port = port
                return
        process.kill()
        raise RadioError(f"the virtual sensors did not start: {self._close() or 'no answer'}")

    @contextlib.contextmanager
    def starting(self) -> Iterator[Callable[[], None]]:
        """Start it while the caller does other things; what this gives waits until it is ready (see `start`)."""
        with ThreadPoolExecutor(1) as pool:
            ready = pool.submit(self.start)
            try:
                yield lambda: ready.result()
            finally:
                if ready.exception() is None:
                    self.stop()

    def kill(self) -> None:
        """End it at once, as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._close()

    def restart(self) -> None:
        """Start it again on the same port; the athletes are where they would be by now."""
        self.kill()
        self.start(self.time_s)

    def revive(self) -> None:
        """From now on, start it again by itself when it has died: a virtual sensor comes back as a real one does."""
        self._reviver = threading.Thread(target=self._revive, name="simulator", daemon=True)
        self._reviver.start()

    def _revive(self) -> None:
        while not self._stopping.wait(_LOOK_S):
            if self._process is not None and self._process.poll() is not None:
                self._close()
            if self._process is None and not self._stopping.wait(_DEAD_S):
                with contextlib.suppress(RadioError):  # it is tried again
                    self.start(self.time_s)

    def stop(self) -> None:
        """End it in good order."""
        self._stopping.set()
        if self._reviver is not None:
            self._reviver.join(READY_S)  # it may be starting one
        process = self._process
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
        self._close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _listen(self, process: subprocess.Popen[str], ready: queue.SimpleQueue[int | None]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            facts = json.loads(line)
            if "port" in facts:
                ready.put(facts["port"])
            elif "begun" in facts:
                self._began_s = time.monotonic()
            else:
                self.lag_s = facts["lag_s"]
        ready.put(None)

    def _close(self) -> str:
        """Clear up after the process has been told to end; its last words."""
        process, self._process = self._process, None
        assert process is not None and process.stdin is not None and process.stdout is not None
        process.wait()
        self._listener.join()
        process.stdin.close()
        process.stdout.close()
        with self._words:
            self._words.seek(0)
            return self._words.read().strip().rpartition("\n")[2]

"""One function over many items: here, in several processes (joblib), or on many machines (a dask cluster).

The answers come in the items' order and are the same wherever they were made. A worker that dies costs time: what it
had is done again; an item that kills its worker every time, or that brings a fault of the program to light, is given up
alone.
"""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from monitor.errors import CrampwatchError, NetworkError

if TYPE_CHECKING:
    from distributed import Client

Item = TypeVar("Item")
Answer = TypeVar("Answer")
_CONNECT_S = 10.0


@dataclass(frozen=True, slots=True)
class Workers:
    """Who works. jobs: processes of this machine; cluster: address of a dask scheduler, None = this machine alone."""

    jobs: int = 1
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer. why : the worker died each time, or there is a fault in the program."""

    why: str


@dataclass(frozen=True, slots=True)
class _GivenUpAlone(Generic[Item, Answer]):
    """`work`, whose unforeseen failure is an answer; what it raises on purpose is raised."""

    work: Callable[[Item], Answer]

    def __call__(self, item: Item) -> Answer | Lost:
        try:
            return self.work(item)
        except CrampwatchError:
            raise
        except Exception as error:  # noqa: BLE001 - one item among thousands; where it happened is told
            place = traceback.extract_tb(error.__traceback__)[-1]
            return Lost(f"a fault in the program: {error!r} ({Path(place.filename).name}, line {place.lineno})")


def in_order(work: Callable[[Item], Answer], items: Sequence[Item], workers: Workers) -> Iterator[Answer | Lost]:
    """The answers in the items' order. work : a function of a module, or a `partial` or dataclass of such.

    Raises: NetworkError where the cluster cannot be reached; the CrampwatchErrors of `work`.
    """
    alone: Callable[[Item], Answer | Lost] = _GivenUpAlone(work)
    if workers.cluster is not None:
        return _on_cluster(alone, items, workers.cluster)
    if workers.jobs > 1 and len(items) > 1:
        return _in_processes(alone, items, workers.jobs)
    return map(alone, items)


def _in_processes(work: Callable[[Item], Answer], items: Sequence[Item], jobs: int) -> Iterator[Answer | Lost]:
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    done = 0
    while done < len(items):
        try:
            for answer in _begun(work, items[done:], jobs):
                done += 1
                yield answer
        except TerminatedWorkerError:
            yield _alone(work, items[done])
            done += 1


def _alone(work: Callable[[Item], Answer], item: Item) -> Answer | Lost:
    """The item that was next when a worker died, in a worker of its own, twice if it must."""
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    why = ""
    for _ in range(2):
        try:
            (answer,) = _begun(work, [item], 2)
            return answer
        except TerminatedWorkerError as error:
            why = str(error).partition("\n")[0]
    return Lost(f"its process died twice: {why}")


def _begun(work: Callable[[Item], Answer], items: Sequence[Item], jobs: int) -> Iterator[Answer]:
    """The answers of processes that now begin."""
    from joblib import Parallel, delayed

    parallel: Any = Parallel(n_jobs=jobs, backend="loky", return_as="generator")
    with _deaf_to_ctrl_c():
        return parallel(delayed(work)(item) for item in items)


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes that begin within never hear it: a terminal sends it to all, and this one, which hears it, ends them.

    Windows has no such mask.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # as it begins it lifts the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _on_cluster(work: Callable[[Item], Answer], items: Sequence[Item], address: str) -> Iterator[Answer | Lost]:
    from distributed.scheduler import KilledWorker

    with _client(address) as client:
        waiting: list[Any] = [client.submit(work, item, pure=False) for item in items]
        waiting.reverse()
        while waiting:
            try:
                yield waiting.pop().result()
            except KilledWorker as error:
                yield Lost(f"it killed several workers: {error}".partition("\n")[0])


def _client(address: str) -> Client:
    """Raises: NetworkError."""
    try:
        from distributed import Client
    except ImportError as error:
        raise NetworkError("--cluster needs dask: pip install 'crampwatch[cluster]'") from error
    try:
        return Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NetworkError(f"no dask scheduler answers at {address!r}: {error or type(error).__name__}") from error

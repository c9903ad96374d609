"""Where blocks run: in this process, in processes beside it, or on a Dask cluster.

All of them are a ``concurrent.futures.Executor``, so any other one will do as well.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol

from sim.runs.simulate import RunError

LOCAL = "local"
_STARTED_ONCE = ("sim.model", "sim.outcomes.declared", "sim.runs.block", "pyarrow.parquet")
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class Pool(Protocol):
    """A source of executors: a fresh one can be had when workers have died."""

    workers: int

    def executor(self) -> Executor:
        """The executor at work, started when first asked for."""

    def renew(self) -> None:
        """Give a broken executor up."""

    def close(self, wait: bool = True) -> None:
        """Let the workers go; without ``wait`` at once."""


class Inline(Executor):
    """Runs what is submitted at once, in this process."""

    def submit[**P, T](
        self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:  # fmt: skip
        """Run and return a finished future."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class SerialPool:
    """One block after another, in this process."""

    workers = 1

    def executor(self) -> Executor:
        """An executor that runs at once."""
        return Inline()

    def renew(self) -> None:
        """Nothing can break."""

    def close(self, wait: bool = True) -> None:
        """Nothing to let go."""


class ProcessPool:
    """Processes on this machine; the program is imported once and the workers fork from it.

    Measured on two cores: workers of a fork server that has imported the model are ready as
    fast as plain forks and, unlike these, inherit no threads and locks of the parent; with
    ``spawn`` each worker imports anew, which costs it a second.
    """

    def __init__(self, workers: int, start_method: str | None = None) -> None:
        if workers < 1:
            raise RunError(f"an experiment needs at least one worker, not {workers}")
        self.workers = workers
        self._method = start_method or default_start_method()
        self._executor: ProcessPoolExecutor | None = None

    def executor(self) -> Executor:
        """The process pool, started when first asked for."""
        if self._executor is None:
            context: Any = multiprocessing.get_context(self._method)
            if self._method == "forkserver":
                context.set_forkserver_preload(list(_STARTED_ONCE))
            with _one_thread_each():
                self._executor = ProcessPoolExecutor(self.workers, context, _begin)
                # The workers start with the first task; they must see the environment.
                self._executor.submit(os.getpid).result()
        return self._executor

    def renew(self) -> None:
        """Give a broken pool up; the next executor is a new one."""
        self.close(wait=False)

    def close(self, wait: bool = True) -> None:
        """Let the workers go; without ``wait`` what they are doing is lost."""
        pool, self._executor = self._executor, None
        if pool is None:
            return
        # Taken before the shutdown, which forgets them.
        workers = list((pool._processes or {}).values())
        pool.shutdown(wait=wait, cancel_futures=True)
        if not wait:
            for worker in workers:
                worker.kill()


def default_start_method() -> str:
    """The fastest start method that is safe here."""
    available = multiprocessing.get_all_start_methods()
    return "forkserver" if "forkserver" in available else "spawn"


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Children compute in one thread each: more would fight for the same cores."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _begin() -> None:
    """First act of a worker: leave stopping to the parent, and do not outlive it."""
    gc.freeze()  # what is imported stays: blocks look for lost models among what is new
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class DaskPool:
    """Workers of a Dask cluster: of a running one, or of one made on this machine.

    Args:
        address: ``tcp://host:port`` of a scheduler, or ``local``.
        workers: processes of a local cluster.

    Raises:
        RunError: if Dask is not installed or no scheduler answers.
    """

    def __init__(self, address: str, workers: int) -> None:
        self._client = _dask_client(address, workers)
        self.workers = max(len(self._client.scheduler_info()["workers"]), 1)

    def executor(self) -> Executor:
        """The cluster as an executor."""
        executor: Executor = self._client.get_executor(pure=False)
        return executor

    def renew(self) -> None:
        """The scheduler replaces its workers itself."""

    def close(self, wait: bool = True) -> None:
        """Leave the cluster; a local one ends."""
        self._client.close()
        if self._client.cluster is not None:
            self._client.cluster.close()


def _dask_client(address: str, workers: int) -> Any:
    try:
        import distributed
    except ImportError:
        raise RunError("a cluster needs Dask: pip install 'chokepoint-sim[cluster]'") from None
    if address == LOCAL:
        with _one_thread_each():
            cluster = distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address=None,
                silence_logs=50, host="127.0.0.1",
            )  # fmt: skip
        return distributed.Client(cluster)
    try:
        return distributed.Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise RunError(f"no Dask scheduler answers at {address}: {error}") from None


def make_pool(workers: int, cluster: str | None = None) -> Pool:
    """The pool that the user asked for.

    Args:
        workers: processes on this machine; one means this very process.
        cluster: address of a Dask scheduler, or ``local``.

    Raises:
        RunError: if it cannot be had.
    """
    if cluster is not None:
        return DaskPool(cluster, workers)
    return SerialPool() if workers == 1 else ProcessPool(workers)

"""Processes that score tasks, one a core, and that end when this one does.

Each has a pipe of its own. A process that was killed, or one whose parent was, is noticed at
once: the other end of its pipe closes.
"""

import multiprocessing
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess

import pyarrow as pa

from ..refusal import Refusal
from .parts import Finished, Order, Part, run
from .score import BatchScorer
from .tasks import Task

# One task under way and one that waits, so that no process waits for us.
MOST_TASKS = 2


@dataclass(frozen=True)
class Fault:
    """What went wrong in a process and is nobody's mistake but ours."""

    text: str


Said = Part | Finished | Refusal | Fault


@dataclass
class Worker:
    """A process, our end of its pipe, and how many tasks it has."""

    process: BaseProcess
    pipe: Connection
    tasks: int = 0


@dataclass
class Team:
    """The processes of a batch."""

    workers: list[Worker] = field(default_factory=list)

    def find_idle(self) -> Worker | None:
        """Give the process with the fewest tasks, None when all have enough."""
        worker = min(self.workers, key=lambda worker: worker.tasks)
        return worker if worker.tasks < MOST_TASKS else None

    def is_busy(self) -> bool:
        """Tell whether a task is under way."""
        return any(worker.tasks for worker in self.workers)

    def give(self, worker: Worker, task: Task) -> None:
        """Hand a task over."""
        try:
            worker.pipe.send(task)
        except OSError as error:
            raise _say_lost() from error
        worker.tasks += 1

    def listen(self) -> Iterator[Part | Finished]:
        """Wait until some process says something, and give it; raise what it could not do."""
        pipes = {worker.pipe: worker for worker in self.workers}
        for pipe in wait(list(pipes)):
            assert isinstance(pipe, Connection)
            try:
                said: Said = pipe.recv()
            except (EOFError, OSError) as error:
                raise _say_lost() from error
            if isinstance(said, Refusal):
                raise said
            if isinstance(said, Fault):
                raise RuntimeError(said.text)
            pipes[pipe].tasks -= isinstance(said, Finished)
            yield said


def _say_lost() -> Refusal:
    return Refusal(
        "A process that scored was killed, most likely for want of memory; run the same "
        "command again with fewer WORKERS: what is finished is kept."
    )


@contextmanager
def start(count: int, order: Order) -> Iterator[Team]:
    """Start processes that share what they import, and end them whatever happens."""
    context = choose_context()
    team = Team()
    try:
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=work, args=(theirs, order), daemon=True)
            process.start()
            theirs.close()
            team.workers.append(Worker(process, ours))
        yield team
    finally:
        for worker in team.workers:
            worker.pipe.close()
            worker.process.terminate()
            worker.process.join()


def choose_context() -> ForkServerContext | SpawnContext:
    """Choose how processes start; where a server can fork them, they share what it imported."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    root = __name__.partition(".")[0]
    context.set_forkserver_preload([__name__, f"{root}.scoring.graph"])
    return context


def work(pipe: Connection, order: Order) -> None:
    """Score tasks until the pipe closes: what runs in each process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to answer
    pa.set_cpu_count(1)
    try:
        _answer(pipe, order)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # nobody is there any more


def _answer(pipe: Connection, order: Order) -> None:
    try:
        scorer = BatchScorer(order.package, order.id_kind)
        while True:
            task: Task = pipe.recv()
            for said in run(task, order, scorer):
                pipe.send(said)
    except Refusal as refusal:
        pipe.send(refusal)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise
    except Exception:  # pylint: disable=broad-except
        pipe.send(Fault(traceback.format_exc()))

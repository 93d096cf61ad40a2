"""Do several things side by side and hear of the first failure at once.

Owns: the threads, which are daemons: an interrupted program never waits for a download.
Never: cancels: whoever is left running after a failure must notice it for itself.
"""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator


def each(actions: Iterable[Callable[[], object]], width: int) -> Iterator[int]:
    """Run the actions, at most `width` at once; count those that ended; raise the first error."""
    todo: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
    ends: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
    total = 0
    for action in actions:
        todo.put(action)
        total += 1
    for _ in range(min(width, total)):
        threading.Thread(target=_work, args=(todo, ends), daemon=True).start()
    for done in range(1, total + 1):
        error = ends.get()
        if error is not None:
            _drop(todo)
            raise error
        yield done


def run(actions: Iterable[Callable[[], object]], width: int) -> None:
    """Run the actions and wait until all have ended, or raise the first error at once."""
    for _ in each(actions, width):
        pass


def _work(
    todo: queue.SimpleQueue[Callable[[], object]], ends: queue.SimpleQueue[BaseException | None]
) -> None:
    while True:
        try:
            action = todo.get_nowait()
        except queue.Empty:
            return
        try:
            action()
        except BaseException as error:  # noqa: BLE001  handed to the thread that waits
            ends.put(error)
        else:
            ends.put(None)


def _drop(todo: queue.SimpleQueue[Callable[[], object]]) -> None:
    try:
        while True:
            todo.get_nowait()
    except queue.Empty:
        return

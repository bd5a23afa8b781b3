"""How figures are printed, and how work is shared out over two cores."""

import json
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Self, TypeVar

import cv2

Task = TypeVar("Task")
Result = TypeVar("Result")


def show(figure: str, ours: float | None, **more: Any) -> None:
    """Print one figure as a line of JSON; keys such as ``peer``, ``aim``, ``moonshot`` and ``n`` as they come."""
    line = {"figure": figure, "ours": ours, "peer": None, "aim": None, "moonshot": None, **more}
    print(json.dumps({key: _plain(value) for key, value in line.items()}), flush=True)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    return value.item() if hasattr(value, "item") else value


def one_thread() -> None:
    """OpenCV on one core: the other belongs to the other worker."""
    cv2.setNumThreads(1)


class Workers:
    """Processes that render and measure."""

    def __init__(self, number: int) -> None:
        """Start them; they import afresh, so that no thread of this process is in the way."""
        self._pool = ProcessPoolExecutor(number, mp_context=get_context("spawn"), initializer=one_thread)

    def map(self, work: Callable[[Task], Result], tasks: Sequence[Task]) -> list[Result]:
        """What each task gives, in order."""
        return list(self._pool.map(work, tasks))

    def __enter__(self) -> Self:
        """Themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let them go."""
        self._pool.shutdown(cancel_futures=True)

"""Work that is done side by side: NumPy and OpenCV leave Python while they count, so that threads are enough.

How many threads there are changes no number: every part is worked out by itself, and the parts keep their order.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

THREADS = 2
"""At a time, for one photo; a clinic's server measures several photos at once."""


def each(work: Callable[[Given], Made], parts: Sequence[Given]) -> list[Made]:
    """What is made of each part, in their order."""
    if len(parts) <= 1:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, parts))

"""Running the command line in a test: the fixture ``run`` gives a ``Run``."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """What it printed, wherever the lines were broken."""
        return " ".join(self.out.split())

    @property
    def report(self) -> dict[str, Any]:
        """What it printed, as JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found


Run = Callable[..., Ran]

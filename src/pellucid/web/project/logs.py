"""How logs are written: what went wrong and where, without what people typed and without what lets somebody in.

An error's words may hold both: PostgreSQL's ``Key (email)=(...)`` is a person's address. So an error is told by its
kind, and by the files and lines it went through.
"""

import copy
import logging
import re
import traceback
from types import TracebackType

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
LONG_PART = re.compile(r"(?<=/)[^/\s?#'\"]{24,}")
"""A part of a path that may be a token: links of guardians, invitations and the demo sign somebody in."""
NO_TOKEN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.\w+)?|[a-z_.-]+")
"""Long parts that are none: ids and plain words. Tokens are drawn from capitals and digits too."""


class Formatter(logging.Formatter):
    """Writes records without the words of errors, and paths without tokens."""

    def format(self, record: logging.LogRecord) -> str:
        """The lines of a record.

        Another handler may have kept the whole words of the error in the record; they are not taken from there.
        """
        mine = copy.copy(record)
        mine.exc_text = None
        mine.msg, mine.args = without_tokens(record.getMessage()), None
        return super().format(mine)

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802 - logging's name
        """An error with those it came from, the first one first: each with its kind, files and lines."""
        return "\n\n".join(_told(each) for each in reversed(_chain(ei[1])))


def without_tokens(words: str) -> str:
    """The same with each part of a path that may be a token cut away."""
    return LONG_PART.sub(lambda found: found[0] if NO_TOKEN.fullmatch(found[0]) else "…", words)


def _chain(fault: BaseException | None) -> list[BaseException]:
    """An error and those it came from; each once, as errors can be tied into a ring."""
    found: list[BaseException] = []
    while fault is not None and not any(fault is each for each in found):
        found.append(fault)
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    return found


def _told(fault: BaseException) -> str:
    frames = "".join(traceback.format_tb(fault.__traceback__))
    return f"Traceback (most recent call last):\n{frames}{type(fault).__module__}.{type(fault).__qualname__}"

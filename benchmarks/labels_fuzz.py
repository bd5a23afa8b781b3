"""Texts that a reader of labels must come through: lists with stretches put in, left out or doubled, and huge ones."""

import random
import string
from collections.abc import Iterator, Sequence

HUGE = 1_000_000
"""Characters."""

_ODD: tuple[str, ...] = (
    "\0",
    "\x1b[31m",
    "\ud800",
    "\u202e",
    "\u200b",
    "\U0001f600",
    "ﬁ",
    "½",
    "(",
    ")",
    "[",
    "]",
    "((",
    ",",
    ", ,",
    "*",
)
_ODD += (
    "<br>",
    "&amp;",
    "&#0;",
    "%",
    "100%",
    "\n",
    "\r\n",
    "/",
    "-\n",
    "\u0645\u0631\u062d\u0628",
    "成分\uff1a",
    "May contain: ",
    "[+/-",
    ". ",
)


def mutated(text: str, drawn: random.Random) -> str:
    """The text with some stretches put in, left out or doubled."""
    for _ in range(drawn.randint(1, 12)):
        place, further = sorted(drawn.randrange(len(text) + 1) for _ in range(2))
        kind = drawn.choice(("in", "in", "in", "out", "double"))
        if kind == "in":
            text = text[:place] + drawn.choice(_ODD) + text[place:]
        elif kind == "out":
            text = text[:place] + text[min(further, place + 40) :]
        else:
            text = text[:further] + text[place:further][:400] + text[further:]
    return text


def huge(texts: Sequence[str], drawn: random.Random) -> Iterator[tuple[str, str]]:
    """Texts of a million characters."""
    every = ", ".join(texts)
    words = ("".join(drawn.choices(string.ascii_lowercase, k=drawn.randint(3, 9))) for _ in range(HUGE // 6))
    shapes = {
        "labels": every * (HUGE // len(every) + 1),
        "words": " ".join(words),
        "characters": "".join(map(chr, (drawn.randrange(1, 0x500) for _ in range(HUGE)))),
        "open brackets": "(" * HUGE,
        "nested brackets": "(" * (HUGE // 2) + ")" * (HUGE // 2),
        "brackets and commas": "Water, Glycerin, Mica " + "(," * (HUGE // 2),
        "one letter": "a" * HUGE,
        "commas": "," * HUGE,
        "titles": "a: " * (HUGE // 3),
        "NULs": "\0" * HUGE,
        "spaces": " " * HUGE,
        "lines": "water\n" * (HUGE // 6),
        "names without separators": "water " * (HUGE // 6),
        "locants": "Ingredients: water, glycerin, " + "1,2-" * (HUGE // 4),
        "slashes": "Ingredients: water, glycerin, " + "a/" * (HUGE // 2),
        "percents": "Ingredients: water, glycerin, " + "5% " * (HUGE // 3),
        "headings": "Ingredients: " * (HUGE // 13),
        "half tags": "<a" * (HUGE // 2),
        "emoji": "\U0001f600" * HUGE,
        "right to left": "\u202e\u0645\u0631\u062d\u0628 " * (HUGE // 7),
        "ligatures": "ﬁ" * HUGE,
    }
    yield from ((name, text[:HUGE]) for name, text in shapes.items())

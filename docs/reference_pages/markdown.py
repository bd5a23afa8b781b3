"""The Markdown that every page is made of: a title with a note, tables, and ids as code."""

from collections.abc import Iterable

NOTE = "<!-- Written by docs/generate.py; change the data, not this page. -->"


def page(title: str, *parts: str) -> str:
    """A page with its title and the note that it is generated."""
    return "\n\n".join((f"# {title}", NOTE, *parts)) + "\n"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    titles = list(head)
    lines = [f"| {' | '.join(titles)} |", f"|{' --- |' * len(titles)}"]
    lines += [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def codes(names: Iterable[str]) -> str:
    """Ids as code, separated by commas."""
    return ", ".join(f"`{name}`" for name in names)

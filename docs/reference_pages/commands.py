"""The command line: the help of every command, as a terminal shows it."""

from collections.abc import Iterator

import click
from docs.reference_pages.markdown import page

from pellucid.cli.main import cli
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.texts import Texts


def commands(_knowledge: Knowledge, _texts: Texts) -> str:
    """The help of every command."""
    parts = []
    for path, command in _walk(cli, ["pellucid"]):
        context = click.Context(command, info_name=" ".join(path), max_content_width=100, terminal_width=100)
        parts.append(f"## {' '.join(path)}\n\n```text\n{command.get_help(context)}\n```")
    codes_of = "Exit codes: 0 done; 1 a check found faults, or the program has a fault; 2 the input can't be used."
    return page("Command line", codes_of, *parts)


def _walk(command: click.Command, path: list[str]) -> Iterator[tuple[list[str], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _walk(command.commands[name], [*path, name])

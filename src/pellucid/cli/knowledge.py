"""``pellucid knowledge``: check, coverage, show."""

import click

from pellucid.knowledge.base import Knowledge, unknown
from pellucid.knowledge.check import check
from pellucid.knowledge.coverage import coverage
from pellucid.knowledge.load import load
from pellucid.knowledge.schema import TOPIC_OF
from pellucid.knowledge.schema.base import Record
from pellucid.knowledge.schema.learn import Source
from pellucid.knowledge.schema.people import SeedItem
from pellucid.knowledge.texts import leaves
from pellucid.model.errors import KnowledgeError, UnknownIdError


def run_check() -> None:
    """Print every fault; exit code 1 if there is any."""
    try:
        problems = check(load())
    except KnowledgeError as error:
        problems = list(error.problems)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        click.echo(f"knowledge: {len(problems)} faults", err=True)
        raise click.exceptions.Exit(1)
    records = sum(len(found) for found in load().records.values())
    click.echo(f"knowledge: {records} records, no faults")


def run_coverage() -> None:
    """Print what is carried and what is missing; exit code 1 if any knowledge is missing."""
    found = coverage(load())
    click.echo(f"knowledge {found.knowledge[0]}/{found.knowledge[1]}")
    click.echo(f"contradictions {found.contradictions[0]}/{found.contradictions[1]}")
    click.echo(f"features {found.features[0]}/{found.features[1]}")
    for problem in found.missing:
        click.echo(f"  missing {problem}")
    for item, feature in found.pending:
        click.echo(f"  pending {item}: {feature}")
    if not found.complete:
        raise click.exceptions.Exit(1)


def run_show(name: str, language: str) -> None:
    """Print one record, its words and its sources."""
    knowledge = load()
    record = find(name, knowledge)
    click.echo(f"{record.ref}  ({TOPIC_OF[record.kind]}.toml)")
    words = knowledge.texts(language).topic(TOPIC_OF[record.kind]).get(record.kind, {}).get(record.id, {})
    for field, text in leaves(words):
        click.echo(f"  {field}: {text}")
    for field, value in record.model_dump(exclude_defaults=True, mode="json").items():
        if field not in {"id", "source"}:
            click.echo(f"  {field} = {value}")
    click.echo("  sources:")
    for source in sources_of(record.model_dump(mode="python")):
        click.echo(f"    {describe(source, knowledge)}")


def find(name: str, knowledge: Knowledge) -> Record:
    """A record by ``kind.id``, by a bare id that only one record has, or by a seed's or contradiction's number.

    Raises:
        UnknownIdError: there is none, or more than one.
    """
    if name in knowledge.by_ref:
        return knowledge.by_ref[name]
    same = [record for record in knowledge.by_ref.values() if record.id.lower() == name.lower()]
    if len(same) == 1:
        return same[0]
    if same:
        raise UnknownIdError(f"{name!r} can mean {', '.join(record.ref for record in same)}; write one of them")
    raise UnknownIdError(unknown("record", name, knowledge.by_ref))


def sources_of(value: object) -> list[str]:
    """Every source named anywhere in a record, once, in order."""
    found: dict[str, None] = {}
    if isinstance(value, dict):
        for key, item in value.items():
            names = item if key in {"source", "resolution", "claimed_by"} else sources_of(item)
            found.update(dict.fromkeys(names))
    elif isinstance(value, list | tuple):
        for item in value:
            found.update(dict.fromkeys(sources_of(item)))
    return list(found)


def describe(source: str, knowledge: Knowledge) -> str:
    """A source with its strength, and whether its text was seen."""
    item = knowledge.of(SeedItem).get(source)
    if item:
        return f"{source}: founding documents, {'; '.join(item.where)} (strength S)"
    record = knowledge.of(Source).get(source)
    if record is None:
        return source
    seen = "its text was not seen" if record.seen == "no" else f"text seen: {record.seen}"
    return f"{source}: {record.title} (strength {record.strength}; {seen})"

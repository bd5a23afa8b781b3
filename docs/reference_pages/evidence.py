"""What everything rests on: the sources, what carries each founding item, and where sources disagree."""

from collections.abc import Iterator

from docs.reference_pages.markdown import codes, page, table

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.coverage import coverage
from pellucid.knowledge.schema.learn import Source
from pellucid.knowledge.schema.people import SeedItem
from pellucid.knowledge.schema.rules import Disagreement
from pellucid.knowledge.texts import Texts


def disagreements(knowledge: Knowledge, texts: Texts) -> str:
    """Every disagreement with both positions."""
    parts = (part for each in knowledge.of(Disagreement).values() for part in _disagreement(each, texts))
    return page("Where sources disagree", *parts)


def _disagreement(each: Disagreement, texts: Texts) -> tuple[str, str]:
    """A disagreement's title, and what is said under it."""
    lines = [
        f"- {texts.get(each.ref, f'positions.{position.id}')} ({codes(position.source)})" for position in each.positions
    ]
    lines.append(f"\nWhat we do: {texts.get(each.ref, 'resolution')} ({codes(each.resolution)})")
    lines.append(f"\nIn effect in: {codes(each.carried_by)}")
    title = f"## {texts.get(each.ref, 'name')} (`{each.id}`{f', {each.seed}' if each.seed else ''})"
    return title, "\n".join(lines)


def sources(knowledge: Knowledge, _texts: Texts) -> str:
    """Every source and what carries which founding item."""
    rows = (
        (f"`{each.id}`", each.title, each.type, each.strength, each.seen, each.note)
        for each in knowledge.of(Source).values()
    )
    return page(
        "Sources and coverage",
        "Strength: A guideline with systematic review or trial; B society, regulator, law, label or manual; C small "
        "study, review or textbook; D practice page; S founding documents; N house rule. `seen` says how much of the "
        "text was read when it was entered.",
        table(("id", "title", "type", "strength", "seen", "note"), rows),
        f"## Items of the founding documents\n\n{_counts(knowledge)}",
        table(("item", "kind", "where", "carried by"), _items(knowledge)),
    )


def _counts(knowledge: Knowledge) -> str:
    found = coverage(knowledge)
    return (
        f"knowledge {found.knowledge[0]}/{found.knowledge[1]}, contradictions "
        f"{found.contradictions[0]}/{found.contradictions[1]}, features {found.features[0]}/{found.features[1]}"
    )


def _items(knowledge: Knowledge) -> Iterator[tuple[str, str, str, str]]:
    for each in knowledge.of(SeedItem).values():
        yield each.id, each.type, "; ".join(each.where), codes(each.carried_by) or f"feature: {each.feature}"

"""What there is to learn: topics with their statements, the questions people ask, and the sources behind it all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from pellucid.knowledge.schema.base import Record
from pellucid.knowledge.schema.learn import Advice, Fact, Faq, Group, Myth, Source
from pellucid.knowledge.schema.people import Cause, Modifier, PoreType, SkinType
from pellucid.knowledge.schema.rules import Disagreement
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.web.portal.public_reader import Basis, Link, Reader, SourceLine, slug

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SAID: dict[str, "_StrPromise"] = {
    "not_supported": _("not supported"),
    "weak": _("weak support at best"),
    "metaphor": _("a figure of speech"),
    "appearance_only": _("true of the look only"),
    "advertising": _("an advertising word"),
}
"""What is to be thought of a myth."""

LABELS: dict[str, "_StrPromise"] = {
    "care": _("What tends to help"),
    "advice": _("What you can do"),
    "why": _("Why"),
}
"""Field of a text to what stands before it."""

PORE_PICTURES = {
    "dehydrated": "pore_oval",
    "oily": "pore_round",
    "aging": "pore_teardrop",
    "problematic": "pore_inflamed",
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some words, what they are about, and what they rest on where that differs from the statement's."""

    text: str
    label: "_StrPromise | str" = ""
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that is known, with its place on the page."""

    ref: str
    anchor: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    basis: Basis | None
    """None where every paragraph has its own."""
    links: tuple[Link, ...] = ()
    picture: str = ""
    note: "_StrPromise | str" = ""
    """A word or two on what kind of statement it is."""
    claimed: "_StrPromise | str" = ""
    """Where the title is only a claim: what stands before those who make it, which is then ``basis``."""

    @property
    def text(self) -> str:
        """All its words, for finding it."""
        return " ".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Section:
    """Statements under one heading; the heading may be missing."""

    anchor: str
    heading: "_StrPromise | str"
    statements: tuple[Statement, ...]


Maker = Callable[[Reader], Iterator[Section]]


@dataclass(frozen=True, slots=True)
class Topic:
    """One page to read."""

    slug: str
    title: "_StrPromise"
    lead: "_StrPromise"
    make: Maker
    picture: str = ""
    icon: str = "info"


def _facts(*topics: tuple[str, "_StrPromise | str"]) -> Maker:
    """Sections of facts: topic of the fact to heading."""

    def make(reader: Reader) -> Iterator[Section]:
        for topic, heading in topics:
            facts = [each for each in reader.knowledge.of(Fact).values() if each.topic == topic]
            yield Section(topic, heading, tuple(_plain(fact, "title", ("body",), reader) for fact in facts))

    return make


def _plain(record: Record, title: str, fields: tuple[str, ...], reader: Reader, picture: str = "") -> Statement:
    """A record with a title and one paragraph a text."""
    return Statement(
        ref=record.ref,
        anchor=slug(record.id),
        title=reader.words(record.ref, title),
        paragraphs=tuple(Paragraph(reader.words(record.ref, field), LABELS.get(field, "")) for field in fields),
        basis=reader.basis_of(record),
        picture=picture,
    )


def _pore_types(reader: Reader) -> Iterator[Section]:
    types = reader.knowledge.of(PoreType).values()
    told = (_plain(each, "name", ("about", "care"), reader, picture=PORE_PICTURES.get(each.id, "")) for each in types)
    yield Section("types", "", tuple(told))


def _causes(reader: Reader) -> Iterator[Section]:
    causes = reader.knowledge.of(Cause).values()
    yield Section("causes", "", tuple(_plain(each, "name", ("about", "advice"), reader) for each in causes))


def _skin_types(reader: Reader) -> Iterator[Section]:
    kinds: tuple[tuple[type[SkinType | Modifier], str, _StrPromise], ...] = (
        (SkinType, "base", _("Four base types")),
        (Modifier, "besides", _("What can come on top")),
    )
    for kind, anchor, heading in kinds:
        records = reader.knowledge.of(kind).values()
        yield Section(anchor, heading, tuple(_plain(each, "name", ("about", "care"), reader) for each in records))


def _techniques(reader: Reader) -> Iterator[Section]:
    yield from _facts(("technique", _("How it is done well")))(reader)
    treatments = [
        each for each in reader.knowledge.of(Treatment).values() if each.id not in reader.knowledge.unreviewed
    ]
    told = []
    for family in reader.knowledge.of(Group).values():
        of_family = [each.ref for each in treatments if family.id in each.families]
        if of_family:
            basis = reader.basis_of(family)
            name = reader.words(family.ref)
            told.append(Statement(family.ref, slug(family.id), name, (), basis, reader.links(of_family)))
    yield Section("families", _("Families of treatments"), tuple(told))


def _lifestyle(reader: Reader) -> Iterator[Section]:
    advice = reader.knowledge.of(Advice).values()
    yield Section("advice", "", tuple(_plain(each, "do", ("why",), reader) for each in advice))


def _myths(reader: Reader) -> Iterator[Section]:
    told = []
    for myth in reader.knowledge.of(Myth).values():
        claimed = reader.basis(myth.claimed_by)
        known = Paragraph(reader.words(myth.ref, "answer"), _("What is known"), reader.basis_of(myth))
        claim = reader.words(myth.ref, "claim")
        told.append(
            Statement(
                ref=myth.ref,
                anchor=slug(myth.id),
                title=claim,
                paragraphs=(known,),
                basis=claimed,
                note=SAID[myth.verdict],
                claimed=_("Who says so"),
            )
        )
    yield Section("myths", "", tuple(told))


def _disagreements(reader: Reader) -> Iterator[Section]:
    told = []
    for record in reader.knowledge.of(Disagreement).values():
        sides = [
            Paragraph(
                reader.words(record.ref, f"positions.{each.id}"),
                _("Some say"),
                reader.basis(each.source, verified=each.verified),
            )
            for each in record.positions
        ]
        choice = Paragraph(reader.words(record.ref, "resolution"), _("What we do"), reader.basis(record.resolution))
        links = tuple(link for link in reader.links(record.carried_by) if not link.ref.startswith("disagreement."))
        name = reader.words(record.ref)
        told.append(Statement(record.ref, slug(record.id), name, (*sides, choice), None, links))
    yield Section("disagreements", "", tuple(told))


TOPICS = {
    topic.slug: topic
    for topic in (
        Topic(
            "pores",
            _("Pores"),
            _("What a pore is, what it does, and how to tell a plug from what belongs there."),
            _facts(
                ("anatomy", _("How they are built")),
                ("function", _("What they do")),
                ("lesion", _("Plugs, and how to tell them apart")),
            ),
            picture="skin_section",
            icon="drop",
        ),
        Topic(
            "pore-types",
            _("Pore types"),
            _("Four looks of pores. Many faces show more than one, and a professional has the last look."),
            _pore_types,
            icon="face",
        ),
        Topic(
            "causes",
            _("Causes"),
            _("What may play a part in pores that stand out or clog. None of it is your fault."),
            _causes,
            icon="question",
        ),
        Topic(
            "skin-types",
            _("Skin types"),
            _("How much oil skin makes, and what can come on top of it."),
            _skin_types,
            icon="person",
        ),
        Topic(
            "techniques",
            _("Techniques"),
            _("How pore care is done well, and which families of treatments there are."),
            _techniques,
            icon="sparkle",
        ),
        Topic(
            "ingredients",
            _("Ingredients"),
            _("What is in products for pores, each with its caution."),
            _facts(("ingredient", "")),
            icon="page",
        ),
        Topic(
            "results",
            _("What it can bring"),
            _("What pore care is for, what has been measured, and what has not been shown."),
            _facts(("aim", _("What it is for")), ("evidence", _("What is known about the effect"))),
            icon="gauge",
        ),
        Topic(
            "consultation",
            _("Consultation and care"),
            _("Why we look before we treat, when to be careful, and who does what."),
            _facts(("consultation", _("Before a treatment")), ("safety", _("When to be careful"))),
            icon="shield",
        ),
        Topic(
            "lifestyle",
            _("Daily habits"),
            _("Hygiene, food, sleep and sport, worded as weakly as the evidence is."),
            _lifestyle,
            icon="sun",
        ),
        Topic(
            "myths",
            _("Often said, not supported"),
            _("Claims that you may have read elsewhere, and what can be said instead."),
            _myths,
            icon="message",
        ),
        Topic(
            "disagreements",
            _("Where sources disagree"),
            _("Both sides, and what we do about it: where in doubt, the stricter way."),
            _disagreements,
            icon="rules",
        ),
    )
}
"""Pages to read, in the order in which they are listed."""


def sections(topic: Topic, reader: Reader) -> tuple[Section, ...]:
    """What a topic's page tells; worked out once for a knowledge and language."""
    made: dict[tuple[str, str], tuple[Section, ...]] = reader.knowledge.memo.setdefault("public_sections", {})
    key = (reader.language, topic.slug)
    if key not in made:
        made[key] = tuple(topic.make(reader))
    return made[key]


def questions(reader: Reader) -> tuple[Statement, ...]:
    """The questions people ask, with answers."""
    made: dict[str, tuple[Statement, ...]] = reader.knowledge.memo.setdefault("public_questions", {})
    if reader.language not in made:
        made[reader.language] = tuple(
            Statement(
                ref=record.ref,
                anchor=slug(record.id),
                title=reader.words(record.ref, "question"),
                paragraphs=(Paragraph(reader.words(record.ref, "answer")),),
                basis=reader.basis_of(record),
                links=reader.links(record.see),
            )
            for record in reader.knowledge.of(Faq).values()
        )
    return made[reader.language]


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A source with what there is to say about it."""

    line: SourceLine
    year: int | None
    url: str
    seen: str


def sources(reader: Reader) -> dict[str, list[SourceEntry]]:
    """Every source by strength, the strongest first."""
    found: dict[str, list[SourceEntry]] = {strength: [] for strength in "ABCDSN"}
    for source in reader.knowledge.of(Source).values():
        seen = reader.say(f"report.seen.{source.seen}")
        entry = SourceEntry(reader.source_line(source.id), source.year, source.url or "", seen)
        found[source.strength].append(entry)
    return found

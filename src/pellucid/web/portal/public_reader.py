"""Reads the knowledge for public pages: words of one language, what a statement rests on, where a record is shown.

What is worked out here is kept with the knowledge it came from, so that a clinic's new rules show at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override as in_language

from pellucid.exchange.html import Words
from pellucid.exchange.wording import Wording
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.base import Record
from pellucid.knowledge.schema.learn import Fact, Myth, Source
from pellucid.knowledge.schema.people import SeedItem
from pellucid.web.sites.knowledge import KNOWLEDGE_LANGUAGE

TOPIC_OF_FACT = {
    "anatomy": "pores",
    "function": "pores",
    "lesion": "pores",
    "aim": "results",
    "evidence": "results",
    "technique": "techniques",
    "ingredient": "ingredients",
    "consultation": "consultation",
    "safety": "consultation",
}
"""Topic of a fact to the page that shows it."""

PAGE_OF_KIND = {
    "pore_type": "pore-types",
    "cause": "causes",
    "skin_type": "skin-types",
    "modifier": "skin-types",
    "family": "techniques",
    "advice": "lifestyle",
    "myth": "myths",
    "disagreement": "disagreements",
}
"""Kind of a record to the page that shows all of them."""

NAME_FIELDS = ("name", "title", "question", "claim", "do")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source as a page names it."""

    id: str
    title: str
    strength: str
    strength_text: str
    seen: bool
    """Whether its text was seen when it was entered."""
    anchor: str
    """Where it stands on the page of sources."""
    items: tuple[str, ...] = ()
    """For a founding document: the numbers of its items."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a statement rests on."""

    strength: str
    """Of its strongest source: A, B, C, D, S or N."""
    text: str
    verified: bool
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Another record, and the page and place where it is shown."""

    ref: str
    name: str
    view: str
    slug: str = ""
    anchor: str = ""
    query: str = ""

    @property
    def url(self) -> str:
        """The address in the language that is active."""
        path = reverse(f"portal:{self.view}", args=[self.slug] if self.slug else [])
        return path + (f"?{self.query}" if self.query else "") + (f"#{self.anchor}" if self.anchor else "")


def slug(record_id: str) -> str:
    """An id as it stands in addresses: hyphens read better than underscores."""
    return record_id.replace("_", "-")


def record_id(slug: str) -> str:
    """The id behind an address."""
    return slug.replace("-", "_")


def reader(knowledge: Knowledge, language: str) -> "Reader":
    """The reader of one knowledge and one of Django's languages, made once."""
    made: dict[str, Reader] = knowledge.memo.setdefault("public_readers", {})
    if language not in made:
        made[language] = Reader(knowledge, language)
    return made[language]


class Reader:
    """One knowledge in one language."""

    def __init__(self, knowledge: Knowledge, language: str) -> None:
        """Remember both."""
        self.knowledge = knowledge
        self.language = language
        self.texts = knowledge.texts(KNOWLEDGE_LANGUAGE.get(language, "en"))
        self.wording = Wording(knowledge, self.texts)
        self.counts = Words(self.texts)

    def words(self, ref: str, field: str = "name") -> str:
        """A record's text without the line end of its file."""
        return self.texts.get(ref, field).strip()

    def say(self, phrase: str, **parameters: object) -> str:
        """A sentence of the knowledge texts."""
        return self.texts.phrase(phrase, **parameters)

    def name(self, record: Record) -> str:
        """What a record is called: its name, title, question or claim."""
        field = next(field for field in NAME_FIELDS if field in record.texts)
        return self.words(record.ref, field)

    def basis(self, ids: Iterable[str], *, verified: bool = True) -> Basis:
        """What rests on these sources, the strongest first; items of a founding document are one line."""
        lines = tuple(sorted(self._lines(ids), key=lambda line: ("ABCDSN".index(line.strength), line.id)))
        strength = lines[0].strength if lines else "N"
        return Basis(strength, self.say(f"strength.{strength}"), verified, lines)

    def basis_of(self, record: Record) -> Basis:
        """What a record rests on."""
        return self.basis(record.source, verified=record.verified)

    def link(self, ref: str) -> Link | None:
        """Where a record is shown, or None where no page shows it by itself."""
        record = self.knowledge.by_ref.get(ref)
        if record is None:
            return None
        anchor = slug(record.id)
        if record.kind == "treatment":
            return None if record.id in self.knowledge.unreviewed else self._link(record, "treatment", anchor)
        if record.kind == "concern":
            return self._link(record, "treatments", query=f"concern={record.id}")
        if record.kind == "faq":
            return self._link(record, "questions", anchor=anchor)
        page = TOPIC_OF_FACT[record.topic] if isinstance(record, Fact) else PAGE_OF_KIND.get(record.kind)
        return self._link(record, "learn_topic", page, anchor=anchor) if page else None

    def links(self, refs: Iterable[str]) -> tuple[Link, ...]:
        """Those of the records that a page shows."""
        return tuple(link for ref in refs if (link := self.link(ref)))

    def _link(self, record: Record, view: str, slug: str = "", *, anchor: str = "", query: str = "") -> Link:
        name = self.name(record)
        if isinstance(record, Myth):
            with in_language(self.language):
                name = _("Often said: %(claim)s") % {"claim": name}
        return Link(record.ref, name, view, slug, anchor, query)

    def _lines(self, ids: Iterable[str]) -> list[SourceLine]:
        documents: dict[str, list[str]] = {}
        found: list[str] = []
        for name in dict.fromkeys(ids):
            item = self.knowledge.of(SeedItem).get(name)
            if item is None:
                found.append(name)
                continue
            for place in item.where:
                documents.setdefault(f"seed-{place.partition(' ')[0]}", []).append(name)
        lines = [self.source_line(name) for name in found if name in self.knowledge.of(Source)]
        return lines + [self.source_line(name, items) for name, items in documents.items()]

    def source_line(self, name: str, items: Iterable[str] = ()) -> SourceLine:
        """One source in words."""
        source = self.knowledge.get(Source, name)
        return SourceLine(
            id=name,
            title=source.title,
            strength=source.strength,
            strength_text=self.say(f"strength.{source.strength}"),
            seen=source.seen != "no",
            anchor=f"source-{name}",
            items=tuple(dict.fromkeys(items)),
        )

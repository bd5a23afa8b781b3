"""Treatments as public pages show them: a card for lists, and the whole story of one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from pellucid.consult.rules import targets
from pellucid.knowledge.schema.people import Concern
from pellucid.knowledge.schema.rules import Age, Contraindication
from pellucid.knowledge.schema.treatments import Suit, Treatment
from pellucid.web.portal.public_around import Line, after, before
from pellucid.web.portal.public_reader import Basis, Link, Reader, slug

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

GROUPS: dict[str, tuple["_StrPromise", frozenset[str]]] = {
    "facials": (_("Facials and what belongs to them"), frozenset({"facial", "steam", "extraction", "mask"})),
    "gentle": (_("Moisture, light and gentle devices"), frozenset({"hydration", "electrical", "light", "plant"})),
    "home": (_("Care at home"), frozenset({"home"})),
    "peels": (_("Peels and polishing"), frozenset({"peel", "abrasion", "suction"})),
    "heat": (_("Laser and heat"), frozenset({"laser", "radiofrequency_energy"})),
    "needles": (_("Needles and injections"), frozenset({"needle", "injection"})),
    "doctor": (_("With a doctor"), frozenset({"medical"})),
}
"""Group to its heading and the families in it. A treatment of several families is in the last group that has one."""

PLACES: dict[str, "_StrPromise"] = {
    "home": _("At home"),
    "clinic": _("At a clinic"),
    "medical": _("With a doctor"),
}
"""Setting of a treatment in words."""

SUITS_KINDS = ("concern", "pore_type", "skin_type", "modifier")
GOOD_FIT = 1


@dataclass(frozen=True, slots=True)
class Card:
    """A treatment in a list."""

    id: str
    slug: str
    name: str
    short: str
    group: str
    setting: str
    level: str
    strength: str
    strength_text: str
    minutes: str
    downtime: str
    concerns: dict[str, float]
    """Concerns that it fits, with how well."""

    @property
    def place(self) -> "_StrPromise":
        """Where it is done."""
        return PLACES[self.setting]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the table of key facts, with what it rests on."""

    label: "_StrPromise"
    text: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that the page of one treatment tells."""

    card: Card
    how: str
    suits: str
    feels: str
    evidence: str
    result: str
    facts: tuple[Fact, ...]
    licence_varies: bool
    basis: Basis
    evidence_basis: Basis
    fits: tuple[Link | str, ...]
    fits_less: tuple[Link | str, ...]
    fits_basis: Basis
    parts: tuple[Link, ...]
    instead: tuple[Link, ...]
    before: tuple[Line, ...]
    after: tuple[Line, ...]
    rules_out: tuple[str, ...]
    doctor_first: tuple[str, ...]
    waits: tuple[str, ...]
    checks_basis: Basis


def cards(reader: Reader) -> dict[str, Card]:
    """Every treatment that may be shown, by id; worked out once for a knowledge and language."""
    made: dict[str, dict[str, Card]] = reader.knowledge.memo.setdefault("public_cards", {})
    if reader.language not in made:
        made[reader.language] = {each.id: _card(each, reader) for each in _shown(reader)}
    return made[reader.language]


def concerns(reader: Reader) -> dict[str, str]:
    """Concerns that some treatment fits: id to name."""
    named = {name for card in cards(reader).values() for name in card.concerns}
    return {each.id: reader.words(each.ref) for each in reader.knowledge.of(Concern).values() if each.id in named}


def story(reader: Reader, treatment: str) -> Story:
    """The page of one treatment.

    Raises:
        KeyError: there is none of that id to show.
    """
    made: dict[tuple[str, str], Story] = reader.knowledge.memo.setdefault("public_stories", {})
    key = (reader.language, treatment)
    if key not in made:
        card = cards(reader)[treatment]
        made[key] = _story(reader.knowledge.get(Treatment, treatment), card, reader)
    return made[key]


def _shown(reader: Reader) -> Iterator[Treatment]:
    hidden = reader.knowledge.unreviewed
    return (each for each in reader.knowledge.of(Treatment).values() if each.id not in hidden)


def _card(treatment: Treatment, reader: Reader) -> Card:
    fits = {each.what: each.weight for each in treatment.suits_what if each.weight > 0}
    counts, minutes, downtime = reader.counts, treatment.minutes, treatment.downtime_hours
    return Card(
        id=treatment.id,
        slug=slug(treatment.id),
        name=reader.words(treatment.ref),
        short=_words(treatment, "short", reader),
        group=_group(treatment),
        setting=treatment.setting,
        level=reader.say(f"level.{treatment.level.level}"),
        strength=treatment.benefit.strength,
        strength_text=reader.say(f"strength.{treatment.benefit.strength}"),
        minutes=str(counts.counted("minutes", minutes.low, minutes.high)) if minutes else "",
        downtime=str(counts.downtime((downtime.low, downtime.high))) if downtime else "",
        concerns={
            what.removeprefix("concern."): weight for what, weight in fits.items() if what.startswith("concern.")
        },
    )


def _group(treatment: Treatment) -> str:
    """Which group a treatment is listed in; a family that no group names is gentle care."""
    fitting = [name for name, (_, families) in GROUPS.items() if families & set(treatment.families)]
    return fitting[-1] if fitting else "gentle"


def _words(treatment: Treatment, field: str, reader: Reader) -> str:
    """A text of a treatment; a clinic's own may lack one."""
    return reader.words(treatment.ref, field) if reader.texts.has(treatment.ref, field) else ""


def _story(treatment: Treatment, card: Card, reader: Reader) -> Story:
    fits = [each for each in _suits(treatment) if each.weight >= GOOD_FIT]
    fits_less = [each for each in _suits(treatment) if each.weight < 0]
    checks = list(_checks(treatment, reader))
    return Story(
        card=card,
        **{field: _words(treatment, field, reader) for field in ("how", "suits", "feels", "evidence", "result")},
        facts=tuple(_facts(treatment, card, reader)),
        licence_varies=treatment.licence_varies,
        basis=reader.basis_of(treatment),
        evidence_basis=reader.basis(treatment.benefit.source, verified=treatment.benefit.verified),
        fits=_named(fits, reader),
        fits_less=_named(fits_less, reader),
        fits_basis=reader.basis(source for each in (*fits, *fits_less) for source in each.source),
        parts=reader.links(f"treatment.{part.treatment}" for part in treatment.parts),
        instead=reader.links(f"treatment.{other}" for other in treatment.instead),
        before=before(treatment, reader),
        after=after(treatment, reader),
        rules_out=tuple(reader.words(rule.ref) for rule in checks if rule.effect == "blocked"),
        doctor_first=tuple(reader.words(rule.ref) for rule in checks if rule.effect == "refer"),
        waits=tuple(reader.words(rule.ref) for rule in checks if rule.effect == "defer"),
        checks_basis=reader.basis(source for rule in checks for source in rule.source),
    )


def _suits(treatment: Treatment) -> list[Suit]:
    """How far it fits concerns and kinds of skin, the clearest first."""
    told = [each for each in treatment.suits_what if each.what.partition(".")[0] in SUITS_KINDS]
    return sorted(told, key=lambda each: -abs(each.weight))


def _named(suits: Iterable[Suit], reader: Reader) -> tuple[Link | str, ...]:
    """Their names, each once: a concern and a kind of skin can be called the same."""
    named = {reader.wording.name(each.what): reader.link(each.what) for each in reversed(list(suits))}
    return tuple(link or name for name, link in reversed(named.items()))


def _facts(treatment: Treatment, card: Card, reader: Reader) -> Iterator[Fact]:
    """Time, series and recovery, each with its source."""
    counts = reader.counts
    if treatment.minutes:
        yield Fact(_("How long a session takes"), card.minutes, reader.basis(treatment.minutes.source))
    if treatment.sessions:
        text = str(counts.counted("sessions", treatment.sessions.low, treatment.sessions.high))
        yield Fact(_("How many sessions"), text, reader.basis(treatment.sessions.source))
    if treatment.interval_days and not (treatment.sessions and treatment.sessions.high == 1):
        text = str(counts.counted("interval", treatment.interval_days.low, treatment.interval_days.high))
        yield Fact(_("How far apart"), text, reader.basis(treatment.interval_days.source))
    if treatment.downtime_hours:
        yield Fact(_("How long skin may show it"), card.downtime, reader.basis(treatment.downtime_hours.source))
    yield Fact(_("Who does it, at least"), card.level, reader.basis(treatment.level.source))


def _checks(treatment: Treatment, reader: Reader) -> Iterator[Contraindication | Age]:
    """Rules of the kind that can rule this treatment out or make it wait."""
    knowledge = reader.knowledge
    rules: tuple[Contraindication | Age, ...] = (
        *knowledge.of(Contraindication).values(),
        *knowledge.of(Age).values(),
    )
    for rule in rules:
        if treatment.id in targets(rule.applies, rule.excepting, knowledge):
            yield rule

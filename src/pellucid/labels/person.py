"""The person a label is judged for: what they told, what they use, and what their plan holds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from pellucid.consult.assess import assess
from pellucid.consult.evidence import Evidence, evidence_of, holds_today, open_questions, open_today
from pellucid.consult.routine import skin_column
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema import home
from pellucid.labels.bottle import with_groups
from pellucid.model import spans
from pellucid.model.assessment import Assessment
from pellucid.model.ids import AnswerPath
from pellucid.model.plan import CarePlan, Part
from pellucid.model.profile import DatedFact, Profile


@dataclass(frozen=True)
class Person:
    """Who asks; with no profile nothing is known, and every condition is open."""

    profile: Profile | None
    assessment: Assessment | None
    plan: CarePlan | None
    evidence: Evidence
    today: date

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge that is used."""
        return self.evidence.knowledge

    def holds(self, when: str) -> bool | None:
        """Whether a condition holds today; None where nobody knows."""
        truth = self.evidence.truth(when)
        if holds_today(truth, self.evidence):
            return True
        return None if open_today(truth, self.evidence) else False

    def open(self, when: str) -> tuple[AnswerPath, ...]:
        """The answers that would settle a condition."""
        return open_questions(when, self.evidence)

    @cached_property
    def findings(self) -> frozenset[str]:
        """What the assessment found, and what the person wishes, as ``pore_type.oily``."""
        return frozenset(self.assessment.fits if self.assessment else ())

    @cached_property
    def skin(self) -> str | None:
        """The column of caps that holds; None where nothing tells."""
        if self.plan:
            return self.plan.skin
        return skin_column(self.assessment) if self.assessment else None

    def own(self, name: str) -> tuple[DatedFact, ...]:
        """Products and medicines of a class that the person uses, as they told."""
        facts = self.profile.dated if self.profile else ()
        return tuple(fact for fact in facts if name in fact.classes and self._used(fact))

    def told(self, name: str, *, lasting: int = 0) -> tuple[DatedFact, ...]:
        """What the person told under a class, while it holds or did up to ``lasting`` days ago."""
        facts = self.profile.dated if self.profile else ()
        today = self.today.toordinal()
        return tuple(
            fact
            for fact in facts
            if name in fact.classes and spans.contains(spans.dilate(fact.days.yes, 0, lasting), today)
        )

    def _used(self, fact: DatedFact) -> bool:
        begun = bool(fact.days.yes) and fact.days.yes[0][0] <= self.today.toordinal()
        going_on = fact.ongoing or holds_today(fact.days, self.evidence)
        return fact.record in {"active", "medicine"} and begun and going_on

    @cached_property
    def planned(self) -> dict[str, tuple[tuple[date, Part], ...]]:
        """Home products of the plan with every half of a day, from today on, on which they are used."""
        found: dict[str, list[tuple[date, Part]]] = {}
        for day in self.plan.days if self.plan else ():
            if day.on >= self.today:
                for part, steps in ((Part.MORNING, day.morning), (Part.EVENING, day.evening)):
                    for step in steps:
                        if step.product:
                            found.setdefault(step.product, []).append((day.on, part))
        return {product: tuple(halves) for product, halves in found.items()}

    def planned_as(self, name: str) -> Iterator[home.Product]:
        """The plan's home products of a class."""
        products = self.knowledge.of(home.Product)
        for product in self.planned:
            record = products.get(product)
            if record and name in classes(record, self.knowledge):
                yield record

    @cached_property
    def deep_cleans(self) -> tuple[date, ...]:
        """The plan's deep-clean evenings from today on."""
        days = self.plan.days if self.plan else ()
        return tuple(day.on for day in days if day.deep_clean and day.on >= self.today)


def classes(product: home.Product, knowledge: Knowledge) -> frozenset[str]:
    """What a home product counts as, as conditions name it."""
    return frozenset(name for active in product.actives for name in with_groups(f"active.{active}", knowledge))


def person_of(
    profile: Profile | None,
    assessment: Assessment | None,
    plan: CarePlan | None,
    *,
    today: date,
    knowledge: Knowledge,
) -> Person:
    """Everything about the person, read for today; the assessment is made where it isn't given."""
    if profile is None:
        return Person(None, None, plan, _nobody(today, knowledge), today)
    seen = replace(profile, today=today) if profile.today != today else profile
    found = assessment or assess(seen, knowledge=knowledge, today=today)
    return Person(seen, found, plan, evidence_of(seen, knowledge), today)


def _nobody(today: date, knowledge: Knowledge) -> Evidence:
    """Someone of whom nothing is known; worked out once a day, because labels are judged by the thousand."""
    found: Evidence | None = knowledge.memo.get(f"nobody {today}")
    if found is None:
        found = knowledge.memo[f"nobody {today}"] = evidence_of(Profile(today, today, {}, {}, {}), knowledge)
    return found

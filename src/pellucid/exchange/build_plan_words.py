"""Dates, times, money and names of a care plan in words, and the one place where its sources are gathered."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from pellucid.consult.dated import own_cosmetic
from pellucid.exchange import when, wording
from pellucid.exchange.build import Builder
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.texts import Texts
from pellucid.model.plan import CarePlan
from pellucid.model.profile import Profile
from pellucid.plan.visits import Supposed


class PlanWords:
    """One plan, the person it is for, and the words of one language."""

    def __init__(self, plan: CarePlan, profile: Profile, knowledge: Knowledge, texts: Texts) -> None:
        """Remember what everything is put together from."""
        self.plan = plan
        self.profile = profile
        self.knowledge = knowledge
        self.texts = texts
        self.builder = Builder(knowledge, texts.language, profile.answers)
        self.supposed = Supposed(profile, knowledge)

    def say(self, phrase: str, **parameters: object) -> str:
        """A phrase of this language."""
        return self.texts.phrase(phrase, **parameters)

    def plan_phrase(self, phrase: str, **parameters: object) -> str:
        """A phrase about plans whose name is put together: ``standing.booked``."""
        return self.say(f"plan.{phrase}", **parameters)

    def day_phrase(self, phrase: str, **parameters: object) -> str:
        """A phrase about days whose name is put together: ``weekday.0``."""
        return self.say(f"calendar.{phrase}", **parameters)

    def join(self, items: Iterable[str]) -> str:
        """Items of a list in a sentence."""
        return self.say("words.list").join(items)

    def sources(self, ids: Iterable[str]) -> list[str]:
        """Remember sources, and give them back as a list."""
        return self.builder.sources(ids)

    @cached_property
    def first_uses(self) -> dict[str, date]:
        """Every home product of the plan, with the first day on which it is used."""
        found: dict[str, date] = {}
        for day in sorted(self.plan.days, key=lambda each: each.on):
            for product in sorted(day.used):
                found.setdefault(product, day.on)
        return found

    # --- names ----------------------------------------------------------------------------------------

    def treatment(self, treatment: str) -> str:
        """The name of a treatment."""
        return self.texts.get(f"treatment.{treatment}", "name")

    def product(self, product: str) -> str:
        """The name of a kind of home product."""
        return self.texts.get(f"product.{product}", "name")

    def own(self, names: Collection[str], *, rinse_off: bool | None = None) -> tuple[str, ...]:
        """The person's own cosmetics that are any of ``names``, as they call them; only those rinsed off or not."""
        found = (
            fact.name
            for fact in self.profile.dated
            if not set(names).isdisjoint(fact.classes)
            and rinse_off in {None, fact.detail.get("form") == "rinse_off"}
            and own_cosmetic(fact, self.knowledge)
        )
        return tuple(dict.fromkeys(found))

    def record(self, ref: str) -> str:
        """The name of any record that has one; empty where it has none."""
        record = self.knowledge.by_ref.get(ref)
        return self.texts.get(ref, "name") if record is not None and "name" in record.texts else ""

    # --- days and times -------------------------------------------------------------------------------

    def day(self, value: date) -> str:
        """``8 December 2026``."""
        return wording.day(value, self.texts)

    def weekday(self, value: date) -> str:
        """``Tue``."""
        return self.day_phrase(f"weekday.{value.weekday()}")

    def full_day(self, value: date) -> str:
        """``Tuesday, 8 December 2026``."""
        weekday = self.day_phrase(f"weekday_long.{value.weekday()}")
        return self.say("calendar.day.full", weekday=weekday, date=self.day(value))

    def day_and_month(self, value: date) -> str:
        """``8 December``."""
        return self.say("calendar.day.month", day=value.day, month=self.say(f"month.{value.month}"))

    def short_day(self, value: date) -> str:
        """``8 Dec``."""
        month = self.day_phrase(f"month_short.{value.month}")
        return self.say("calendar.day.short", day=value.day, month=month)

    def stretch(self, since: date, until: date) -> str:
        """Days in words, naming month and year once: ``7 to 13 December 2026``."""
        if since == until:
            return self.day(since)
        if since.year != until.year:
            return self.say("date.between", start=self.day(since), end=self.day(until))
        kind = "days" if since.month == until.month else "months"
        return self.day_phrase(
            f"stretch.{kind}",
            first=since.day,
            first_month=self.say(f"month.{since.month}"),
            last=until.day,
            last_month=self.say(f"month.{until.month}"),
            year=since.year,
        )

    def said(self, said: when.Said) -> str:
        """The days of a line beside a session."""
        phrase, dates = said
        if dates.keys() == {"start", "end"}:
            return self.stretch(dates["start"], dates["end"])
        return self.say(phrase, **{name: self.day(value) for name, value in dates.items()})

    def clock(self, starts: datetime, ends: datetime) -> str:
        """``10:00 to 11:00``."""
        return self.say("calendar.time", start=f"{starts:%H:%M}", end=f"{ends:%H:%M}")

    def moment(self, value: datetime) -> str:
        """``8 December 2026, 10:00``."""
        return self.say("calendar.moment", date=self.day(value.date()), time=f"{value:%H:%M}")

    def money(self, amount: Decimal, currency: str | None) -> str:
        """``60 EUR``; hundredths only where there are any."""
        number = f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"
        return self.say("plan.money", amount=number, currency=currency).strip() if currency else number

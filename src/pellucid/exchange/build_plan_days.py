"""The grid of a care plan in words: its weeks and days."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pellucid.exchange import plan_model as out
from pellucid.exchange.build_plan_bands import quiet_days
from pellucid.exchange.build_plan_routines import Routines, ways_of
from pellucid.exchange.build_plan_stripes import WEEK, away_text, rest_days, segments_out
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.model.plan import Day, Standing

ACTIVE = "pm_active"
"""The one layer of an evening in which something goes on that not every evening can have."""


@dataclass(frozen=True)
class Grid:
    """What the days of the grid are looked up in."""

    words: PlanWords
    routines: Routines
    sessions: list[out.PlanSessionOut]
    bands: list[out.BandOut]
    stripes: list[out.StripeOut]

    def weeks(self) -> list[out.PlanWeekOut]:
        """Seven days a week, counted from the start of the plan."""
        days = sorted(self.words.plan.days, key=lambda day: day.on)
        starts = range(0, len(days), WEEK)
        return [self._week(number, days[start : start + WEEK]) for number, start in enumerate(starts, start=1)]

    def _week(self, number: int, days: list[Day]) -> out.PlanWeekOut:
        words, since, until = self.words, days[0].on, days[-1].on
        return out.PlanWeekOut(
            number=number,
            title=words.say("calendar.week", n=number),
            text=words.stretch(since, until),
            since=since,
            until=until,
            current=since <= words.profile.today <= until,
            days=[self._day(day) for day in days],
            segments=segments_out(self.stripes, since),
        )

    def _day(self, day: Day) -> out.PlanDayOut:
        words, plan, on = self.words, self.words.plan, day.on
        halves = {way.part: self.routines[way] for way in ways_of(day)}
        morning, evening = halves.get("morning"), halves.get("evening")
        kind = self._kind(day)
        away = next((each for each in plan.preferences.away if each.since <= on <= each.until), None)
        return out.PlanDayOut(
            on=on,
            weekday=on.weekday(),
            weekday_text=words.weekday(on),
            date_text=words.day_and_month(on),
            short_text=words.short_day(on),
            sessions=[session.key for session in self.sessions if session.on == on],
            morning=morning.id if morning else None,
            evening=evening.id if evening else None,
            morning_steps=[step.text for step in morning.steps] if morning else [],
            evening_steps=[step.text for step in evening.steps] if evening else [],
            evening_kind=kind,
            evening_text=_evening(day, kind, words),
            tests=[words.product(product) for product in day.tests],
            first_uses=[words.product(each.product) for each in plan.introductions if each.first_use == on],
            bands=[band.id for band in self.bands if band.since <= on <= band.until],
            away=away_text(away.name, words) if away else None,
            events=events_of(words).get(on, []),
            rest=on in rest_days(words),
            irritation=any(each.on == on and each.what == "irritation" for each in plan.log),
            review=on in plan.reviews,
            standing=day.standing.value,
            standing_text=words.plan_phrase(f"day.{day.standing.value}"),
            changed=0 < day.changed == plan.revision,
        )

    def _kind(self, day: Day) -> out.EveningWord:
        if day.deep_clean:
            return "deep_clean"
        if any(step.layer == ACTIVE for step in day.evening):
            return "active"
        if day.on in rest_days(self.words):
            return "rest"
        return "quiet" if day.on in self.quiet else "routine"

    @cached_property
    def quiet(self) -> frozenset[date]:
        """The days near a visit on which something that an evening may have is left out."""
        return quiet_days(self.words)


def events_of(words: PlanWords) -> dict[date, list[str]]:
    """What the person told of days that matter, in the plan's days."""
    first, last = words.plan.start.toordinal(), words.plan.until.toordinal()
    found: dict[date, list[str]] = {}
    for fact in words.profile.dated:
        for start, end in fact.days.yes if fact.record == "event" else ():
            for number in range(max(start, first), min(end, last + 1)):
                found.setdefault(date.fromordinal(number), []).append(fact.name)
    return dict(sorted(found.items()))


def _evening(day: Day, kind: out.EveningWord, words: PlanWords) -> str:
    """The kind of evening in words: for an active one, the product."""
    if day.standing is Standing.MISSED:
        return words.say("plan.day.missed")
    if kind == "active":
        return words.join(words.product(step.product) for step in day.evening if step.layer == ACTIVE and step.product)
    if day.evening and not any(step.product for step in day.evening):
        return words.join(words.texts.get(f"layer.{step.layer}", "name") for step in day.evening)
    return words.plan_phrase(f"evening.{kind}")

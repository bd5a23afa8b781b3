"""A care plan as a calendar file (iCalendar, RFC 5545): visits, the days around them, care at home, tests and reviews.

A locked phone shows the SUMMARY of an entry to whoever stands by, so it says nothing about anybody's skin; what is done
and used stands in the DESCRIPTION. UIDs are hashes for the same reason, and stay the same for the same item of a
person's plans: a calendar that has an earlier file updates its entries instead of showing them twice.

Every morning and evening is an entry of its own rather than a date of a repeating one. A change then touches that entry
alone and raises its own SEQUENCE, and nothing hangs on how a phone reads exceptions to a repetition.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from math import ceil
from operator import itemgetter
from typing import Any, Literal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from icalendar import Alarm, Event, Todo, vCalAddress

from pellucid.exchange.build_plan_pairs import DatedPause, dated_pauses, pause_text
from pellucid.exchange.build_plan_pauses import Paused, paused_around
from pellucid.exchange.build_plan_visits import AHEAD
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.exchange.ical_file import calendar_with, readable, written
from pellucid.exchange.wording import Wording
from pellucid.exchange.wording import day as day_in_words
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.home import Layer, PatchStep
from pellucid.knowledge.texts import Texts
from pellucid.model.decision import Instruction
from pellucid.model.plan import CarePlan, Day, Introduction, Part, Session, Standing, Step
from pellucid.model.profile import Profile

Home = Literal["vevent", "vtodo"]
"""Whether care at home stands in the calendar as events, or among the reminders as tasks."""

NAMESPACE = UUID("9d1f6f0a-5b0c-4a53-8b63-2f0f3c9d7e14")
"""Any fixed UUID will do; another one would give every entry another UID."""

PRODID = "-//Pellucid//Care plan//EN"

CLOCK = {Part.MORNING: time(7, 30), Part.EVENING: time(21, 0)}
"""When care at home stands in the calendar, wherever the person is: a time without a zone."""

REMIND_AT = timedelta(hours=9)
"""When, on an all-day entry, a reminder rings."""

GRID = 5
"""Minutes to which the length of care at home is rounded up."""

STATUS = {
    Standing.PROPOSED: "TENTATIVE",
    Standing.BOOKED: "CONFIRMED",
    Standing.DONE: "CONFIRMED",
    Standing.MISSED: "CANCELLED",
}

TASK_STATUS = {
    Standing.PROPOSED: "NEEDS-ACTION",
    Standing.BOOKED: "NEEDS-ACTION",
    Standing.DONE: "COMPLETED",
    Standing.MISSED: "CANCELLED",
}

CLINIC_STEPS = {"clinic_product", "test_spot"}
"""Steps of a patch test that are the clinic's own, before a visit."""

Item = Event | Todo


def to_ical(  # noqa: PLR0913 - what a calendar hangs on
    plan: CarePlan,
    *,
    client: str,
    profile: Profile,
    today: date,
    texts: Texts,
    knowledge: Knowledge,
    home: Home = "vevent",
    method: Literal["PUBLISH"] | None = None,
) -> str:
    """The plan as one calendar; the same input gives the same bytes.

    Args:
        plan: what to show.
        client: the person's reference, which UIDs hang on; it shows nowhere.
        profile: whom the plan is for; what pauses around a visit hangs on it.
        today: the day of the export, for DTSTAMP.
        texts: the words of the language.
        knowledge: what the plan was made with, for layers, products and questions.
        home: how care at home stands there.
        method: ``PUBLISH`` where it is sent to someone (RFC 5546), none where it is a file or a feed.
    """
    items = _Items(client, profile, today, texts, knowledge, home=home, sent=method is not None)
    calendar = calendar_with(method, prodid=PRODID)
    calendar.calendar_name = texts.phrase("ics.calendar")
    return written(calendar, list(items.of(plan)))


def cancelled(  # noqa: PLR0913 - as to_ical
    old: CarePlan,
    new: CarePlan,
    *,
    client: str,
    profile: Profile,
    today: date,
    texts: Texts,
    knowledge: Knowledge,
    home: Home = "vevent",
) -> str:
    """What takes the items of an old plan that a new one no longer has out of a calendar; empty where there are none.

    RFC 5546 allows one UID in a calendar with METHOD:CANCEL, so this is a stream of calendars, one for each item.
    """
    items = _Items(client, profile, today, texts, knowledge, home=home, sent=True)
    kept = {item["UID"] for item in items.of(new)}
    gone = [item for item in items.of(old) if item["UID"] not in kept]
    for item in gone:
        sequence = max(item.sequence + 1, new.revision)
        del item["SEQUENCE"]
        item.add("SEQUENCE", sequence)
        item.status = "CANCELLED"
        item.subcomponents.clear()
    return "".join(written(calendar_with("CANCEL", prodid=PRODID), [item]) for item in gone)


class _Items:
    """Makes the entries of one person's plans in one language."""

    def __init__(  # noqa: PLR0913 - as to_ical
        self,
        client: str,
        profile: Profile,
        today: date,
        texts: Texts,
        knowledge: Knowledge,
        *,
        home: Home,
        sent: bool,
    ) -> None:
        self.person = uuid5(NAMESPACE, client)
        self.profile = profile
        self.stamp = datetime.combine(today, time(), UTC)
        self.texts = texts
        self.knowledge = knowledge
        self.wording = Wording(knowledge, texts)
        self.home = home
        self.sent = sent

    def of(self, plan: CarePlan) -> Iterator[Item]:
        """Every entry of a plan."""
        words = PlanWords(plan, self.profile, self.knowledge, self.texts)
        for session in plan.sessions:
            yield self._visit(session, plan)
            if session.standing is not Standing.MISSED:
                yield from self._around(session, words)
        for day in plan.days:
            for part, steps in ((Part.MORNING, day.morning), (Part.EVENING, day.evening)):
                if steps:
                    yield self._care(day, part, steps, keep=bool(plan.keep))
        yield from (self._test(each, plan) for each in plan.introductions if each.tested_from < each.first_use)
        yield from (self._pause_around(each, words) for each in dated_pauses(words))
        for review in sorted(set(plan.reviews)):
            about = [self.texts.phrase("ics.review_about")]
            item = self._item(Event(), f"review.{review}", self.texts.phrase("ics.review"), 0, about)
            yield _all_day(item, review, review)

    def _item(self, item: Item, key: str, summary: str, sequence: int, description: Iterable[str]) -> Any:
        """What every entry has."""
        item.add("UID", self._uid(key))
        item.add("DTSTAMP", self.stamp)
        item.add("SEQUENCE", sequence)
        item.add("SUMMARY", summary)
        item.add("DESCRIPTION", readable(description))
        item.add("CLASS", "PRIVATE")
        if self.sent:
            item.add("ORGANIZER", vCalAddress(f"urn:uuid:{uuid5(self.person, 'organizer')}"))
        return item

    def _uid(self, key: str) -> str:
        return f"{uuid5(self.person, key)}@pellucid"

    def _visit(self, session: Session, plan: CarePlan) -> Event:
        texts, slot = self.texts, session.slot
        place = [plan.name("location", slot.location), plan.name("room", slot.room)]
        about = [
            texts.get(f"treatment.{slot.treatment}", "name"),
            *([texts.phrase("ics.proposed")] if session.standing is Standing.PROPOSED else []),
            texts.phrase("ics.with", who=plan.name("practitioner", slot.practitioner)),
            texts.phrase("ics.where", place=texts.phrase("words.list").join(filter(None, place))),
        ]
        if session.confirm:
            asked = texts.phrase("words.list").join(self.wording.name(path) for path in session.confirm)
            about.append(texts.phrase("ics.confirm", list=asked))
        summary = texts.phrase("ics.visit")
        item: Event = self._item(Event(), f"session.{session.key}", summary, session.changed, about)
        item.add("DTSTART", slot.local)
        item.add("DTEND", slot.ends.astimezone(ZoneInfo(slot.zone)))
        item.add("STATUS", STATUS[session.standing])
        if session.standing in AHEAD:
            _remind(item, timedelta(days=-1))
        return item

    def _around(self, session: Session, words: PlanWords) -> Iterator[Event]:
        """The days before and after a visit on which something is paused, avoided or asked about."""
        texts = self.texts
        name = texts.get(f"treatment.{session.slot.treatment}", "name")
        counted = texts.phrase("report.if_session_on", date=day_in_words(session.day, texts))
        own = paused_around(session, words)
        for side, summary, told in (
            ("before", texts.phrase("ics.before"), session.preparation),
            ("after", texts.phrase("ics.after"), session.aftercare),
        ):
            pauses = [each for each in own if each.side == side]
            lines = (*told, *(each.line for each in pauses))
            if not lines:
                continue
            binding = [line for line in lines if line.action == "pause" or line.rule.startswith("window.")] or lines
            since, until = min(line.since for line in binding), max(line.until for line in binding)
            about = (name, counted, *self._dated(told, pauses, words))
            changed = max(session.changed, _used_before(until, words.plan))
            item = self._item(Event(), f"{side}.{session.key}", summary, changed, about)
            item.add("RELATED-TO", self._uid(f"session.{session.key}"))
            item.add("STATUS", STATUS[session.standing])
            _all_day(item, since, until)
            if side == "before" and session.standing in AHEAD:
                eve = session.day - timedelta(days=1)
                for begins in sorted({line.since for line in lines if line.since < eve}):
                    _remind(item, begins - since + REMIND_AT)
            yield item

    def _pause_around(self, pause: DatedPause, words: PlanWords) -> Event:
        """The days around something the person has done, such as waxing, on which products are left out."""
        key = f"pause.{pause.pair}.{pause.what}.{pause.on or pause.since}"
        about = (pause_text(pause, words), self.texts.get(pause.pair, "rule"))
        changed = _used_before(pause.until, words.plan)
        item: Event = self._item(Event(), key, self.texts.phrase("ics.pause"), changed, about)
        return _all_day(item, pause.since, pause.until)

    def _dated(self, told: Iterable[Instruction], pauses: Iterable[Paused], words: PlanWords) -> Iterator[str]:
        """Instructions and the plan's own pauses in words, those of the same days together."""
        texts = self.texts
        entries = [(_stretch(line), tuple(self._told(line))) for line in told]
        entries += [(_stretch(each.line), (_pause(each, words),)) for each in pauses]
        for (since, until), group in groupby(sorted(entries, key=itemgetter(0)), key=itemgetter(0)):
            first, last = day_in_words(since, texts), day_in_words(until, texts)
            yield (
                texts.phrase("ics.on", date=first)
                if since == until
                else texts.phrase("ics.days", since=first, until=last)
            )
            for _, lines in group:
                yield from lines

    def _told(self, line: Instruction) -> Iterator[str]:
        """One instruction, and whom it is for."""
        texts = self.texts
        words = texts.get(line.rule, "do")
        if line.rule.startswith("window."):
            words = texts.get(line.rule, "name") + texts.phrase("report.colon") + words
        yield f"- {words}"
        if line.concerns:
            yield texts.phrase("report.you_told_us", list=line.concerns)
        elif line.applies is None and line.action in {"pause", "ask_prescriber"}:
            yield texts.phrase("report.if_applies")

    def _care(self, day: Day, part: Part, steps: tuple[Step, ...], *, keep: bool) -> Item:
        """One morning or evening at home, by the clock of wherever the person is."""
        starts = datetime.combine(day.on, CLOCK[part])
        ends = starts + timedelta(minutes=self._minutes(steps))
        about = [f"{number}. {self._step(step)}" for number, step in enumerate(steps, 1)]
        if keep:
            about.append(self.texts.phrase("ics.keep"))
        kind = Event() if self.home == "vevent" else Todo()
        item: Item = self._item(kind, f"home.{day.on}.{part}", self._care_name(day, part), day.changed, about)
        item.add("DTSTART", starts)
        if isinstance(item, Event):
            item.add("DTEND", ends)
            item.add("TRANSP", "TRANSPARENT")
        else:
            item.add("DUE", ends)
            item.add("STATUS", TASK_STATUS[day.standing])
        return item

    def _care_name(self, day: Day, part: Part) -> str:
        if part is Part.MORNING:
            return self.texts.phrase("ics.morning")
        return self.texts.phrase("ics.deep_clean") if day.deep_clean else self.texts.phrase("ics.evening")

    def _minutes(self, steps: Iterable[Step]) -> int:
        """How long it takes, waiting included, so that it can be seen in a calendar."""
        layers = dict.fromkeys(step.layer for step in steps)
        takes = sum(self.knowledge.get(Layer, layer).minutes for layer in layers)
        return GRID * max(1, ceil(takes / GRID))

    def _step(self, step: Step) -> str:
        name = self.texts.get(f"layer.{step.layer}", "name")
        if not step.product:
            return name
        return name + self.texts.phrase("report.colon") + self.texts.get(f"product.{step.product}", "name")

    def _test(self, new: Introduction, plan: CarePlan) -> Event:
        """The days on which a new product is tried on a small spot."""
        texts = self.texts
        steps = [step for step in self.knowledge.of(PatchStep).values() if step.id not in CLINIC_STEPS]
        product = texts.get(f"product.{new.product}", "name")
        about = [
            texts.phrase("ics.test_about", product=product, date=day_in_words(new.first_use, texts)),
            *(f"- {texts.get(step.ref, 'do')}" for step in sorted(steps, key=lambda step: step.order)),
        ]
        changed = max((day.changed for day in plan.days if new.tested_from <= day.on <= new.first_use), default=0)
        item: Event = self._item(Event(), f"test.{new.product}", texts.phrase("ics.test"), changed, about)
        return _all_day(item, new.tested_from, new.first_use - timedelta(days=1))


def _used_before(until: date, plan: CarePlan) -> int:
    """The revision that last changed a day up to one: which products pause around a visit hangs on those before it."""
    return max((day.changed for day in plan.days if day.on <= until), default=0)


def _pause(paused: Paused, words: PlanWords) -> str:
    """A pause of the plan's own products, and why."""
    line = words.builder.instruction(paused.line)
    pause = words.say("report.action.pause")
    return f"- {pause}{words.say('report.colon')}{line.concerns}{words.say('report.colon')}{line.text}"


def _stretch(line: Instruction) -> tuple[date, date]:
    return line.since, line.until


def _all_day(item: Event, since: date, until: date) -> Event:
    """From a day to another, both included; the calendar's own end is the day after, and nobody is busy."""
    item.add("DTSTART", since)
    item.add("DTEND", until + timedelta(days=1))
    item.add("TRANSP", "TRANSPARENT")
    return item


def _remind(item: Event, after_start: timedelta) -> None:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("TRIGGER", after_start)
    alarm.add("DESCRIPTION", str(item["SUMMARY"]))
    item.add_component(alarm)

"""What a new revision of a plan does otherwise than the one before, and why, in words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from pellucid.exchange import plan_model as out
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.knowledge.schema.home import Product
from pellucid.model.plan import HAPPENED, Change

ASKED = frozenset({"want", "booked", "pin", "budget", "minutes", "away", "slots"})
"""Kinds of requirement; anything else behind a change is a record."""

USE_TEST = "home_number.use_test"
"""Behind a use that is gone, it means that the test has to come again."""

LISTED = 4
"""Up to so many days are named one by one; more are counted."""


def changes_out(words: PlanWords) -> list[out.ChangeOut]:
    """Every change; the same change of a product on several days is told once."""
    groups: dict[tuple[str, ...], list[Change]] = {}
    for change in sorted(words.plan.changes, key=lambda each: (each.on, each.about)):
        apart = (change.before, change.after) if change.about.startswith("session.") else ()
        groups.setdefault((change.about, _how(change), change.because, *apart), []).append(change)
    return [_change(same, words) for same in groups.values()]


def _change(same: list[Change], words: PlanWords) -> out.ChangeOut:
    change = same[0]
    kind, _, name = change.about.partition(".")
    days = [each.on for each in same]
    text = _session(name, change, words) if kind == "session" else _product(name, change, days, words)
    record = words.knowledge.by_ref.get(change.because)
    return out.ChangeOut(
        on=change.on,
        about=change.about,
        text=text,
        because=because(change.because, words),
        rule=change.because,
        sources=words.sources(record.source if record else ()),
    )


def _how(change: Change) -> str:
    """Whether something is new, moved or gone."""
    if not change.before:
        return "new"
    return "moved" if change.after else "gone"


def _session(key: str, change: Change, words: PlanWords) -> str:
    treatment = words.treatment(key.rpartition("-")[0])
    before, after = (_moment(value, words) for value in (change.before, change.after))
    return words.plan_phrase(f"change.session.{_how(change)}", name=treatment, before=before, after=after)


def _moment(value: str, words: PlanWords) -> str:
    """A slot's start by the clinic's clock; what isn't a time stays as it is."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    zones = [session.slot.zone for session in words.plan.sessions]
    return words.moment(moment.astimezone(ZoneInfo(zones[0])) if moment.tzinfo and zones else moment)


def _product(product: str, change: Change, days: list[date], words: PlanWords) -> str:
    known = product in words.knowledge.of(Product)
    name = words.product(product) if known else product
    counted = words.join(map(words.day, days)) if len(days) <= LISTED else _counted(days, words)
    return words.plan_phrase(f"change.product.{_how(change)}", name=name, days=counted)


def _counted(days: list[date], words: PlanWords) -> str:
    return words.say("plan.change.days", n=len(days), days=words.stretch(days[0], days[-1]))


def because(rule: str, words: PlanWords) -> str:
    """What is behind a change: a rule, an entry of the log or a requirement; empty where there is nothing to say."""
    kind, _, what = rule.partition(".")
    if kind == "log":
        return words.plan_phrase(f"because.{what}") if what in HAPPENED else ""
    if rule == USE_TEST:
        return words.say("plan.because.use_test")
    return words.plan_phrase(f"because.{kind}") if kind in ASKED else _told(rule, words)


def _told(rule: str, words: PlanWords) -> str:
    """The name of a record, or what it says to do where it has none, as a line beside a visit."""
    record = words.knowledge.by_ref.get(rule)
    return words.texts.get(rule, "do") if record and "do" in record.texts else words.record(rule)

"""Stripes of days across the grid: bands about the same kind of thing merged, days away, and days of rest."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from pellucid.exchange import plan_model as out
from pellucid.exchange.build_plan_pairs import dated_pauses, pause_label
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.knowledge.schema.home import HomeNumber

ORDER: tuple[out.StripeWord, ...] = (
    "away",
    "rest",
    "prescriber",
    "products",
    "hair",
    "sun",
    "gentle",
    "procedures",
)
"""From the top of a week down."""

DAY = timedelta(days=1)
WEEK = 7


def rest_days(words: PlanWords) -> dict[date, date]:
    """Days of rest of the plan, each with the day of the irritation behind it."""
    length = words.knowledge.get(HomeNumber, "rest_after_irritation").days
    plan = words.plan
    found: dict[date, date] = {}
    for entry in plan.log:
        if entry.what == "irritation":
            days = (entry.on + number * DAY for number in range(length))
            found.update({day: entry.on for day in days if plan.start <= day <= plan.until})
    return dict(sorted(found.items()))


class Run(NamedTuple):
    """Days in a row, clipped to the plan."""

    kind: out.StripeWord
    number: int
    since: date
    until: date


def stripes_out(bands: Iterable[out.BandOut], words: PlanWords) -> list[out.StripeOut]:
    """Every stripe of the plan, by kind and then by day; other treatments only where they may concern the person."""
    by_kind: dict[out.StripeWord, list[out.BandOut]] = {}
    for band in bands:
        if not (band.kind == "procedures" and band.applies is False):
            by_kind.setdefault(band.kind, []).append(band)
    found = [*_away(words), *_rest(words)]
    found += [stripe for kind in ORDER for stripe in _merged(kind, by_kind.get(kind, []), words)]
    found += _around(words)
    return sorted(found, key=lambda each: ORDER.index(each.kind))


def _away(words: PlanWords) -> Iterator[out.StripeOut]:
    plan = words.plan
    ours = (each for each in sorted(plan.preferences.away) if each.until >= plan.start and each.since <= plan.until)
    for number, away in enumerate(ours, start=1):
        run = Run("away", number, max(away.since, plan.start), min(away.until, plan.until))
        yield _stripe(run, away_text(away.name, words), [], words)


def away_text(name: str, words: PlanWords) -> str:
    """Why the person is away, as far as they told."""
    return words.say("plan.stripe.away_for", name=name) if name else words.say("plan.stripe.away")


def _rest(words: PlanWords) -> Iterator[out.StripeOut]:
    for number, days in enumerate(_joined((day, day) for day in rest_days(words)), start=1):
        yield _stripe(Run("rest", number, *days), words.say("plan.stripe.rest"), [], words)


def _merged(kind: out.StripeWord, bands: list[out.BandOut], words: PlanWords) -> Iterator[out.StripeOut]:
    """The bands of one kind that overlap or touch, as long as they name the same: no day is told another's products."""
    comma = words.say("words.list")
    named: dict[date, dict[str, None]] = {}
    for band in bands:
        for day in _days_in(max(band.since, words.plan.start), min(band.until, words.plan.until)):
            named.setdefault(day, {}).update(dict.fromkeys(band.concerns.split(comma) if band.concerns else ()))
    same: dict[frozenset[str], list[date]] = {}
    for day, names in named.items():
        same.setdefault(frozenset(names), []).append(day)
    stretches = [stretch for days in same.values() for stretch in _joined((day, day) for day in days)]
    for number, (since, until) in enumerate(sorted(stretches), start=1):
        inside = [band for band in bands if since <= band.until and band.since <= until]
        label = words.plan_phrase(f"stripe.{kind}")
        if named[since]:
            label = words.say("plan.stripe.named", label=label, list=words.join(named[since]))
        yield _stripe(Run(kind, number, since, until), label, inside, words)


def _days_in(since: date, until: date) -> Iterator[date]:
    return (since + number * DAY for number in range((until - since).days + 1))


def _around(words: PlanWords) -> Iterator[out.StripeOut]:
    """Days around something that the person has done, such as waxing."""
    for number, pause in enumerate(dated_pauses(words), start=1):
        label, text = pause_label(pause, words)
        run = Run("products", number, pause.since, pause.until)
        yield _stripe(run, label, [], words).model_copy(update={"id": f"around-{number}", "text": text})


def _joined(stretches: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Stretches that overlap or touch, joined."""
    found: list[tuple[date, date]] = []
    for since, until in sorted(stretches):
        if found and since <= found[-1][1] + DAY:
            found[-1] = found[-1][0], max(found[-1][1], until)
        else:
            found.append((since, until))
    return found


def _stripe(run: Run, label: str, bands: list[out.BandOut], words: PlanWords) -> out.StripeOut:
    return out.StripeOut(
        id=f"{run.kind}-{run.number}",
        kind=run.kind,
        label=label,
        text=words.say("plan.stripe.days", label=label, days=words.stretch(run.since, run.until)),
        since=run.since,
        until=run.until,
        sessions=list(dict.fromkeys(band.session for band in bands)),
        bands=[band.id for band in bands],
    )


def segments_out(stripes: Iterable[out.StripeOut], monday: date) -> list[out.SegmentOut]:
    """The parts of all stripes that lie in the seven days from a day on, each in the first lane that is free."""
    lanes: list[int] = []
    found = []
    for stripe in stripes:
        first = (max(stripe.since, monday) - monday).days
        last = (min(stripe.until, monday + (WEEK - 1) * DAY) - monday).days
        if first > last:
            continue
        mine = sum(1 << column for column in range(first, last + 1))
        lane = next((number for number, taken in enumerate(lanes) if not taken & mine), len(lanes))
        if lane == len(lanes):
            lanes.append(0)
        lanes[lane] |= mine
        found.append(
            out.SegmentOut(
                stripe=stripe.id,
                kind=stripe.kind,
                label=stripe.label,
                lane=lane,
                first=first,
                last=last,
                begins=stripe.since >= monday,
                ends=stripe.until <= monday + (WEEK - 1) * DAY,
            )
        )
    return found

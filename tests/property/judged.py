"""What laws compare: on which days something can be booked, and how every treatment stands on a few days."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from tests.strategies import KNOWLEDGE, TODAY, TREATMENTS, intake_of

from pellucid.consult.profile import make_profile
from pellucid.consult.screen import Screening
from pellucid.knowledge.base import Knowledge
from pellucid.model import spans
from pellucid.model.levels import Level, Status
from pellucid.model.spans import Spans

HORIZON = tuple(TODAY + timedelta(days=number) for number in range(150))
"""The days on which bookings are looked at."""

Case = tuple[str, Level]
Standing = Mapping[tuple[str, Level, date], Status]


def screening_of(answers: Mapping[str, Any], knowledge: Knowledge = KNOWLEDGE, today: date = TODAY) -> Screening:
    """The screening of someone's answers, given by path."""
    return Screening(make_profile(intake_of(answers), knowledge=knowledge, today=today), knowledge)


def bookable(screening: Screening) -> Mapping[Case, Spans]:
    """The days of the horizon on which each treatment can be booked, at each level."""
    start, end = HORIZON[0].toordinal(), HORIZON[-1].toordinal() + 1
    return MappingProxyType(
        {
            (treatment, level): spans.clip(spans.complement(screening.closed(treatment, level)), start, end)
            for treatment in TREATMENTS
            for level in Level
        }
    )


def standing(screening: Screening, days: Iterable[date]) -> Standing:
    """How each treatment stands on some days, at each level."""
    return MappingProxyType(
        {
            (treatment, level, day): screening.decide(treatment, on=day, performer=level).status
            for treatment in TREATMENTS
            for level in Level
            for day in days
        }
    )


def opened(before: Mapping[Case, Spans], after: Mapping[Case, Spans]) -> Iterator[str]:
    """Every case in which a day can be booked after, and couldn't be before."""
    for case, days in after.items():
        more = spans.difference(days, before[case])
        if more:
            treatment, level = case
            first, last = (spans.as_date(day) for day in more[0])
            yield f"{treatment} at {level.name} from {first} to before {last}"


def milder(before: Standing, after: Standing) -> Iterator[str]:
    """Every case in which the status is milder after than before."""
    for case, status in after.items():
        if status < before[case]:
            treatment, level, day = case
            yield f"{treatment} at {level.name} on {day}: {before[case].word} became {status.word}"

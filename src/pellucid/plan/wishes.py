"""What a person wants and can give, from the answers of the intake: the planner's preferences.

Goals such as fewer blackheads are not among them: they have their say in the fit of each treatment.
"""

from decimal import Decimal
from typing import Any

from pellucid.model.ids import AnswerPath
from pellucid.model.plan import Away, Pin, Preferences
from pellucid.model.profile import Profile
from pellucid.model.slot import Slot

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""Options of ``wishes.preferred_days``, in the order of ``date.weekday()``."""


def preferences_of(profile: Profile, *, booked: tuple[Slot, ...] = (), pins: tuple[Pin, ...] = ()) -> Preferences:
    """Turn the wishes of an intake into the planner's preferences; a wish that was not told is none.

    Args:
        profile: whose answers under ``wishes`` count.
        booked: appointments that stand; an intake holds none.
        pins: choices that stay; an intake holds none.
    """

    def told(wish: str, otherwise: Any = None) -> Any:
        return profile.answers.get(AnswerPath(f"wishes.{wish}"), otherwise)

    return Preferences(
        wanted=tuple(dict.fromkeys(told("treatments", ()))),
        home_only=told("home_only", otherwise=False),
        budget=_amount(told("budget")),
        currency=told("currency", "").strip().upper() or None,
        minutes_per_day=told("minutes_per_day"),
        weekdays=frozenset(WEEKDAYS.index(day) for day in told("preferred_days", ())),
        away=tuple(sorted(Away(entry.start, entry.end, entry.name or "") for entry in told("away", ()))),
        booked=booked,
        pins=pins,
    )


def _amount(number: float | None) -> Decimal | None:
    """Money as it was written: 99.9 stays 99.9, which its binary fraction is not, and 1500 has no noughts behind."""
    if number is None:
        return None
    return Decimal(int(number)) if number == int(number) else Decimal(str(number))

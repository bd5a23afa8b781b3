"""Calls of the planner to measure: the example intakes and a standard person, each with a clinic's open slots.

The slots are the same ones every time: five a week, for the four treatments that are looked at first for the person, in
turn. Who has a budget can pay for four sessions with it, and not for five.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # `make bench` runs every file here

from benchmarks.profiles import EXAMPLES, TODAY
from pellucid.consult.assess import assess
from pellucid.consult.profile import make_profile
from pellucid.consult.screen import usual_performer
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.slot import Slot
from pellucid.plan.pose import Asked
from pellucid.plan.wishes import preferences_of

WEEKS = 12
"""How long a plan usually is."""
TREATMENTS = 4
SLOT_DAYS = (1, 3, 3, 4, 6)
"""Days of a week that have an opening, counted from the plan's first day."""
HOURS = (9, 11, 13, 15, 17)
SESSIONS = 4
"""So many sessions can be paid for: the standard person's in twelve weeks, in longer plans as many more."""
PRICES = (Decimal("0.85"), Decimal("0.9"), Decimal("0.95"), Decimal(1))
"""What each treatment costs, as a part of the money for one session: five of the cheapest can't be paid for."""
USUAL_PRICE = Decimal(60)


def examples(knowledge: Knowledge, weeks: int) -> Iterator[tuple[str, Asked]]:
    """Every example intake by name, planned from today; who has a budget can pay for four sessions with it."""
    for file in sorted(EXAMPLES.glob("*.toml")):
        intake = tomllib.loads(file.read_text("utf-8"))
        budget = Decimal(intake.get("wishes", {}).get("budget", USUAL_PRICE * SESSIONS))
        yield file.stem, _asked(intake, weeks, budget / SESSIONS, knowledge)


def standard(knowledge: Knowledge, weeks: int) -> Asked:
    """Someone whom twelve home products fit, and who can pay for four sessions in twelve weeks."""
    intake = tomllib.loads((EXAMPLES / "oily_t_zone_student.toml").read_text("utf-8"))
    own = {"vitamin c": 7, "niacinamide": 7, "retinol": 3, "glycolic acid": 1, "salicylic acid cleanser": 3}
    intake["products"]["actives"] = [
        {
            "name": name,
            "form": "rinse_off" if "cleanser" in name else "leave_on",
            "start": TODAY - timedelta(weeks=20),
            "times_per_week": often,
        }
        for name, often in own.items()
    ]
    intake["person"]["age"] = 34
    intake["lesions"]["papules"] = 6
    intake["skin"]["looks"] = ["dull", "rough", "uneven_tone"]
    intake["habits"] |= {"makeup": "heavy", "removes_makeup": "sometimes"}
    intake["wishes"] |= {
        "goals": ["blackheads", "hydration", "less_shine", "brighter_look", "smoother_texture", "even_tone"],
        "treatments": ["pore_cleanup_facial", "aha_peel", "hyaluronic_infusion", "led"],
        "budget": int(USUAL_PRICE) * SESSIONS * weeks // WEEKS,
    }
    del intake["wishes"]["minutes_per_day"]
    return _asked(intake, weeks, USUAL_PRICE, knowledge)


def _asked(intake: Mapping[str, Any], weeks: int, price: Decimal, knowledge: Knowledge) -> Asked:
    profile = make_profile(intake, knowledge=knowledge, today=TODAY)
    assessment = assess(profile, None, knowledge=knowledge, today=TODAY)
    one_each = tuple(_slot(each, TODAY, HOURS[0], price) for each in knowledge.of(Treatment).values())
    asked = Asked(profile, assessment, one_each, preferences_of(profile), knowledge, TODAY, weeks)
    treatments = [knowledge.get(Treatment, name) for name in asked.looked_at[:TREATMENTS]]
    return replace(asked, slots=tuple(_slots(treatments, weeks, price)))


def _slots(treatments: list[Treatment], weeks: int, price: Decimal) -> Iterator[Slot]:
    """Openings on the same days of every week, for one treatment after the other."""
    openings = [(7 * week + day, hour) for week in range(weeks) for day, hour in zip(SLOT_DAYS, HOURS, strict=True)]
    for number, (day, hour) in enumerate(openings if treatments else ()):
        place = number % len(treatments)
        yield _slot(treatments[place], TODAY + timedelta(days=day), hour, price * PRICES[place])


def _slot(treatment: Treatment, day: date, hour: int, price: Decimal) -> Slot:
    starts = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Slot(
        starts=starts,
        ends=starts + timedelta(hours=1),
        treatment=treatment.id,
        practitioner="ines",
        room="room_1",
        level=usual_performer(treatment, None),
        zone="Europe/Madrid",
        price=price,
    )

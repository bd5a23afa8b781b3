"""One small change for each way to break a rule about sessions, the whole plan, or what goes together."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from tests.sample_plan import FACIAL, slot
from tests.unit.plan_mutations import (
    ACID,
    FIRST,
    RETINOID,
    SECOND,
    Mutation,
    acid,
    at,
    both,
    evening,
    more,
    moved,
    opening,
    put,
    sessions,
    visit,
    whole,
    wishes,
)

from pellucid.model.decision import Instruction
from pellucid.model.levels import Level, Status
from pellucid.model.plan import Happened, Standing

KEY = f"{FACIAL}-1"
RUB = Instruction("aftercare.rub", "do", at(FIRST), at(FIRST), ("house",))

SESSIONS = (
    Mutation("something left out that nobody uses", whole(set_aside=("retinol",)), "set_aside_wrong - retinol"),
    Mutation("a session after the last day", moved(0, 84), "slot_outside 84 pore_cleanup_facial-1"),
    Mutation("a session before the first day", moved(0, -1), "slot_outside -1 pore_cleanup_facial-1", "past"),
    Mutation("a session proposed for yesterday", moved(0, -1), "past -1 pore_cleanup_facial-1", "slot_outside"),
    Mutation("two sessions on one day", more("steam-1", "steam", FIRST, hour=12), "one_a_day 15 steam-1", "screening"),
    Mutation(
        "two facials four weeks apart but for a day",
        more("third", FACIAL, SECOND + 27),
        "interval 70 third treatment.pore_cleanup_facial",
        "permitted_screening screening window",
    ),
    Mutation(
        "two facials on one day",
        more("third", FACIAL, FIRST, hour=12),
        "interval 15 third treatment.pore_cleanup_facial",
        "one_a_day screening",
    ),
    Mutation(
        "a peel too soon after a facial",
        more("aha_peel-1", "aha_peel", FIRST + 6),
        "screening 21 aha_peel-1 window.next_other",
        "aside permitted_deep_clean permitted_screening window",
    ),
    Mutation(
        "a facial too soon after a peel",
        more("aha_peel-1", "aha_peel", FIRST + 8),
        "screening 43 pore_cleanup_facial-2 window.next_other",
        "aside permitted_deep_clean permitted_screening window",
    ),
    Mutation(
        "an acid the evening before a session",
        acid(SECOND - 1),
        "screening 43 pore_cleanup_facial-2 window.strong_active_before",
        "window",
    ),
    Mutation(
        "nobody at home does a facial",
        opening(0, level=Level.L0),
        "screening 15 pore_cleanup_facial-1 house.licence_level",
    ),
    Mutation(
        "a status that screening doesn't give",
        visit(0, status=Status.ALLOWED),
        "status 15 pore_cleanup_facial-1 treatment.pore_cleanup_facial",
    ),
    Mutation(
        "more sessions than a series has",
        both(*(more(f"more-{number}", FACIAL, 60 + number) for number in range(5))),
        "count 64 more-4 treatment.pore_cleanup_facial",
        "interval permitted_deep_clean permitted_screening screening window",
    ),
    Mutation("a session that is too dear", opening(0, price=Decimal(141)), "budget"),
    Mutation("a price with no currency", opening(0, price=Decimal(141), currency=None), "budget"),
    Mutation("a budget with no currency", wishes(budget=Decimal(119), currency=None), "budget"),
    Mutation("a budget that is no number", wishes(budget=Decimal("NaN")), "budget"),
    Mutation("a price that is no number", opening(0, price=Decimal("NaN")), "money 15 pore_cleanup_facial-1"),
    Mutation(
        "a booked price that upsets whoever compares it",
        opening(1, price=Decimal("sNaN")),
        f"money 43 {FACIAL}-2",
        "booked booked_unknown",
    ),
    Mutation(
        "an appointment with such a price",
        wishes(booked=(slot(FACIAL, at(SECOND)), replace(slot(FACIAL, at(60)), price=Decimal("sNaN")))),
        f"money 60 {slot(FACIAL, at(60)).id}",
        "aside permitted_deep_clean window",
    ),
    Mutation("a price below nought", opening(0, price=Decimal(-1)), "money 15 pore_cleanup_facial-1"),
    Mutation(
        "a session on the first day away", moved(0, 31), "away 31 pore_cleanup_facial-1", "interval screening window"
    ),
    Mutation(
        "a session on the last day away", moved(0, 34), "away 34 pore_cleanup_facial-1", "interval screening window"
    ),
    Mutation("a visit for someone who stays at home", wishes(home_only=True), "home_only 15 pore_cleanup_facial-1"),
    Mutation("no preparation", visit(0, preparation=()), "lines 15 pore_cleanup_facial-1 window.bare_at_arrival"),
    Mutation("no aftercare", visit(0, aftercare=()), "lines 15 pore_cleanup_facial-1 window.makeup_after"),
    Mutation(
        "the preparation of another day",
        both(moved(0, FIRST + 1), opening(0, starts=slot(FACIAL, at(FIRST)).starts, ends=slot(FACIAL, at(FIRST)).ends)),
        "lines 15 pore_cleanup_facial-1 window.bare_at_arrival",
    ),
    Mutation(
        "a line that nobody gave",
        lambda plan, profile, knowledge: visit(0, aftercare=(*plan.sessions[0].aftercare, RUB))(
            plan, profile, knowledge
        ),
        "lines 15 pore_cleanup_facial-1 aftercare.rub",
    ),
    Mutation(
        "lines in another order",
        lambda plan, profile, knowledge: visit(0, aftercare=plan.sessions[0].aftercare[::-1])(plan, profile, knowledge),
        "lines 15 pore_cleanup_facial-1 treatment.pore_cleanup_facial",
    ),
    Mutation(
        "an appointment left out",
        sessions(lambda each: each[:1]),
        "booked 43 pore_cleanup_facial@20270105T0900Z/ines/room_1",
    ),
    Mutation(
        "an appointment that is only proposed",
        visit(1, standing=Standing.PROPOSED),
        "booked 43 pore_cleanup_facial@20270105T0900Z/ines/room_1",
    ),
    Mutation(
        "an appointment at another hour",
        both(opening(1, starts=slot(FACIAL, at(SECOND), 11).starts, ends=slot(FACIAL, at(SECOND), 11).ends)),
        "booked 43 pore_cleanup_facial@20270105T0900Z/ines/room_1",
        "booked_unknown",
    ),
    Mutation(
        "a booking that nobody made", visit(0, standing=Standing.BOOKED), "booked_unknown 15 pore_cleanup_facial-1"
    ),
    Mutation("a pinned mask left out", evening(20, deep_clean=False), "pin 20 clay_mask"),
    Mutation("one key twice", visit(1, key=KEY), "key_twice 43 pore_cleanup_facial-1"),
    Mutation(
        "a treatment that isn't there", opening(0, treatment="moon_bath"), "treatment_unknown 15 pore_cleanup_facial-1"
    ),
    Mutation(
        "a session of home care",
        more("oil-1", "oil_control", 60),
        "home_treatment 60 oil-1 treatment.oil_control",
        "status",
    ),
    Mutation("a zone that isn't there", opening(0, zone="Europe/Atlantis"), "slot_time - pore_cleanup_facial-1"),
    Mutation("a zone that is a folder", opening(0, zone="Europe"), "slot_time - pore_cleanup_facial-1"),
    Mutation(
        "a slot that ends before it starts",
        opening(0, ends=slot(FACIAL, at(FIRST), 8).ends - timedelta(hours=1)),
        "slot_time - pore_cleanup_facial-1",
    ),
    Mutation(
        "a slot in no zone at all",
        opening(0, starts=slot(FACIAL, at(FIRST)).starts.replace(tzinfo=None)),
        "slot_time - pore_cleanup_facial-1",
    ),
    Mutation(
        "a slot in the year 1",
        opening(0, starts=slot(FACIAL, at(FIRST)).starts.replace(year=1, month=1, day=1)),
        "slot_time - pore_cleanup_facial-1",
    ),
    Mutation(
        "a session missed before its day",
        visit(0, standing=Standing.MISSED),
        "standing 15 pore_cleanup_facial-1",
    ),
    Mutation("a session done before its day", visit(0, standing=Standing.DONE), "standing 15 pore_cleanup_facial-1"),
)

WHOLE = (
    Mutation("another knowledge", whole(knowledge="0" * 64), "knowledge"),
    Mutation("another skin", whole(skin="normal"), "skin - normal"),
    Mutation("a skin that isn't there", whole(skin="blue"), "skin - blue"),
    Mutation("no weeks", whole(weeks=0), "weeks", "day_outside slot_outside"),
    Mutation("weeks below nought", whole(weeks=-3), "weeks", "day_outside slot_outside"),
    Mutation("weeks without end", whole(weeks=10**9), "weeks", "day_outside slot_outside"),
    Mutation("an entry that nobody knows", whole(log=(Happened(at(3), "sneezed"),)), "log 3 sneezed"),
)

PAIRS = (
    Mutation(
        "vitamin C and acid in one step",
        put(58, "pm_active", "vitamin_c_serum", 3),
        "pair 58 vitamin_c_serum pair.vitamin_c_acid",
        "introduction layer one_of",
    ),
    Mutation(
        "two kinds of acid in a day",
        put(58, "pm_active", "aha_leave_on", 3),
        "pair 58 aha_leave_on pair.aha_bha",
        "introduction one_of",
    ),
    Mutation(
        "acid and scrub in a day",
        both(put(55, "dc_exfoliate", "scrub", 1), put(55, "pm_active", ACID, 1)),
        "pair 55 bha_leave_on pair.acid_scrub",
        "cap half minutes",
    ),
    Mutation(
        "acid and retinoid in an evening",
        put(58, "pm_active", RETINOID, 3),
        "pair 58 retinoid_cosmetic pair.retinoid_acid",
        "introduction one_of",
    ),
    Mutation(
        "retinoid and clay in an evening",
        put(55, "dc_exfoliate", RETINOID, 1),
        "pair 55 retinoid_cosmetic pair.retinoid_clay",
        "introduction layer minutes retinoid_deep_clean",
    ),
    Mutation(
        "retinoid and a mask in an evening",
        put(55, "dc_exfoliate", RETINOID, 1),
        "pair 55 retinoid_cosmetic pair.retinoid_deep_clean",
        "introduction layer minutes retinoid_deep_clean",
    ),
    Mutation(
        "benzoyl peroxide and vitamin C in a morning",
        both(
            put(58, "am_treatment", "bpo_treatment", 1, part="morning"),
            put(58, "am_serum", "vitamin_c_serum", 1, part="morning"),
        ),
        "pair 58 bpo_treatment pair.bpo_vitamin_c",
        "introduction",
    ),
)

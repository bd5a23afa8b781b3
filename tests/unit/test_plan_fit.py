"""Whether a visit fits a person among their other visits, against screening asked day by day and visit by visit."""

from datetime import date, timedelta

import pytest
from tests.property.plan_cases import TODAY, random_case
from tests.sample_plan import FACIAL
from tests.unit.plan_situations import LED, OILY, PEEL, someone

from pellucid.consult.screen import screen
from pellucid.consult.suppose import with_visits
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.levels import Level, Status
from pellucid.model.profile import Profile
from pellucid.plan.fit import Beside, Fit, Suiting

DAYS = [TODAY + timedelta(days=number) for number in (0, 7, 14, 21, 26, 28, 30, 35, 42, 56)]
EXTRACTION = "dermatologist_extraction"
"""A facial before it spoils it; a facial beside it is not ruled out itself."""
PAIRS = [(PEEL, FACIAL), (FACIAL, PEEL), (FACIAL, EXTRACTION), (LED, PEEL), (FACIAL, "soothing_mask"), (PEEL, PEEL)]


def bookable(profile: Profile, beside: list[Beside], asked: Beside, knowledge: Knowledge) -> bool:
    """What screening says of one session beside others, asked anew."""
    told = with_visits(profile, [(each.treatment, each.day) for each in beside], knowledge=knowledge)
    return screen(told, asked.treatment, on=asked.day, performer=asked.level, knowledge=knowledge).status.bookable


def far_enough(one: Beside, other: Beside, knowledge: Knowledge) -> bool:
    """Whether two sessions keep the wait between two of one treatment."""
    span = knowledge.get(Treatment, one.treatment).interval_days
    return one.treatment != other.treatment or span is None or abs(one.day - other.day).days >= span.high


@pytest.mark.parametrize("seed", range(10))
def test_alone_a_visit_fits_exactly_when_screening_lets_it_be(seed: int, knowledge: Knowledge) -> None:
    profile = random_case(seed, knowledge).profile
    suiting = Suiting(profile, knowledge)
    for treatment in knowledge.of(Treatment):
        for day in DAYS[:4]:
            for level in (Level.L1, Level.L4):
                expected = screen(profile, treatment, on=day, performer=level, knowledge=knowledge)
                found = suiting.of([treatment], on=day, performer=level)
                assert (found.status, found.bookable) == (expected.status, expected.status.bookable)
                assert found.bookable == (not found.why)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("pair", PAIRS)
def test_beside_a_visit_both_have_to_fit(seed: int, pair: tuple[str, str], knowledge: Knowledge) -> None:
    """A visit fits where screening lets it be beside the other, and would the other as before beside it."""
    profile = random_case(seed, knowledge).profile
    stands = Beside(pair[1], TODAY + timedelta(days=28), Level.L4)
    suiting = Suiting(profile, knowledge, beside=[stands])
    for day in DAYS:
        asked = Beside(pair[0], day, Level.L4)
        spoils = bookable(profile, [], stands, knowledge) and not bookable(profile, [asked], stands, knowledge)
        expected = bookable(profile, [stands], asked, knowledge) and not spoils and far_enough(asked, stands, knowledge)
        assert suiting.of([pair[0]], on=day, performer=Level.L4).bookable == expected, day


@pytest.mark.parametrize("seed", range(8))
def test_the_day_that_is_named_is_the_first_that_fits(seed: int, knowledge: Knowledge) -> None:
    profile = random_case(seed, knowledge).profile
    stands = Beside(PEEL, TODAY + timedelta(days=20), Level.L4)
    suiting = Suiting(profile, knowledge, beside=[stands])
    for treatment in (PEEL, FACIAL, LED):
        found = suiting.of([treatment], on=TODAY, performer=Level.L4)
        if found.status not in {Status.DEFER, Status.BLOCKED}:
            assert found.until is None
            continue
        days = (TODAY + timedelta(days=number) for number in range(1, 400))
        first = next((day for day in days if suiting.of([treatment], on=day, performer=Level.L4).bookable), None)
        assert found.until == first or (found.until and found.until > TODAY + timedelta(days=399))


def test_a_visit_that_is_over_leaves_waits_and_can_not_be_spoilt(knowledge: Knowledge) -> None:
    profile, _ = someone(knowledge, OILY)
    over = Beside(PEEL, profile.today - timedelta(days=1), Level.L4)
    suiting = Suiting(profile, knowledge, beside=[over])
    assert suiting.of([FACIAL], on=profile.today, performer=Level.L4).why == "visits"
    assert suiting.of(["soothing_mask"], on=profile.today, performer=Level.L4).bookable


def test_what_is_held_back_counts_only_where_it_is_stricter(knowledge: Knowledge) -> None:
    profile, _ = someone(knowledge, OILY)
    day: date = profile.today + timedelta(days=30)

    def status(held_back: Status) -> Status | None:
        found = Suiting(profile, knowledge, held_back={FACIAL: held_back}).of([FACIAL], on=day, performer=Level.L4)
        return found.status

    plain = screen(profile, FACIAL, on=day, performer=Level.L4, knowledge=knowledge).status
    assert [status(each) for each in Status] == [max(plain, each) for each in Status]


def test_a_question_that_stays_open_says_more_than_a_wait_that_ends(knowledge: Knowledge) -> None:
    def found(answers: dict[str, object]) -> Fit:
        profile, _ = someone(knowledge, {**OILY, **answers})
        over = Beside(FACIAL, profile.today - timedelta(days=1), Level.L4)
        return Suiting(profile, knowledge, beside=[over]).of([FACIAL], on=profile.today, performer=Level.L4)

    waits, asked = found({}), found({"now.warning_signs": "?"})
    assert (waits.why, waits.until is not None) == ("interval", True)
    assert (asked.status, asked.why, asked.until) == (Status.DEFER, "incomplete", None)

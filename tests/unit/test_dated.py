"""Names that people write and the days they give: what is recognised, and on which days it counts."""

from datetime import date, timedelta
from typing import Any

import pytest

from pellucid.consult.dated import recognise
from pellucid.consult.profile import make_profile
from pellucid.knowledge.base import Knowledge
from pellucid.model.profile import DatedFact, Profile
from pellucid.model.spans import FUTURE, NEVER, PAST, Spans
from pellucid.model.truth import NO, UNKNOWN, YES, Truth

TODAY = date(2026, 11, 20)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def profile(section: str, question: str, *entries: dict[str, Any], knowledge: Knowledge) -> Profile:
    return make_profile({section: {question: list(entries)}}, knowledge=knowledge, today=TODAY)


def medicine(knowledge: Knowledge, **entry: object) -> DatedFact:
    return profile("health", "medicines", entry, knowledge=knowledge).dated[0]


def active(knowledge: Knowledge, **entry: object) -> DatedFact:
    return profile("products", "actives", entry, knowledge=knowledge).dated[0]


def yes(*runs: tuple[int, int]) -> Truth:
    return Truth(runs, NEVER)


def unknown(*runs: tuple[int, int]) -> Truth:
    return Truth(NEVER, runs)


def once(text: str) -> Truth:
    return yes((day(text), day(text) + 1))


UNTIL_TODAY: Spans = ((PAST, TODAY.toordinal() + 1),)


@pytest.mark.parametrize(
    ("record", "written", "classes"),
    [
        ("medicine", "Roaccutane", ["medicine.isotretinoin_oral"]),
        ("medicine", "  ROACCUTANE. ", ["medicine.isotretinoin_oral"]),
        ("medicine", "isotretinoin_oral", ["medicine.isotretinoin_oral"]),
        ("medicine", "Retin-A", ["medicine.tretinoin"]),
        ("medicine", "St. John's Wort", ["medicine.st_johns_wort"]),
        ("medicine", "羅可坦", ["medicine.isotretinoin_oral"]),
        ("medicine", "口服A酸", ["medicine.isotretinoin_oral"]),
        ("medicine", "薄血丸", ["medicine.anticoagulant"]),
        ("active", "杏仁酸", ["active.mandelic_acid"]),
        ("active", "A醇", ["active.retinol"]),
        ("procedure", "皮秒雷射", ["procedure.nonablative_laser"]),
        ("procedure", "salicylic peel", ["procedure.salicylic_peel"]),
        ("hair_removal", "挽面", ["hair_removal.thread"]),
        ("sun", "海邊度假", ["sun.strong_sun"]),
        ("event", "婚禮", ["event.important"]),
    ],
)
def test_a_name_is_recognised_by_brand_language_and_spelling(
    record: str, written: str, classes: list[str], knowledge: Knowledge
) -> None:
    assert [found.id for found in recognise(record, written, knowledge)] == classes


@pytest.mark.parametrize(
    ("record", "written"),
    [("medicine", "isotretinoi"), ("medicine", "Zorblaxin"), ("active", "Roaccutane"), ("procedure", "")],
)
def test_a_name_that_is_not_exactly_known_is_not_guessed(record: str, written: str, knowledge: Knowledge) -> None:
    assert recognise(record, written, knowledge) == ()


@pytest.mark.parametrize(
    ("route", "classes"),
    [
        ("oral", {"medicine.isotretinoin_oral"}),
        ("topical", {"medicine.isotretinoin_topical"}),
        (None, {"medicine.isotretinoin_oral", "medicine.isotretinoin_topical"}),
    ],
)
def test_the_route_tells_two_classes_of_one_name_apart(
    route: str | None, classes: set[str], knowledge: Knowledge
) -> None:
    assert {found.id for found in recognise("medicine", "isotretinoin", knowledge, route)} == classes


def test_a_depth_that_nobody_named_is_the_deeper_one(knowledge: Knowledge) -> None:
    assert [found.id for found in recognise("procedure", "chemical peel", knowledge)] == ["procedure.medium_deep_peel"]
    assert [found.id for found in recognise("procedure", "laser", knowledge)] == ["procedure.ablative_laser"]


def test_a_class_brings_its_groups(knowledge: Knowledge) -> None:
    assert medicine(knowledge, name="minocycline").classes == (
        "medicine.minocycline",
        "medicine.tetracycline_class",
        "medicine.oral_antibiotic",
        "medicine.photosensitiser_strong",
    )


def test_an_unrecognised_medicine_is_a_question_of_its_own(knowledge: Knowledge) -> None:
    told = profile("health", "medicines", {"name": "Zorblaxin", "stop": "2026-10-31"}, knowledge=knowledge)
    assert [fact.name for fact in told.unrecognised] == ["Zorblaxin"]
    assert told.truth("medicine.unrecognised") == YES  # how long it has to be out of the body, nobody knows


def test_a_list_that_was_answered_rules_out_what_is_not_on_it(knowledge: Knowledge) -> None:
    told = profile("health", "medicines", {"name": "aspirin"}, knowledge=knowledge)
    assert told.truth("medicine.blood_thinner") == YES
    assert told.truth("medicine.isotretinoin_oral") is NO
    assert told.truth("medicine.unrecognised") is NO
    assert told.truth("active.retinol") is UNKNOWN


def test_two_courses_of_one_medicine_are_both_kept(knowledge: Knowledge) -> None:
    told = profile(
        "health",
        "medicines",
        {"name": "isotretinoin", "route": "oral", "start": "2024-01-01", "stop": "2024-06-30"},
        {"name": "Roaccutane", "start": "2026-01-01", "stop": "2026-02-28"},
        knowledge=knowledge,
    )
    assert told.truth("medicine.oral_retinoid") == yes(
        (day("2024-01-01"), day("2024-07-01")), (day("2026-01-01"), day("2026-03-01"))
    )


@pytest.mark.parametrize(
    ("entry", "days", "ongoing"),
    [
        ({}, YES, True),
        ({"start": "2026-03-01"}, yes((day("2026-03-01"), FUTURE)), True),
        ({"start": "2026-03-01", "stop": "2026-05-20"}, yes((day("2026-03-01"), day("2026-05-21"))), False),
        ({"stop": "2026-11-20"}, yes((PAST, day("2026-11-21"))), True),
        ({"stop": "2026-12-24"}, yes((PAST, day("2026-12-25"))), True),
        ({"start": "2026-12-01"}, yes((day("2026-12-01"), FUTURE)), True),
        ({"stopped": True}, unknown(*UNTIL_TODAY), False),
        ({"start": "2026-03-01", "stopped": True}, unknown((day("2026-03-01"), day("2026-11-21"))), False),
        ({"stopped": True, "stop": "2026-05-20"}, yes((PAST, day("2026-05-21"))), False),
        ({"pause_agreed_from": "2026-11-18"}, yes((PAST, day("2026-11-18"))), False),
        ({"pause_agreed_from": "2026-12-01", "stop": "2026-12-24"}, yes((PAST, day("2026-12-01"))), True),
        ({"pause_agreed_from": "2026-12-01", "stop": "2026-12-01"}, yes((PAST, day("2026-12-02"))), True),
    ],
)
def test_a_medicine_counts_up_to_its_last_day(
    entry: dict[str, Any], days: Truth, *, ongoing: bool, knowledge: Knowledge
) -> None:
    fact = medicine(knowledge, name="tretinoin", **entry)
    assert fact.days == days
    assert fact.ongoing is ongoing


@pytest.mark.parametrize("entry", [{"stop": "1988-09-30"}, {"stopped": True}, {"pause_agreed_from": "1988-09-30"}])
def test_gold_counts_for_ever(entry: dict[str, Any], knowledge: Knowledge) -> None:
    assert medicine(knowledge, name="gold injections", **entry).days == YES
    later = medicine(knowledge, name="auranofin", start="1988-03-01", **entry)
    assert later.days == yes((day("1988-03-01"), FUTURE))


def test_adapalene_is_a_medicine_unless_it_was_bought_without_prescription(knowledge: Knowledge) -> None:
    for prescribed in (None, True):
        fact = medicine(knowledge, name="adapalene", prescribed=prescribed)
        assert fact.prescribed
        assert "medicine.retinoid_topical" in fact.classes
    bought = medicine(knowledge, name="adapalene", prescribed=False)
    assert not bought.prescribed
    assert bought.classes == ("active.adapalene_otc", "active.retinoid", "active.strong_active")


@pytest.mark.parametrize(
    ("entry", "days"),
    [
        ({}, yes(*UNTIL_TODAY)),
        ({"start": "2026-03-01"}, yes((day("2026-03-01"), day("2026-11-21")))),
        ({"stop": "2026-11-10"}, yes((PAST, day("2026-11-11")))),
        ({"start": "2026-11-21"}, NO),
        ({"start": "2026-11-25"}, NO),
    ],
)
def test_a_product_bought_without_prescription_can_be_paused_from_tomorrow(
    entry: dict[str, Any], days: Truth, knowledge: Knowledge
) -> None:
    assert medicine(knowledge, name="adapalene", prescribed=False, **entry).days == days


@pytest.mark.parametrize(
    ("entry", "days", "ongoing"),
    [
        ({}, yes(*UNTIL_TODAY), True),
        ({"start": "2026-11-01"}, yes((day("2026-11-01"), day("2026-11-21"))), True),
        ({"last_use": "2026-11-17"}, yes(*UNTIL_TODAY), True),
        ({"last_use": "2026-11-17", "stopped": True}, yes((PAST, day("2026-11-18"))), False),
        ({"stopped": True}, unknown(*UNTIL_TODAY), False),
        ({"start": "2026-12-01"}, NO, True),
    ],
)
def test_a_product_in_use_counts_up_to_today(
    entry: dict[str, Any], days: Truth, *, ongoing: bool, knowledge: Knowledge
) -> None:
    fact = active(knowledge, name="retinol", **entry)
    assert fact.days == days
    assert fact.ongoing is ongoing


@pytest.mark.parametrize(
    ("section", "question", "entry", "days"),
    [
        ("history", "procedures", {"kind": "facial", "date": "2026-10-23"}, once("2026-10-23")),
        ("history", "procedures", {"kind": "facial", "date": "2026-12-24"}, once("2026-12-24")),
        ("history", "procedures", {"kind": "facial"}, unknown(*UNTIL_TODAY)),
        ("history", "hair_removal", {"kind": "waxing", "date": "2026-11-13"}, once("2026-11-13")),
        ("history", "hair_removal", {"kind": "waxing"}, unknown(*UNTIL_TODAY)),
        (
            "history",
            "sun",
            {"kind": "beach", "from": "2026-11-01", "to": "2026-11-10"},
            yes((day("2026-11-01"), day("2026-11-11"))),
        ),
        ("history", "sun", {"kind": "beach", "from": "2026-11-01"}, yes((day("2026-11-01"), day("2026-11-21")))),
        (
            "history",
            "sun",
            {"kind": "beach", "from": "2026-12-01"},
            Truth(once("2026-12-01").yes, ((day("2026-12-02"), FUTURE),)),
        ),
        ("history", "sun", {"kind": "beach", "to": "2026-11-10"}, yes((PAST, day("2026-11-11")))),
        ("history", "sun", {"kind": "beach"}, unknown(*UNTIL_TODAY)),
        ("history", "events", {"kind": "wedding", "date": "2026-12-24"}, once("2026-12-24")),
    ],
)
def test_things_that_happen_on_a_day_or_through_some_days(
    section: str, question: str, entry: dict[str, Any], days: Truth, knowledge: Knowledge
) -> None:
    assert profile(section, question, entry, knowledge=knowledge).dated[0].days == days


def test_a_day_of_a_kind_that_nobody_knows_is_important(knowledge: Knowledge) -> None:
    fact = profile("history", "events", {"kind": "regatta", "date": "2026-12-24"}, knowledge=knowledge).dated[0]
    assert fact.classes == ("event.important",)


def test_every_fact_knows_its_place_in_the_intake(knowledge: Knowledge) -> None:
    told = profile("health", "medicines", {"name": "aspirin"}, {"name": "tretinoin"}, knowledge=knowledge)
    assert [(fact.name, fact.where) for fact in told.dated] == [
        ("aspirin", "health.medicines[0]"),
        ("tretinoin", "health.medicines[1]"),
    ]


@pytest.mark.parametrize(
    ("question", "days"),
    [("health.medicines", 30), ("products.actives", 30), ("history.sun", 14)],
)
def test_a_list_is_unknown_again_once_it_is_too_old(question: str, days: int, knowledge: Knowledge) -> None:
    section, name = question.split(".")
    for age, expired in ((days, False), (days + 1, True)):
        asked = {"consultation": {"date": TODAY - timedelta(days=age)}, section: {name: []}}
        told = make_profile(asked, knowledge=knowledge, today=TODAY)
        assert (question in told.expired) is expired
        assert (question in told.answers) is not expired

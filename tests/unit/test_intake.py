"""What a person can get wrong in an intake: every fault at once, with its path and what to write instead."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from pellucid.consult.intake import LARGEST_FILE, MOST_ENTRIES, answers_of, parse_intake, read_intake
from pellucid.consult.profile import make_profile
from pellucid.knowledge.base import Knowledge
from pellucid.model.errors import InputError

TODAY = date(2026, 11, 20)
NO_DATE = "is no date; write it as 2026-03-18"


def faults(intake: dict[str, Any], knowledge: Knowledge) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        make_profile(intake, knowledge=knowledge, today=TODAY)
    return {problem.where: problem.message for problem in caught.value.problems}


def at(path: str, value: object) -> dict[str, Any]:
    """An intake with one answer."""
    intake: Any = value
    for name in reversed(path.split(".")):
        intake = {name: intake}
    assert isinstance(intake, dict)
    return intake


WRONG_SHAPE = [
    ("person.age", "30", "must be a whole number"),
    ("person.age", 30.5, "must be a whole number"),
    ("person.age", True, "must be a whole number"),
    ("person.age", float("nan"), "must be a whole number"),
    ("person.age", float("inf"), "must be a whole number"),
    ("person.age", -1, "must be at least 0"),
    ("person.age", 121, "must be at most 120"),
    ("lesions.papules", 10**400, "must be at most 500"),
    ("habits.sleep_hours", "8", "must be a number"),
    ("habits.sleep_hours", False, "must be a number"),
    ("habits.sleep_hours", float("nan"), "must be"),
    ("habits.sleep_hours", float("-inf"), "must be at least 0"),
    ("habits.sleep_hours", 25, "must be at most 24"),
    ("health.breastfeeding", "no", "must be true or false"),
    ("health.breastfeeding", 0, "must be true or false"),
    ("health.pregnancy", "perhaps", "is not one of pregnant, planning, no or not_applicable"),
    ("health.pregnancy", False, "is not one of"),
    ("health.conditions", 3, "must be a list"),
    ("health", [], "must be a group of named answers"),
    ("health.medicines", {"name": "aspirin"}, "must be a list"),
    ("consultation.client", "", "must not be empty"),
    ("consultation.client", "x" * 201, "has more than 200 characters"),
    ("person.birth_date", "2026-02-30", NO_DATE),
    ("person.birth_date", "20 March 1990", NO_DATE),
    ("person.birth_date", 19900320, NO_DATE),
    ("person.birth_date", datetime(1990, 3, 20, 12, 0), NO_DATE),  # noqa: DTZ001 - what TOML gives
    ("person.birth_date", time(12, 0), NO_DATE),
    ("person.birth_date", date(1899, 12, 31), "lies outside 1900 to 2100"),
    ("person.birth_date", "2101-01-01", "lies outside 1900 to 2100"),
    ("unsure", "health.implants", "must be a list"),
]


@pytest.mark.parametrize(("path", "value", "message"), WRONG_SHAPE)
def test_an_answer_of_the_wrong_shape(path: str, value: object, message: str, knowledge: Knowledge) -> None:
    found = faults(at(path, value), knowledge)
    assert list(found) == [path]
    assert message in found[path]


@pytest.mark.parametrize(
    ("path", "where", "meant"),
    [
        ("health.implant", "health.implant", "health.implants"),
        ("person.birthdate", "person.birthdate", "person.birth_date"),
        ("lesions.papule", "lesions.papule", "lesions.papules"),
        ("wishes.goal", "wishes.goal", "wishes.goals"),
    ],
)
def test_a_misspelt_field_gets_the_nearest_one(path: str, where: str, meant: str, knowledge: Knowledge) -> None:
    assert faults(at(path, []), knowledge) == {where: f"is no field of an intake; did you mean {meant}?"}


def test_a_field_like_no_other_gets_no_suggestion(knowledge: Knowledge) -> None:
    assert faults(at("health.zzzzqqq", 1), knowledge) == {"health.zzzzqqq": "is no field of an intake"}


@pytest.mark.parametrize(
    ("entry", "field", "message"),
    [
        ({}, ".name", "is missing"),
        ({"name": ""}, ".name", "must not be empty"),
        ({"name": 3}, ".name", "must be text in quotes"),
        ({"name": "aspirin", "rout": "oral"}, ".rout", "is no field of an intake"),
        ({"name": "aspirin", "route": "by ear"}, ".route", "is not one of oral, topical"),
        ({"name": "aspirin", "start": "soon"}, ".start", NO_DATE),
        ({"name": "aspirin", "stopped": "yes"}, ".stopped", "must be true or false"),
        ("aspirin", "", "must be a group of named answers"),
    ],
)
def test_an_entry_of_a_list_is_named_by_its_place(
    entry: object, field: str, message: str, knowledge: Knowledge
) -> None:
    found = faults(at("health.medicines", [{"name": "ibuprofen"}, entry]), knowledge)
    assert list(found) == [f"health.medicines[1]{field}"]
    assert message in found[f"health.medicines[1]{field}"]


@pytest.mark.parametrize(
    ("stretch", "field", "message"),
    [
        ({"to": "2026-12-27"}, "from", "is missing"),
        ({"from": "2026-12-21"}, "to", "is missing"),
        ({"from": "2026-12-21", "to": "Christmas"}, "to", NO_DATE),
        ({"from": "2026-12-21", "to": "2026-12-27", "name": ""}, "name", "must not be empty"),
        ({"from": "2026-12-21", "to": "2026-12-27", "where": "Lisbon"}, "where", "is no field of an intake"),
    ],
)
def test_a_time_away_has_both_its_days(stretch: dict[str, str], field: str, message: str, knowledge: Knowledge) -> None:
    found = faults(at("wishes.away", [{"from": "2026-12-01", "to": "2026-12-01"}, stretch]), knowledge)
    assert list(found) == [f"wishes.away[1].{field}"]
    assert message in found[f"wishes.away[1].{field}"]


def test_a_strange_option_is_named_by_its_place(knowledge: Knowledge) -> None:
    found = faults(at("health.implants", ["pacemaker", "toaster"]), knowledge)
    assert list(found) == ["health.implants[1]"]


@pytest.mark.parametrize("path", ["health.medicines", "health.conditions", "unsure"])
def test_a_list_has_an_end(path: str, knowledge: Knowledge) -> None:
    entry: object = {"name": "aspirin"} if path == "health.medicines" else "rosacea"
    found = faults(at(path, [entry] * (MOST_ENTRIES + 1)), knowledge)
    assert found == {path: f"has more than {MOST_ENTRIES} entries"}


def test_every_fault_is_reported_at_once_in_a_stable_order(knowledge: Knowledge) -> None:
    intake = {
        "person": {"age": "thirty", "birth_date": "1990-13-01"},
        "health": {"implant": [], "medicines": [{"route": "oral"}, {"name": "x", "start": "?"}]},
        "lesions": {"papules": -1},
        "helth": {},
    }
    assert list(faults(intake, knowledge)) == [
        "health.implant",
        "health.medicines[0].name",
        "health.medicines[1].start",
        "helth",
        "lesions.papules",
        "person.age",
        "person.birth_date",
    ]


@pytest.mark.parametrize("word", ["dental_braces", "Dental braces", "dental-braces", " DENTAL BRACES "])
def test_an_option_may_be_written_with_spaces_hyphens_and_capitals(word: str, knowledge: Knowledge) -> None:
    assert answers_of(at("health.implants", [word]), knowledge)["health.implants"] == ["dental_braces"]


def test_one_option_needs_no_list(knowledge: Knowledge) -> None:
    assert answers_of(at("health.conditions", "Rosacea"), knowledge)["health.conditions"] == ["rosacea"]


def test_a_whole_number_with_a_point_is_whole(knowledge: Knowledge) -> None:
    assert answers_of(at("person.age", 30.0), knowledge)["person.age"] == 30


def test_an_empty_intake_has_no_answers(knowledge: Knowledge) -> None:
    assert answers_of({}, knowledge) == {}
    assert answers_of({"health": {}}, knowledge) == {}


TOML = '[person]\nage = 30\nbirth_date = 1996-03-20\n\n[health]\nconditions = ["rosacea"]\n'
JSON = '{"person": {"age": 30, "birth_date": "1996-03-20"}, "health": {"conditions": ["rosacea"]}}'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("intake.toml", TOML),
        ("intake.json", JSON),
        ("intake.JSON", JSON),
        ("intake.txt", TOML),
        ("intake.txt", JSON),
        ("intake.toml", f"\ufeff{TOML}"),
        ("intake.json", f"\ufeff{JSON}"),
        ("intake.toml", TOML.replace("\n", "\r\n")),
    ],
)
def test_toml_and_json_say_the_same(name: str, text: str, tmp_path: Path, knowledge: Knowledge) -> None:
    file = tmp_path / name
    file.write_bytes(text.encode())
    answers = answers_of(read_intake(file), knowledge)
    assert answers == {
        "person.age": 30,
        "person.birth_date": date(1996, 3, 20),
        "health.conditions": ["rosacea"],
    }


def test_an_empty_toml_file_is_an_intake_without_answers(tmp_path: Path) -> None:
    (tmp_path / "empty.toml").touch()
    assert read_intake(tmp_path / "empty.toml") == {}


NO_INTAKES = [
    ("empty.json", b"", "is not JSON"),
    ("list.json", b"[1, 2]", "must hold named answers"),
    ("value.json", b"3", "must hold named answers"),
    ("broken.toml", b"age = \n", "is not TOML"),
    ("broken.json", b'{"age": }', "is not JSON"),
    ("binary.toml", bytes(range(128, 256)), "is not text in UTF-8"),
    ("utf16.toml", TOML.encode("utf-16"), "is not text in UTF-8"),
    ("deep.json", b"[" * 100_000, "nested too deeply"),
    ("deep.toml", b"a = " + b"[" * 100_000, "nested too deeply"),
    ("long.toml", b"a = " + b"9" * 5_000, "number too long"),
    ("long.json", b'{"a": ' + b"9" * 5_000 + b"}", "number too long"),
    ("huge.toml", b"#" * (LARGEST_FILE + 1), "is larger than 1,000,000 bytes"),
]


@pytest.mark.parametrize(("name", "content", "message"), NO_INTAKES, ids=[name for name, *_ in NO_INTAKES])
def test_a_file_that_is_no_intake_is_named_with_its_fault(
    name: str, content: bytes, message: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read_intake(tmp_path / name)
    assert [problem.where for problem in caught.value.problems] == [str(tmp_path / name)]


@pytest.mark.parametrize(
    ("text", "is_json"),
    [
        ('[health]\nimplants = ["pacemaker"]\nimplants = []\n', False),
        ('{"health": {"implants": ["pacemaker"], "implants": []}}', True),
        ('{"health": {"implants": ["pacemaker"]}, "health": {}}', True),
    ],
)
def test_an_answer_given_twice_is_refused_and_neither_one_is_taken(text: str, *, is_json: bool) -> None:
    with pytest.raises(InputError):
        parse_intake(text, "intake", is_json=is_json)


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_file_that_cannot_be_read_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be read"):
        read_intake(tmp_path / name)


def test_a_fault_in_the_text_has_its_line() -> None:
    with pytest.raises(InputError, match="line 2"):
        parse_intake("[person]\nage = thirty\n", "intake.toml", is_json=False)


def entry(path: str, **fields: object) -> dict[str, Any]:
    """An intake with one entry of a list."""
    return at(path, [fields])


CONTRADICTIONS: list[tuple[dict[str, Any], str, str]] = [
    (at("person.birth_date", "2026-11-21"), "person.birth_date", "lies in the future"),
    (at("person.birth_date", "1905-11-20"), "person.birth_date", "makes an age above 120"),
    ({"person": {"age": 30, "birth_date": "1990-01-01"}}, "person.age", "does not fit person.birth_date"),
    ({"person": {"age": 75}, "health": {"pregnancy": "pregnant"}}, "health.pregnancy", "does not fit the age"),
    ({"person": {"age": 8}, "health": {"pregnancy": "planning"}}, "health.pregnancy", "does not fit the age"),
    (at("consultation.date", "2026-11-21"), "consultation.date", "later than today"),
    (
        entry("health.medicines", name="x", start="2026-03-02", stop="2026-03-01"),
        "health.medicines[0].stop",
        "before start",
    ),
    (
        entry("health.medicines", name="x", stop="2026-12-01", stopped=True),
        "health.medicines[0].stopped",
        "stop lies in the future",
    ),
    (
        entry("health.medicines", name="x", start="2026-12-01", stopped=True),
        "health.medicines[0].stopped",
        "start lies in the future",
    ),
    (
        entry("health.medicines", name="x", stop="2026-03-01", pause_agreed_from="2026-03-02"),
        "health.medicines[0].pause_agreed_from",
        "after stop",
    ),
    (
        entry("health.medicines", name="x", start="2026-03-02", pause_agreed_from="2026-03-01"),
        "health.medicines[0].pause_agreed_from",
        "before start",
    ),
    (entry("products.actives", name="x", last_use="2026-11-21"), "products.actives[0].last_use", "in the future"),
    (
        entry("products.actives", name="x", start="2026-03-02", last_use="2026-03-01"),
        "products.actives[0].last_use",
        "before start",
    ),
    (
        entry("products.actives", name="x", start="2026-12-01", stopped=True),
        "products.actives[0].stopped",
        "start lies in the future",
    ),
    (
        at("person.birth_date", "1996-03-20") | entry("history.procedures", kind="facial", date="1996-03-19"),
        "history.procedures[0].date",
        "before person.birth_date",
    ),
    (entry("history.sun", kind="tan", **{"from": "2026-03-02", "to": "2026-03-01"}), "history.sun[0].to", "before"),
    (entry("wishes.away", **{"from": "2026-12-27", "to": "2026-12-26"}), "wishes.away[0].to", "lies before from"),
    (entry("history.sun", kind="moonlight"), "history.sun[0].kind", "is not known here"),
    (entry("history.hair_removal", kind="magic"), "history.hair_removal[0].kind", "is not known here"),
    (at("pores.nose.look", ["none_visible", "round"]), "pores.nose.look", "can't stand beside other answers"),
    (at("pores.chin.look", ["oval", "cannot_tell"]), "pores.chin.look", "can't stand beside other answers"),
    (at("pores.t_zone_plugs", ["dark", "none"]), "pores.t_zone_plugs", "can't stand beside other answers"),
    (
        at("health.conditions", ["diabetes_controlled", "diabetes_poorly_controlled"]),
        "health.conditions",
        "both well and poorly controlled",
    ),
    (at("unsure", ["health.implants.toaster"]), "unsure[0]", "is no question"),
    (at("unsure", ["skin.flushes"]) | at("skin.flushes", value=False), "unsure[0]", "is answered as well"),
    (
        at("unsure", ["health.implants.pacemaker"]) | at("health.implants", ["pacemaker"]),
        "unsure[0]",
        "is answered as well",
    ),
]


@pytest.mark.parametrize(
    ("intake", "where", "message"),
    CONTRADICTIONS,
    ids=[f"{number}-{each[1]}" for number, each in enumerate(CONTRADICTIONS)],
)
def test_answers_that_cannot_all_be_true(
    intake: dict[str, Any], where: str, message: str, knowledge: Knowledge
) -> None:
    found = faults(intake, knowledge)
    assert list(found) == [where]
    assert message in found[where]


PAPER = {"kind": "test_spot", "author": "Jo", "scope": ["all"], "issued": "2026-11-01", "expires": "2026-12-01"}


@pytest.mark.parametrize(
    ("changed", "where", "message"),
    [
        ({"expires": "2026-11-01"}, "expires", "must lie after issued"),
        ({"issued": "2026-11-21"}, "issued", "lies in the future"),
        ({"scope": ["aha_peel", "haircut"]}, "scope", "is no treatment and no rule"),
        ({"scope": []}, "scope", "needs at least one entry"),
        ({"author": None}, "author", "must be text in quotes"),
    ],
)
def test_a_paper_that_cannot_count(changed: dict[str, object], where: str, message: str, knowledge: Knowledge) -> None:
    found = faults(at("papers.clearances", [PAPER | changed]), knowledge)
    assert list(found) == [f"papers.clearances[0].{where}"]
    assert message in found[f"papers.clearances[0].{where}"]


def test_all_contradictions_are_reported_at_once(knowledge: Knowledge) -> None:
    intake = {
        "consultation": {"date": "2026-12-24"},
        "health": {
            "pregnancy": "pregnant",
            "medicines": [{"name": "x", "start": "2026-03-02", "stop": "2026-03-01"}],
        },
        "person": {"age": 75},
        "pores": {"nose": {"look": ["none_visible", "oval"]}},
    }
    assert list(faults(intake, knowledge)) == [
        "consultation.date",
        "health.medicines[0].stop",
        "health.pregnancy",
        "pores.nose.look",
    ]

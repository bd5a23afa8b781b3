"""``plan.json``: nothing is lost on the way there and back, and what people get wrong by hand is told by its field."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sample_plan import START, sample_plan, sample_profile
from tests.strategies import examples

from pellucid.booking.clinic_file import calendar_from_json, read_calendar
from pellucid.booking.clinic_json import calendar_to_json
from pellucid.consult.intake import read_intake
from pellucid.consult.profile import make_profile
from pellucid.exchange.plan_file import LARGEST_FILE, PlanFile, plan_of, plan_schema, plan_to_file, read_plan
from pellucid.knowledge.clinic import ClinicRules, for_clinic
from pellucid.knowledge.load import load
from pellucid.model import plan as parts
from pellucid.model.decision import Instruction
from pellucid.model.errors import InputError
from pellucid.model.ids import AnswerPath
from pellucid.model.levels import Level, Status
from pellucid.model.plan import HAPPENED, CarePlan, Day, Preferences, Session, Standing
from pellucid.model.routine import RampStage
from pellucid.model.slot import Slot

KNOWLEDGE = load()
EXAMPLES = Path(__file__).parents[2] / "examples"
INTAKES = tuple(sorted((EXAMPLES / "intakes").glob("*.toml")))


@cache
def plan() -> CarePlan:
    return sample_plan(sample_profile(KNOWLEDGE), KNOWLEDGE)


def file_of(plan: CarePlan, **others: Any) -> PlanFile:
    nothing: dict[str, Any] = {"intake": {}, "clinic_rules": None, "calendar": None}
    return plan_to_file(plan, today=START, language="en", version="1.2", **{**nothing, **others})


@cache
def text() -> str:
    return file_of(plan()).text


def read_back(text: str, folder: Path) -> PlanFile:
    place = folder / "plan.json"
    place.write_text(text, "utf-8")
    return read_plan(place)


# --- there and back --------------------------------------------------------------------------------------------

DATES = st.dates(date(2026, 1, 1), date(2030, 12, 31))
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
TEXTS = st.one_of(st.just(""), WORDS)
COUNTS = st.integers(0, 1000)
AMOUNTS = st.decimals(0, 10_000, places=2) | st.just(Decimal("6E+1"))
STANDINGS = st.sampled_from(Standing)


def many(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=3).map(tuple)


def stretch(kind: Callable[..., Any], **others: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Something with a first and a last day."""
    return st.builds(
        lambda days, **own: kind(since=min(days), until=max(days), **own), st.tuples(DATES, DATES), **others
    )


def slots() -> st.SearchStrategy[Slot]:
    return st.builds(
        lambda starts, minutes, **own: Slot(starts=starts, ends=starts + timedelta(minutes=minutes), **own),
        st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
        st.integers(1, 300),
        treatment=WORDS,
        practitioner=WORDS,
        room=WORDS,
        level=st.sampled_from(Level),
        zone=st.sampled_from(["Europe/Madrid", "Asia/Taipei", "America/New_York", "UTC"]),
        location=TEXTS,
        devices=many(WORDS),
        price=st.none() | AMOUNTS,
        currency=st.none() | WORDS,
    )


def sessions() -> st.SearchStrategy[Session]:
    instructions = stretch(
        Instruction,
        rule=WORDS,
        action=st.sampled_from(["pause", "ask_prescriber", "avoid", "do"]),
        sources=many(WORDS),
        concerns=TEXTS,
        applies=st.none() | st.booleans(),
        range=st.none() | st.tuples(COUNTS, COUNTS),
        hours=st.none() | COUNTS,
    )
    return st.builds(
        Session,
        key=WORDS,
        slot=slots(),
        standing=STANDINGS,
        status=st.sampled_from(Status),
        preparation=many(instructions),
        aftercare=many(instructions),
        confirm=many(WORDS.map(AnswerPath)),
        changed=COUNTS,
    )


def days() -> st.SearchStrategy[Day]:
    steps = many(st.builds(parts.Step, layer=WORDS, product=TEXTS))
    return st.builds(
        Day, DATES, steps, steps, deep_clean=st.booleans(), tests=many(WORDS), standing=STANDINGS, changed=COUNTS
    )


def preferences() -> st.SearchStrategy[Preferences]:
    return st.builds(
        Preferences,
        wanted=many(WORDS),
        home_only=st.booleans(),
        budget=st.none() | AMOUNTS,
        currency=st.none() | WORDS,
        minutes_per_day=st.none() | COUNTS,
        weekdays=st.frozensets(st.integers(0, 6)),
        away=many(stretch(parts.Away, name=TEXTS)),
        booked=many(slots()),
        pins=many(st.builds(parts.Pin, WORDS, DATES)),
    )


def plans() -> st.SearchStrategy[CarePlan]:
    requirements = st.builds(parts.Requirement, WORDS, TEXTS, many(WORDS), st.none() | DATES, st.none() | DATES)
    stages = st.builds(RampStage, DATES, st.floats(0, 14))
    return st.builds(
        CarePlan,
        start=DATES,
        weeks=st.integers(1, 104),
        skin=st.sampled_from(["sensitive", "dry", "normal", "combination", "oily"]),
        sessions=many(sessions()),
        days=many(days()),
        introductions=many(st.builds(parts.Introduction, WORDS, DATES, DATES, st.none() | WORDS, many(stages))),
        preferences=preferences(),
        knowledge=WORDS,
        objective=st.integers(-1000, 1000),
        bound=st.integers(-1000, 1000),
        proven=st.booleans(),
        clashes=many(st.builds(parts.Clash, requirements, many(requirements))),
        set_aside=many(WORDS),
        keep=many(WORDS),
        reviews=many(DATES),
        log=many(st.builds(parts.Happened, DATES, st.sampled_from(HAPPENED))),
        revision=COUNTS,
        changes=many(st.builds(parts.Change, DATES, WORDS, TEXTS, TEXTS, TEXTS)),
    )


@examples(100)
@given(plans())
def test_any_plan_comes_back_as_it_was(drawn: CarePlan) -> None:
    file = file_of(drawn)
    assert plan_of(file) == drawn
    again = PlanFile.model_validate_json(file.text)
    assert again == file
    assert plan_of(again) == drawn
    assert again.text == file.text


def test_a_file_that_was_written_can_be_read(tmp_path: Path) -> None:
    file = read_back(text(), tmp_path)
    assert plan_of(file) == plan()
    assert file.text == text() == file_of(plan()).text
    assert (file.today, file.language, file.version, file.knowledge) == (START, "en", "1.2", KNOWLEDGE.digest)


def test_the_text_is_indented_by_two_ends_in_one_newline_and_reads_well() -> None:
    assert text() == json.dumps(json.loads(text()), indent=2, ensure_ascii=False) + "\n"
    laid_out = json.loads(text())["plan"]
    visit = laid_out["sessions"][0]
    assert (visit["starts"], visit["ends"], visit["local"]) == (
        "2026-12-08T09:00:00Z",
        "2026-12-08T10:00:00Z",
        "2026-12-08T10:00",
    )
    assert (visit["level"], visit["price"], visit["status"], visit["standing"]) == ("L1", "60", "caution", "proposed")
    day = laid_out["days"][0]
    assert (day["date"], day["weekday"]) == ("2026-11-23", "monday")
    assert day["morning"][0] == {"layer": "am_cleanse", "product": "gentle_cleanser"}


def test_what_was_written_fits_the_published_schema() -> None:
    schema = plan_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    written = json.loads(text())
    jsonschema.validate(written, schema)
    written["plan"]["sessions"][0]["price"] = 60
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(written, schema)


def test_time_and_weekday_may_be_left_out(tmp_path: Path) -> None:
    written = json.loads(text())
    del written["plan"]["sessions"][0]["local"]
    del written["plan"]["days"][0]["weekday"]
    assert plan_of(read_back(json.dumps(written), tmp_path)) == plan()


def test_a_time_with_another_offset_is_the_same_time(tmp_path: Path) -> None:
    shifted = text().replace("2026-12-08T09:00:00Z", "2026-12-08T17:00:00+08:00")
    assert read_back(shifted, tmp_path).text == text()


# --- what it was made from -------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", INTAKES, ids=lambda place: place.stem)
def test_the_intake_in_the_file_gives_the_same_profile(place: Path, tmp_path: Path) -> None:
    answers = read_intake(place)
    file = read_back(file_of(plan(), intake=answers).text, tmp_path)
    profile = make_profile(file.intake, knowledge=KNOWLEDGE, today=START)
    assert profile == make_profile(answers, knowledge=KNOWLEDGE, today=START)


def test_clinic_rules_in_the_file_give_the_same_knowledge(tmp_path: Path) -> None:
    rules = read_intake(EXAMPLES / "clinic_rules.toml")
    file = read_back(file_of(plan(), clinic_rules=rules).text, tmp_path)
    here, there = (for_clinic(KNOWLEDGE, ClinicRules.model_validate(each)) for each in (rules, file.clinic_rules))
    assert here.digest == there.digest != KNOWLEDGE.digest


def test_a_calendar_in_the_file_is_the_same_calendar(tmp_path: Path) -> None:
    calendar = read_calendar(EXAMPLES / "clinic.toml", knowledge=KNOWLEDGE)
    file = read_back(file_of(plan(), calendar=calendar_to_json(calendar)).text, tmp_path)
    assert calendar_from_json(file.calendar, knowledge=KNOWLEDGE) == calendar


def test_dates_and_times_as_toml_has_them_become_text(tmp_path: Path) -> None:
    calendar = {"zone": "Europe/Madrid", "closed": [date(2026, 12, 25)], "hours": {"mon": [time(9), time(17, 30)]}}
    file = read_back(file_of(plan(), calendar=calendar).text, tmp_path)
    expected = {"closed": ["2026-12-25"], "hours": {"mon": ["09:00:00", "17:30:00"]}}
    assert file.calendar == {"zone": "Europe/Madrid", **expected}


# --- what people get wrong -------------------------------------------------------------------------------------


def faults(text: str, folder: Path) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        read_back(text, folder)
    return {problem.where: problem.message for problem in caught.value.problems}


NO_DATE = "is no date; write it as 2026-03-18"

WRONG = [
    ("schema_version", 2, "must be 1, the only version"),
    ("schema_version", True, "must be 1, the only version"),
    ("product", "Other", "is not one of Pellucid"),
    ("today", "23 November", NO_DATE),
    ("today", "1026-11-23", "lies outside 1900 to 2100"),
    ("language", "fr", "is not one of en or zh_hant"),
    ("knowledge", "", "must not be empty"),
    ("intake", [], "must be a group of named fields"),
    ("calendar", 3, "must be a group of named fields"),
    ("plan", None, "must be a group of named fields"),
    ("plan.weeks", 0, "must be at least 1"),
    ("plan.weeks", 1000, "must be at most 104"),
    ("plan.weeks", "12", "must be a whole number"),
    ("plan.weeks", True, "must be a whole number"),
    ("plan.weeks", 12.5, "must be a whole number"),
    ("plan.revision", -1, "must be at least 0"),
    ("plan.skin", "shiny", "is not one of sensitive, dry, normal, combination or oily"),
    ("plan.proven", "yes", "must be true or false"),
    ("plan.days", {}, "must be a list"),
    ("plan.reviews[0]", "2027-02-30", NO_DATE),
    ("plan.sessions[0].starts", "2026-12-08T09:00:00", "names no time zone; write it in UTC with a Z at the end"),
    ("plan.sessions[0].starts", "2026-12-08", "names no time zone"),
    ("plan.sessions[0].starts", "tomorrow", "is no time; write it as 2026-03-18T09:30:00Z"),
    ("plan.sessions[0].ends", "2026-12-08T09:00:00Z", "must be after starts"),
    ("plan.sessions[0].local", "2026-12-08T09:00", "does not fit starts, which is 2026-12-08T10:00 there"),
    ("plan.sessions[0].zone", "Europe/Nowhere", "is no time zone; write it as Europe/Madrid"),
    ("plan.sessions[0].zone", "Europe", "is no time zone"),
    ("plan.sessions[0].zone", "../etc/passwd", "is no time zone"),
    ("plan.sessions[0].level", 1, "is not one of L0, L1, L2, L3 or L4"),
    ("plan.sessions[0].price", 60, 'is no amount; write a number in quotes, such as "60.00"'),
    ("plan.sessions[0].price", "sixty", "is no amount"),
    ("plan.sessions[0].price", "-5", "is no amount"),
    ("plan.sessions[0].price", "NaN", "is no amount"),
    ("plan.sessions[0].price", "６０", "is no amount"),
    ("plan.sessions[0].standing", "perhaps", "is not one of proposed, booked, done or missed"),
    ("plan.sessions[0].preparation[0].until", "2026-11-01", "must not be before since"),
    ("plan.sessions[0].preparation[0].range", [1], "is missing"),
    ("plan.introductions[0].stages[0].per_week", "2", "must be a number"),
    ("plan.preferences.budget", False, "is no amount"),
    ("plan.preferences.weekdays", ["someday"], "is not one of monday"),
    ("plan.preferences.away[0].until", "2026-12-01", "must not be before since"),
    ("plan.days[0].weekday", "friday", "does not fit the date, which is a monday"),
    ("plan.days[0].deep_clean", 0, "must be true or false"),
    ("plan.days[0].morning[0].layer", 3, "must be text in quotes"),
]


def changed(path: str, value: object) -> str:
    """The sample file with one field changed."""
    content: Any = json.loads(text())
    node, keys = content, path.replace("[", ".").replace("]", "").split(".")
    for key in keys[:-1]:
        node = node[int(key) if isinstance(node, list) else key]
    node[int(keys[-1]) if isinstance(node, list) else keys[-1]] = value
    return json.dumps(content)


@pytest.mark.parametrize(("path", "value", "message"), WRONG)
def test_a_wrong_value_is_named_by_its_field(path: str, value: object, message: str, tmp_path: Path) -> None:
    found = faults(changed(path, value), tmp_path)
    assert {where for where in found if not where.startswith(path)} == set()
    assert any(message in each for each in found.values()), found


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    content = json.loads(text())
    content["colour"] = "blue"
    content["plan"]["sessions"][0]["standng"] = content["plan"]["sessions"][0].pop("standing")
    content["plan"]["sessions"][1]["price"] = "free"
    content["plan"]["days"][83]["date"] = "someday"
    written = json.dumps(content).replace('"revision": 0', '"revision": 0, "revision": 0')
    written = written.replace('"per_week": 2.0', '"per_week": NaN')
    assert faults(written, tmp_path) == {
        "colour": "is no field here",
        "plan.sessions[0].standing": "is missing",
        "plan.sessions[0].standng": "is no field here; did you mean standing?",
        "plan.sessions[1].price": 'is no amount; write a number in quotes, such as "60.00"',
        "plan.days[83].date": NO_DATE,
        "plan.revision": "stands there twice; keep one of them",
        "plan.introductions[0].stages[1].per_week": "must be a finite number",
    }


@pytest.mark.parametrize("endless", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_an_intake_holds_no_endless_number(endless: str, tmp_path: Path) -> None:
    written = text().replace('"intake": {}', f'"intake": {{"habits": [{{"a": {endless}}}]}}')
    assert faults(written, tmp_path) == {"intake.habits[0].a": "must be a finite number"}


def test_a_key_that_stands_twice_is_no_key_of_someone_else(tmp_path: Path) -> None:
    written = text().replace('"intake": {}', '"intake": {"a": {"b": 1, "b": 2}, "c": [{"d": 1}, {"d": 1}]}')
    assert faults(written, tmp_path) == {"intake.a.b": "stands there twice; keep one of them"}


DEEP = 150_000

BROKEN = [
    ("", "is not JSON"),
    ("{", "is not JSON"),
    ("[]", "must hold named fields"),
    ("3", "must hold named fields"),
    ("[" * DEEP + "]" * DEEP, "is nested too deeply"),
    ('{"a": ' + "[" * 250 + "]" * 250 + "}", "is not JSON: recursion limit"),
    ('{"a": "\\ud800"}', "is not JSON"),
    ('{"a": ' + "9" * 5000 + "}", "a number too long to read"),
]


@pytest.mark.parametrize(("written", "message"), BROKEN, ids=range(len(BROKEN)))
def test_a_file_that_is_no_plan_is_refused_whole(written: str, message: str, tmp_path: Path) -> None:
    (where,) = found = faults(written, tmp_path)
    assert where == str(tmp_path / "plan.json")
    assert message in found[where]


def test_a_file_that_is_missing_too_large_or_no_text_says_so(tmp_path: Path) -> None:
    large, binary = tmp_path / "large.json", tmp_path / "binary.json"
    large.write_bytes(b" " * (LARGEST_FILE + 1))
    binary.write_bytes(b"\xff\xfe{}")
    for place, message in (
        (tmp_path / "none.json", "can't be read: No such file"),
        (tmp_path, "can't be read: "),
        (large, "is larger than 20,000,000 bytes"),
        (binary, "is not text in UTF-8"),
    ):
        with pytest.raises(InputError, match=message) as caught:
            read_plan(place)
        assert [problem.where for problem in caught.value.problems] == [str(place)]


def test_a_mark_at_the_start_of_the_file_does_no_harm(tmp_path: Path) -> None:
    assert plan_of(read_back("\ufeff" + text(), tmp_path)) == plan()

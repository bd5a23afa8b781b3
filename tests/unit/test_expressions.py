"""The language of conditions: what it takes, what binds closer, and what three-valued logic makes of it."""

from datetime import date

import pytest

from pellucid.consult.evidence import Evidence
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.expressions import (
    AllOf,
    AnyOf,
    Atom,
    Compare,
    Expression,
    ExpressionError,
    Not,
    atoms,
    comparisons,
    numbers,
    parse,
)
from pellucid.model.profile import Profile
from pellucid.model.spans import FUTURE, NEVER, PAST
from pellucid.model.truth import NO, UNKNOWN, YES, Truth

TODAY = date(2026, 11, 20)
A, B, C = Atom("a"), Atom("b"), Atom("c")
LETTERS = {"y": YES, "n": NO, "?": UNKNOWN}


def worth(
    when: str,
    knowledge: Knowledge,
    facts: dict[str, Truth] | None = None,
    ranges: dict[str, tuple[float, float]] | None = None,
) -> Truth:
    return Evidence(Profile(TODAY, TODAY, facts or {}, ranges or {}, {}), knowledge).truth(when)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", A),
        ("health.implants.pacemaker", Atom("health.implants.pacemaker")),
        ("  a  ", A),
        ("(a)", A),
        ("a or b", AnyOf((A, B))),
        ("a or b or c", AnyOf((A, B, C))),
        ("a and b", AllOf((A, B))),
        ("not a", Not(A)),
        ("lesions.papules >= 35", Compare(("lesions.papules",), ">=", 35.0)),
        ("x < 1.5", Compare(("x",), "<", 1.5)),
        ("x + y + z <= 2", Compare(("x", "y", "z"), "<=", 2.0)),
        ("x > 0", Compare(("x",), ">", 0.0)),
        ("(a or\n  b)", AnyOf((A, B))),
    ],
)
def test_what_can_be_said(text: str, expected: Expression) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a or b and c", AnyOf((A, AllOf((B, C))))),
        ("a and b or c", AnyOf((AllOf((A, B)), C))),
        ("(a or b) and c", AllOf((AnyOf((A, B)), C))),
        ("not a and b", AllOf((Not(A), B))),
        ("not a or b", AnyOf((Not(A), B))),
        ("not (a or b)", Not(AnyOf((A, B)))),
        ("not x >= 1", Not(Compare(("x",), ">=", 1.0))),
        ("x + y >= 1 and a", AllOf((Compare(("x", "y"), ">=", 1.0), A))),
    ],
)
def test_not_binds_closer_than_and_and_and_closer_than_or(text: str, expected: Expression) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "a or",
        "a b",
        "(a",
        "a & b",
        "a == b",
        "lesions.papules == 3",
        "lesions.papules != 3",
        "health.pregnancy == 'pregnant'",
        "1 <= x < 3",
        "x >= y",
        "x - y >= 1",
        "2 * x >= 1",
        "x >= -1",
        "x >= '1'",
        "3",
        "'a'",
        "True",
        "a if b else c",
        "a in b",
        "a[0]",
        "[a, b]",
        "lambda: a",
        "a()",
        "__import__('os').system('true')",
        "x := 1",
        "import os",
        "a\nb",
        "x + (y or z) >= 1",
        "(" * 1000 + "a" + ")" * 1000,
        "a\0b",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


def test_an_equals_sign_gets_a_hint() -> None:
    with pytest.raises(ExpressionError, match=r"write an option as question\.option"):
        parse("lesions.papules == 3")


def test_the_names_in_an_expression_are_told_apart_from_its_numbers() -> None:
    expression = parse("a.b and not (c.d or x + y >= 3) or z < 2")
    assert list(atoms(expression)) == ["a.b", "c.d"]
    assert list(numbers(expression)) == ["x", "y", "z"]
    assert [each.operator for each in comparisons(expression)] == [">=", "<"]


@pytest.mark.parametrize("row", ["yyy", "yny", "y?y", "nyy", "nnn", "n??", "?yy", "?n?", "???"])
def test_or(row: str, knowledge: Knowledge) -> None:
    left, right, expected = (LETTERS[letter] for letter in row)
    facts = {"skin.flushes": left, "skin.visible_redness": right}
    assert worth("skin.flushes or skin.visible_redness", knowledge, facts) is expected


@pytest.mark.parametrize("row", ["yyy", "ynn", "y??", "nyn", "nnn", "n?n", "?y?", "?nn", "???"])
def test_and(row: str, knowledge: Knowledge) -> None:
    left, right, expected = (LETTERS[letter] for letter in row)
    facts = {"skin.flushes": left, "skin.visible_redness": right}
    assert worth("skin.flushes and skin.visible_redness", knowledge, facts) is expected


@pytest.mark.parametrize("row", ["yn", "ny", "??"])
def test_not(row: str, knowledge: Knowledge) -> None:
    value, expected = (LETTERS[letter] for letter in row)
    assert worth("not skin.flushes", knowledge, {"skin.flushes": value}) is expected


def test_a_name_that_nobody_answered_is_unknown(knowledge: Knowledge) -> None:
    assert worth("skin.flushes", knowledge) is UNKNOWN


@pytest.mark.parametrize(
    ("papules", "pustules", "expected"),
    [
        ((20, 20), (14, 14), NO),
        ((20, 20), (15, 15), YES),
        ((35, 35), None, YES),
        ((20, 20), None, UNKNOWN),
        (None, None, UNKNOWN),
    ],
)
def test_a_sum_is_settled_once_no_open_count_can_change_it(
    papules: tuple[int, int] | None, pustules: tuple[int, int] | None, expected: Truth, knowledge: Knowledge
) -> None:
    counts = {"lesions.papules": papules, "lesions.pustules": pustules}
    told = {name: (float(count[0]), float(count[1])) for name, count in counts.items() if count}
    assert worth("lesions.papules + lesions.pustules >= 35", knowledge, ranges=told) is expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("phototype >= 3", YES),
        ("phototype >= 4", UNKNOWN),
        ("phototype > 4", NO),
        ("phototype <= 4", YES),
        ("phototype < 4", UNKNOWN),
        ("phototype < 3", NO),
    ],
)
def test_a_range_settles_what_holds_at_both_ends(when: str, expected: Truth, knowledge: Knowledge) -> None:
    assert worth(when, knowledge, ranges={"phototype": (3, 4)}) is expected


@pytest.mark.parametrize(
    ("when", "adult"),
    [
        ("person.age >= 18", True),
        ("person.age > 17", True),
        ("person.age < 18", False),
        ("person.age <= 17", False),
        ("not person.age < 18", True),
    ],
)
def test_an_age_changes_on_the_birthday(when: str, *, adult: bool, knowledge: Knowledge) -> None:
    born, eighteen = date(2008, 11, 20).toordinal(), date(2026, 11, 20).toordinal()
    truth = Evidence(Profile(TODAY, TODAY, {}, {}, {}, born=(born, born)), knowledge).truth(when)
    assert truth == Truth(((eighteen, FUTURE),) if adult else ((PAST, eighteen),), NEVER)


def test_where_the_birthday_is_not_known_the_age_is_open_for_a_year(knowledge: Knowledge) -> None:
    first, last = date(2008, 1, 1).toordinal(), date(2008, 12, 31).toordinal()
    truth = Evidence(Profile(TODAY, TODAY, {}, {}, {}, born=(first, last)), knowledge).truth("person.age >= 18")
    from_first, from_last = date(2026, 1, 1).toordinal(), date(2026, 12, 31).toordinal()
    assert truth == Truth(((from_last, FUTURE),), ((from_first, from_last),))


def test_a_signal_is_what_its_own_condition_is(knowledge: Knowledge) -> None:
    assert worth("signal.deeper_phototype", knowledge, ranges={"phototype": (5, 5)}) is YES
    assert worth("not signal.deeper_phototype", knowledge, ranges={"phototype": (3, 3)}) is YES

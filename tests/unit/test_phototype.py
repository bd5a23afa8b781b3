"""The phototype from four plain questions: one number where all are answered, a range where some are not."""

from itertools import combinations

import pytest

from pellucid.consult.phototype import interval
from pellucid.knowledge.base import Knowledge

Answers = dict[str, str]


def answers(unexposed_skin: str, burns: str, tans: str, freckles: str) -> Answers:
    return {
        "person.unexposed_skin": unexposed_skin,
        "person.burns": burns,
        "person.tans": tans,
        "person.freckles": freckles,
    }


@pytest.mark.parametrize(
    ("given", "phototype"),
    [
        (answers("very_fair", "always", "never", "many"), 1),
        (answers("fair", "usually", "slightly", "some"), 2),
        (answers("medium", "sometimes", "gradually", "few"), 3),
        (answers("olive", "rarely", "easily", "none"), 4),
        (answers("brown", "never", "easily", "none"), 5),
        (answers("deep", "never", "deeply", "none"), 6),
    ],
)
def test_answers_that_go_together_give_their_type(given: Answers, phototype: int, knowledge: Knowledge) -> None:
    assert interval(given, knowledge) == (phototype, phototype)


def test_a_mean_halfway_goes_to_the_higher_type(knowledge: Knowledge) -> None:
    # 2 x 2 + 1.5 x 2 + 1.5 x 3 + 0.5 x 4.5 = 13.75, by a weight of 5.5: 2.5
    assert interval(answers("fair", "usually", "gradually", "none"), knowledge) == (3, 3)


def test_the_colour_of_unexposed_skin_weighs_most(knowledge: Knowledge) -> None:
    fair, deep = answers("fair", "rarely", "easily", "few"), answers("brown", "rarely", "easily", "few")
    assert interval(deep, knowledge)[0] - interval(fair, knowledge)[0] == 1
    other = answers("fair", "rarely", "easily", "none")
    assert interval(other, knowledge) == interval(fair, knowledge)


def test_no_answer_leaves_everything_open(knowledge: Knowledge) -> None:
    assert interval({}, knowledge) == (1, 6)


@pytest.mark.parametrize(
    ("given", "low", "high"),
    [
        ({"person.unexposed_skin": "brown"}, 3, 6),
        ({"person.unexposed_skin": "very_fair"}, 1, 4),
        ({"person.freckles": "none"}, 1, 6),
    ],
)
def test_one_answer_leaves_a_range(given: Answers, low: int, high: int, knowledge: Knowledge) -> None:
    assert interval(given, knowledge) == (low, high)


@pytest.mark.parametrize(
    "given",
    [
        answers("very_fair", "never", "deeply", "many"),
        answers("olive", "sometimes", "easily", "few"),
        answers("deep", "always", "never", "none"),
    ],
)
def test_each_further_answer_stays_within_what_was_left_open(given: Answers, knowledge: Knowledge) -> None:
    for number in range(len(given)):
        for some in combinations(given.items(), number):
            low, high = interval(dict(some), knowledge)
            for more in given.items():
                narrower = interval({**dict(some), more[0]: more[1]}, knowledge)
                assert low <= narrower[0] <= narrower[1] <= high


@pytest.mark.parametrize(("stated", "phototype"), [("i", 1), ("iv", 4), ("vi", 6)])
def test_what_a_practitioner_entered_stands(stated: str, phototype: int, knowledge: Knowledge) -> None:
    given = answers("medium", "sometimes", "gradually", "few") | {"person.phototype": stated}
    assert interval(given, knowledge) == (phototype, phototype)

"""Which session is which after planning again."""

import pytest
from tests.sample_plan import FACIAL, slot
from tests.unit.plan_situations import PEEL, at

from pellucid.model.slot import Slot
from pellucid.plan.session_keys import session_keys

EARLY, MIDDLE, LATE = (slot(FACIAL, at(day)) for day in (10, 38, 66))
OTHER = slot(PEEL, at(50))


@pytest.mark.parametrize(
    ("slots", "former", "missed", "numbers"),
    [
        ((EARLY, MIDDLE), {}, (), (1, 2)),
        ((EARLY, MIDDLE), {EARLY.id: 1, MIDDLE.id: 2}, (), (1, 2)),
        ((MIDDLE,), {EARLY.id: 1, MIDDLE.id: 2}, (), (2,)),  # the first is gone
        ((EARLY, LATE), {EARLY.id: 1, MIDDLE.id: 2}, (), (1, 2)),  # the second moves
        ((EARLY, MIDDLE), {MIDDLE.id: 1}, (), (2, 1)),  # one more, ahead of it
        ((MIDDLE, LATE), {MIDDLE.id: 2}, (1,), (2, 3)),  # the first was missed
    ],
)
def test_a_session_keeps_its_key_in_its_slot_and_when_it_moves(
    slots: tuple[Slot, ...], former: dict[str, int], missed: tuple[int, ...], numbers: tuple[int, ...]
) -> None:
    keys = session_keys(
        slots, {name: f"{FACIAL}-{number}" for name, number in former.items()}, [f"{FACIAL}-{n}" for n in missed]
    )
    assert [keys[each.id] for each in slots] == [f"{FACIAL}-{number}" for number in numbers]


def test_each_treatment_has_its_own_numbers() -> None:
    assert session_keys((OTHER, LATE), {EARLY.id: f"{FACIAL}-1"}) == {OTHER.id: f"{PEEL}-1", LATE.id: f"{FACIAL}-1"}


def test_the_keys_of_missed_sessions_are_kept_however_they_are_given() -> None:
    """They may come one by one; the second new session must know of them as the first does."""
    missed = (key for key in [f"{FACIAL}-1"])
    assert session_keys((OTHER, LATE), {}, missed) == {OTHER.id: f"{PEEL}-1", LATE.id: f"{FACIAL}-2"}

"""Work that is done side by side comes out as if it were done one after the other."""

import time

import pytest

from pellucid.vision.threads import each


def test_parts_keep_their_order_whichever_is_ready_first() -> None:
    def slow_first(part: int) -> int:
        time.sleep(0.02 if part == 0 else 0)
        return 10 * part

    assert each(slow_first, range(5)) == [0, 10, 20, 30, 40]


@pytest.mark.parametrize("parts", [1, 2, 9])
def test_a_fault_in_a_part_is_raised_and_the_first_part_s_is_the_one(parts: int) -> None:
    def failing(part: int) -> int:
        time.sleep(0.02 if part == 0 else 0)
        raise ArithmeticError(part)

    with pytest.raises(ArithmeticError) as raised:
        each(failing, range(parts))
    assert raised.value.args == (0,)


def test_work_inside_work_ends() -> None:
    assert each(lambda part: sum(each(lambda inner: inner * part, range(4))), range(4)) == [0, 6, 12, 18]

"""Constellations of pores laid over each other: found through shift, turn, scale and bend, and never made up."""

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from pellucid.vision.register import Registration, register


class Sky(NamedTuple):
    """Two photos of one skin, each with pores that only it shows."""

    first: NDArray[np.float64]
    second: NDArray[np.float64]
    first_names: NDArray[np.intp]
    second_names: NDArray[np.intp]
    scale: float


def sky(
    seed: int,
    *,
    size: float = 25,
    density: float = 0.8,
    keep: float = 0.75,
    alarms: float = 0.2,
    turn: float = 8,
    scale: float = 1.03,
    shift: float = 4,
    same: bool = True,
) -> Sky:
    rng = np.random.default_rng(seed)
    count = int((2 * size) ** 2 * density)
    skin = rng.uniform(-size, size, (count, 2))
    other = skin if same else rng.uniform(-size, size, (count, 2))
    angle = np.radians(turn)
    turned = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = other @ turned.T + rng.uniform(-shift, shift, 2)
    moved += 0.15 * np.sin(moved[:, ::-1] / 8) + rng.normal(0, 0.02, moved.shape)
    sides: list[tuple[NDArray[np.float64], NDArray[np.intp]]] = []
    for where in (skin, moved):
        seen = (np.abs(where) < size / 2).all(axis=1) & (rng.random(count) < keep)
        extra = rng.uniform(-size / 2, size / 2, (int(alarms * seen.sum()), 2))
        names = np.concatenate([np.flatnonzero(seen), -1 - len(sides) - np.zeros(len(extra), int)])
        sides.append((np.vstack([where[seen], extra]), names))
    return Sky(sides[0][0], sides[1][0], sides[0][1], sides[1][1], scale)


def right(found: Registration, drawn: Sky) -> int:
    """How many pairs are really one pore."""
    here, there = found.pairs.T
    return int(np.count_nonzero(drawn.first_names[here] == drawn.second_names[there]))


def possible(drawn: Sky) -> int:
    return len(set(drawn.first_names.tolist()) & set(drawn.second_names.tolist()))


@pytest.mark.parametrize(
    "drawn",
    [
        sky(0),
        sky(1, turn=-12, scale=0.97),
        sky(2, turn=35, scale=1.08),
        sky(3, density=0.2, size=20, keep=0.6, alarms=0.4),
        sky(4, density=2.0, size=20, keep=0.6, alarms=0.4),
        sky(5, size=60, density=0.5),
    ],
    ids=["usual", "turned back", "turned far", "sparse", "dense", "large"],
)
def test_the_same_pores_are_paired(drawn: Sky) -> None:
    found = register(drawn.first, drawn.second)
    assert found is not None
    assert right(found, drawn) >= 0.95 * possible(drawn)
    assert right(found, drawn) >= 0.8 * len(found.pairs)
    assert found.local_scale.mean() == pytest.approx(drawn.scale, rel=0.003)


def test_no_pore_is_paired_twice() -> None:
    found = register(*sky(6)[:2])
    assert found is not None
    for column in found.pairs.T:
        assert len(set(column.tolist())) == len(column)


@pytest.mark.parametrize("seed", range(20))
def test_other_skin_is_told_apart(seed: int) -> None:
    drawn = sky(seed, same=False, density=0.3 + 0.1 * seed)
    assert register(drawn.first, drawn.second) is None


def test_a_mirrored_photo_is_other_skin() -> None:
    drawn = sky(7)
    assert register(drawn.first, drawn.second * [-1, 1]) is None


def test_too_few_points_pair_with_nothing() -> None:
    drawn = sky(8)
    assert register(drawn.first[:11], drawn.second) is None
    assert register(drawn.first, drawn.second[:0]) is None

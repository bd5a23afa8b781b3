"""The statistics of a comparison: intervals that hold what they say, on numbers with a known change."""

import numpy as np
import pytest
from numpy.typing import NDArray

from pellucid.vision.paired import Blur, Visits, blocks_of, change_of_counts, change_of_logs

Numbers = NDArray[np.float64]
PHOTO_SE = 0.012
SHARP = Blur(np.zeros(250), 0.0)


def visits(seed: int, change: float, *, photos: int = 1, pores: int = 250, photo_se: float = PHOTO_SE) -> Visits:
    """Pores on 25 mm of skin; patches of skin and whole photos err together."""
    rng = np.random.default_rng(seed)
    blocks = blocks_of(rng.uniform(0, 25, (pores, 2)))
    truth = rng.normal(np.log(0.25), 0.35, pores)
    by_patch = rng.normal(0, 0.05, (2, blocks.max() + 1))

    def read(side: int) -> Numbers:
        shared = rng.normal(0, photo_se, (photos, 1))
        own = rng.normal(0, 0.12, (photos, pores))
        values = truth + side * np.log1p(change) + by_patch[side, blocks] + shared + own
        return np.where(rng.random(values.shape) < 0.8, values, np.nan)

    return Visits(read(0), read(1), blocks)


def held(change: float, photos: int, draws: int = 150) -> float:
    inside = 0
    for seed in range(draws):
        drawn = visits(seed, change, photos=photos)
        effect = change_of_logs(drawn, np.ones(len(drawn.blocks)), blur=SHARP, photo_se=PHOTO_SE)
        assert effect is not None
        inside += effect.change.low <= change <= effect.change.high
    return inside / draws


@pytest.mark.parametrize(("change", "photos"), [(0.0, 1), (-0.1, 1), (0.05, 3)])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(change: float, photos: int) -> None:
    assert 0.9 <= held(change, photos) <= 0.995


def test_direction_is_told_only_beyond_the_interval() -> None:
    def direction(change: float) -> str:
        effect = change_of_logs(drawn := visits(1, change), np.ones(len(drawn.blocks)), blur=SHARP, photo_se=PHOTO_SE)
        assert effect is not None
        return effect.direction

    assert direction(-0.2) == "less"
    assert direction(0.2) == "more"
    assert direction(0.001) == "no_detectable_change"


def test_more_photos_show_less() -> None:
    def reach(photos: int) -> float:
        drawn = visits(2, 0.0, photos=photos)
        effect = change_of_logs(drawn, np.ones(len(drawn.blocks)), blur=SHARP, photo_se=PHOTO_SE)
        assert effect is not None
        return effect.smallest_detectable

    assert reach(4) < reach(1)


def test_pores_without_weight_dont_count() -> None:
    drawn = visits(4, 0.0)
    weights = np.ones(len(drawn.blocks))
    drawn.after[0, :50] += 5
    weights[:50] = 0
    effect = change_of_logs(drawn, weights, blur=SHARP, photo_se=PHOTO_SE)
    assert effect is not None
    assert abs(effect.change.value) < 0.1


def test_too_little_skin_says_nothing() -> None:
    drawn = visits(5, 0.0)
    assert change_of_logs(drawn, np.zeros(len(drawn.blocks)), blur=SHARP, photo_se=0) is None
    assert change_of_counts(np.ones((1, 3)), np.ones((1, 3)), photo_se=0) is None
    assert change_of_counts(np.zeros((1, 30)), np.ones((1, 30)), photo_se=0) is None


def test_the_same_numbers_give_the_same_interval() -> None:
    drawn = visits(6, -0.03)
    weights = np.ones(len(drawn.blocks))
    first = change_of_logs(drawn, weights, blur=SHARP, photo_se=PHOTO_SE)
    assert first == change_of_logs(drawn, weights, blur=SHARP, photo_se=PHOTO_SE)


def test_counts_that_fell_by_a_third_are_read_so() -> None:
    rng = np.random.default_rng(7)
    before = rng.poisson(6, (1, 100)).astype(float)
    after = rng.binomial(before.astype(int), 2 / 3).astype(float)
    effect = change_of_counts(before, after, photo_se=0.04)
    assert effect is not None
    assert effect.change.low <= -1 / 3 <= effect.change.high
    assert effect.direction == "less"


def test_blocks_are_numbered_without_gaps() -> None:
    blocks = blocks_of(np.array([[0.1, 0.1], [0.2, 0.2], [30.0, 0.1], [0.1, 30.0]]))
    assert blocks[0] == blocks[1]
    assert sorted(set(blocks.tolist())) == [0, 1, 2]


def test_a_misjudged_blur_is_told_from_a_change_by_its_mark_on_small_pores() -> None:
    rng = np.random.default_rng(8)
    drawn = visits(9, -0.1, photos=1)
    across = np.exp(rng.normal(np.log(6), 0.35, 250))
    blur = Blur(2 * (1.0 / across) ** 2, 0.4)
    drawn.after[0] += 0.6 * blur.bends
    weights = np.ones(250)
    told = change_of_logs(drawn, weights, blur=blur, photo_se=PHOTO_SE)
    naive = change_of_logs(drawn, weights, blur=SHARP, photo_se=PHOTO_SE)
    assert told is not None
    assert naive is not None
    assert abs(told.change.value + 0.1) < abs(naive.change.value + 0.1)
    assert told.change.low <= -0.1 <= told.change.high
    assert told.smallest_detectable > naive.smallest_detectable

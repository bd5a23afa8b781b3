"""Finding lists never fails, gives parts in order and in the text, and finds any list inside any copy."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import examples

from pellucid.labels.find import find_parts
from pellucid.labels.normalise import normalise
from pellucid.labels.vocabulary import shipped
from pellucid.model.label import Part

LISTED = (
    "Water, Glycerin, Niacinamide, Squalane, Panthenol, Allantoin, Carbomer, Phenoxyethanol, Butylene Glycol, Bisabolol"
    ", Caprylic/Capric Triglyceride, Cetearyl Alcohol, Xanthan Gum, Sodium Hyaluronate, Parfum (Fragrance), Linalool"
    ", PEG-40 Hydrogenated Castor Oil, 1,2-Hexanediol, CI 77891"
)
NAMES = LISTED.split(", ")
COPY = (
    "Soothes skin and keeps it soft.",
    "A light gel for the morning, made with care for your skin.",
    "-Niacinamide: Helps skin look even.",
    "-Squalane, Panthenol, and Urea: Keep your skin supple.",
    "Apply to damp skin. Rinse with water.",
    "Free of parabens, mineral oil, talc and fragrance.",
    "Key ingredients: Niacinamide, Urea, Allantoin.",
    "Dermatologist tested. Made in Portugal.",
)
SIGNS = [
    "Water",
    "Glycerin",
    "Ingredients",
    "May contain",
    "the skin",
    "Foo",
    "1,2-",
    "%",
    *"()[]{},;:.\n•*-+/ \x00\u202e🌿、",
]
PATTERNS = (
    *(
        "Water, Glycerin, Parfum, ",
        "Water\nGlycerin\n",
        "the skin is good, ",
        "It is free. ",
        "Foo Bar, ",
        "Water",
        "A. ",
    ),
    *(
        "(",
        ")([{",
        "\n",
        " ",
        ":",
        "a: ",
        " - A",
        "*",
        ". * organic",
        "1,2,3",
        "\n \n",
        "水、",
        "[+/-",
        "+/- A",
        "A 2%: B, ",
    ),
    *("Ingredients: ", "may contain ", "free of ", "Active ingredients A "),
)
SHORT, LONG = 5_000, 40_000
MOST = 12
"""How much more eight times the text may take: squared it would be 64 times as much."""

texts = st.lists(st.sampled_from(SIGNS), max_size=60).map("".join)


def ordered_and_inside(parts: tuple[Part, ...], length: int) -> bool:
    """Whether parts are in the text, in its order, and apart from each other."""
    places = [place for part in parts for place in (part.start, part.end)]
    products = [part.product for part in parts]
    return (
        places == sorted(places)
        and all(part.start < part.end <= length for part in parts)
        and products == sorted(products)
    )


@given(st.one_of(st.text(max_size=200), texts))
@examples(150)
def test_any_text_gives_parts_in_order_and_inside_it(text: str) -> None:
    normal = normalise(text)
    assert ordered_and_inside(find_parts(normal, shipped()), len(normal.text))


@given(
    st.lists(st.sampled_from(NAMES), min_size=4, max_size=25, unique=True),
    st.lists(st.sampled_from(COPY), max_size=3),
    st.lists(st.sampled_from(COPY), max_size=3),
    st.booleans(),
)
@examples(80)
def test_a_list_is_found_whole_between_any_copy(
    names: list[str], before: list[str], after: list[str], headed: bool
) -> None:
    listed = ", ".join(names)
    text = " ".join([*before, ("Ingredients: " if headed else "") + listed + ".", *after])
    parts = find_parts(normalise(text), shipped())
    assert [text[part.start : part.end].rstrip(".") for part in parts] == [listed]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_work_grows_with_the_length(pattern: str) -> None:
    assert _calls(pattern, LONG) < MOST * _calls(pattern, SHORT) + 1_000


def _calls(pattern: str, length: int) -> int:
    """How many functions are called to find the parts of a text of some length: the same on every machine."""
    normal = normalise(pattern * (length // len(pattern)))
    vocabulary = shipped()
    find_parts(normal, vocabulary)  # what is kept from one text to the next is there now
    count = 0

    def note(_frame: object, event: str, _what: object) -> None:
        nonlocal count
        count += event.endswith("call")

    sys.setprofile(note)
    try:
        find_parts(normal, vocabulary)
    finally:
        sys.setprofile(None)
    return count

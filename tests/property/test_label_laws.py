"""Laws of reading a label, on drawn lists and on drawn rubbish."""

from hypothesis import example, given
from hypothesis import strategies as st

from pellucid.labels.link import Linker
from pellucid.labels.normalise import normalise
from pellucid.labels.read import read_label
from pellucid.labels.tokenise import Tokeniser
from pellucid.labels.vocabulary import key, shipped
from pellucid.model.label import Ingredient, Label, Method

NAMES = sorted(shipped().exact)
UNKNOWN = ("Frobnicated Quux", "Zyzzyva Blob 7", "Xylorimba")
SEPARATORS = (", ", ",", " , ", "; ", " • ", " | ", ",\n")
RUBBISH = st.text(
    st.sampled_from("ab,1.2;:()[]/*%&+-\n \0\ud800é\u202e\u200bﬁ½\U0001f600<>#") | st.characters(), max_size=200
)
PRINTED = st.sampled_from(NAMES) | st.sampled_from(UNKNOWN)


def tokens(text: str) -> list[Ingredient]:
    """What is in a text that is a list and nothing else."""
    return Tokeniser(Linker(shipped(), misspelling=False)).tokens(normalise(text).text)


def linked(text: str) -> list[str | None]:
    return [one.inci for one in tokens(text)]


def check(label: Label) -> None:
    """What holds for every label."""
    last = 0
    for one in label.ingredients:
        assert last <= one.start < one.end <= len(label.text)
        assert one.text == label.text[one.start : one.end]
        assert (one.inci is None) == (one.method is Method.UNKNOWN) == (one.confidence == 0)
        assert 0 <= one.confidence <= 1
        assert any(part.holds(one) for part in label.parts)
        last = one.end


@given(RUBBISH)
@example("ﬁ" * 20)
@example("Ingredients: ½, ㎏, water")
@example("(" * 3000 + ")" * 3000)
@example("Ingredients: " * 3000)
@example("may contain " * 3000 + "water")
@example("Ingredients: " + "*organic " * 100)
def test_nothing_raises_and_places_are_right(text: str) -> None:
    check(read_label(text))
    check(read_label("Ingredients: Water, Glycerin, Mica, " + text))


@given(st.lists(PRINTED, min_size=1, max_size=12), st.sampled_from(SEPARATORS))
def test_every_name_is_found_whole_and_unknown_text_is_shown(names: list[str], separator: str) -> None:
    found = tokens(separator.join(names))

    assert [key(one.text) for one in found] == [key(name) for name in names]
    assert [one.inci for one in found] == [link.inci if (link := shipped().find(name)) else None for name in names]


@given(st.lists(PRINTED, min_size=1, max_size=8), st.sampled_from((str.lower, str.title, str.swapcase)), st.booleans())
def test_case_and_spacing_change_nothing(names: list[str], cased: type[str], wide: bool) -> None:
    plain = ", ".join(names)
    changed = ",  ".join(cased(name).replace(" ", "\u00a0 ") if wide else cased(name) for name in names)

    assert linked(changed) == linked(plain)


@given(st.lists(PRINTED, min_size=1, max_size=6), st.lists(PRINTED, min_size=1, max_size=6))
def test_two_lists_together_hold_what_each_holds(left: list[str], right: list[str]) -> None:
    assert linked(", ".join([*left, *right])) == linked(", ".join(left)) + linked(", ".join(right))


@given(st.lists(st.text("abcdefg ()/-", max_size=12), max_size=10), st.sampled_from(SEPARATORS))
def test_no_letter_is_dropped(pieces: list[str], separator: str) -> None:
    text = separator.join(pieces)
    covered = "".join(one.text for one in tokens(text))

    assert key(covered) == key(text)


@given(st.lists(PRINTED, min_size=1, max_size=8))
def test_reading_what_was_read_finds_the_same(names: list[str]) -> None:
    found = tokens(", ".join(names))

    assert linked(", ".join(one.text for one in found)) == [one.inci for one in found]

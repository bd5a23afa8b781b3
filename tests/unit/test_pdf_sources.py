"""The list of sources on the printed plan: short, in two columns, and complete."""

from tests.unit.test_pdf import KNOWLEDGE, out, packed, sample, text

from pellucid.exchange.pdf_sources import lines_of, source_columns


def test_a_title_that_many_sources_share_stands_there_once() -> None:
    founding = "The five founding documents of Pellucid, itemised as S1 to S291"
    shared = [each for each in out().sources if each.title.startswith(f"{founding} (")]
    assert len(shared) > 20
    assert text(sample("en")).count(packed(founding)) == 1
    for each in shared:
        assert packed(each.id + each.title.removeprefix(f"{founding} (").removesuffix(")")) in text(sample("en"))


def test_sources_stand_in_two_columns_of_about_the_same_height() -> None:
    sources = [each.model_dump(mode="json") for each in out().sources]
    left, right = source_columns(sources, KNOWLEDGE.texts("en"))
    listed = [
        each["id"] for column in (left, right) for group in column for e in group["entries"] for each in e["sources"]
    ]
    assert sorted(listed) == sorted(each["id"] for each in sources)
    heights = [sum(lines_of(entry) for group in column for entry in group["entries"]) for column in (left, right)]
    longest = max(lines_of(entry) for group in (*left, *right) for entry in group["entries"])
    assert abs(heights[0] - heights[1]) <= longest

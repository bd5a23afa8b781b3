"""A text's stretches below the heading or title that they stand under."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pellucid.labels.find_chunks import Chunk, Chunker, Look
from pellucid.labels.find_edges import Edge
from pellucid.labels.find_words import Heading, Sense, list_start, says_without
from pellucid.model.label import Kind

_WORDED = re.compile(r"\w")
_LEAD = re.compile(r"[^\w+±]*")
_STRENGTH_LAST = re.compile(r"(?<=%)[)\]]?[ ]*$")
TITLE = 4
"""So many stretches can stand before the colon of one title."""

Span = tuple[int, int]
"""Where words stand in the text."""


@dataclass(slots=True)
class Region:
    """Stretches below one heading or title."""

    chunks: list[Chunk] = field(default_factory=list)
    sense: Sense | None = None
    """None below a title of unknown words, or none."""
    kind: Kind = Kind.INGREDIENTS
    title: Span | None = None
    """The heading or title itself."""
    name: Span | None = None
    """The product's name above the heading."""
    has_colours: bool = False
    """Whether right behind it a heading stands of what the product may contain."""


def regions(text: str, chunks: Sequence[Chunk], chunker: Chunker) -> Iterator[Region]:
    """The text cut at headings and titles."""
    region = Region()
    for place, chunk in enumerate(chunks):
        if chunk.heading:
            region.has_colours = chunk.heading.kind is Kind.MAY_CONTAIN
            below = _headed(text, region, chunk, chunk.heading)
            yield region
            region = below
        else:
            region.chunks.append(chunk)
            if chunk.edge is Edge.COLON:
                actives = _actives(text, region, chunks[place + 1 : place + 3], chunker) if chunk.strength else None
                title = None if actives else _titled(text, region, chunker)
                yield region
                if actives:
                    yield actives
                region = Region(title=title)
        if region.sense is Sense.NO_LIST:
            ended = chunk.edge in {Edge.SENTENCE, Edge.BLANK}
            behind = Region() if ended else _begun(text, region, chunk, chunks[place + 1 : place + 2])
            if behind:
                yield region
                region = behind
    yield region


def _headed(text: str, region: Region, chunk: Chunk, heading: Heading) -> Region:
    """The region below a heading, which stands behind another region."""
    below = [] if chunk.look is Look.EMPTY else [chunk]
    name = _name_before(text, region, chunk)
    return Region(below, heading.sense, heading.kind, _heading_itself(text, chunk.top, chunk.start), name)


def _begun(text: str, region: Region, chunk: Chunk, behind: Sequence[Chunk]) -> Region | None:
    """The region of a list that starts right behind what a product is free of, with no full stop between."""
    after = behind[0] if behind else None
    if after is None or after.look is not Look.KNOWN or not region.title or not says_without(text, *region.title):
        return None
    if chunk.edge is Edge.LINE:
        return Region() if region.chunks and after.edge is Edge.COMMA else None
    start = list_start(text, chunk.start, chunk.end) if chunk.edge is Edge.COMMA else None
    if start is None:
        return None
    region.chunks[-1:] = [replace(chunk, end=start, look=Look.PROSE, known=0)]
    return Region([replace(chunk, start=start, look=Look.KNOWN, known=1, kitchen=True)])


def _titled(text: str, region: Region, chunker: Chunker) -> Span | None:
    """Take the title at its end off a region."""
    count = 1
    while count <= TITLE and count < len(region.chunks) and region.chunks[-count - 1].edge is Edge.COMMA:
        count += 1
    shared = count > TITLE
    below_heading = region.sense is Sense.LIST and count == len(region.chunks) and not shared
    count = 1 if shared or below_heading else count
    title = region.chunks[-count:]
    first = title[0]
    # behind a comma the stretch of a title can start with a list's last name
    below = [replace(first, look=Look.PROSE, known=0, edge=Edge.SENTENCE)] if shared else []
    if below_heading:
        end = _listed_before(text, region, chunker)
        below = [replace(first, end=end, edge=Edge.SENTENCE)] if end else []
    region.chunks[-count:] = below
    return clean(text, first.start, title[-1].end)


def _listed_before(text: str, region: Region, chunker: Chunker) -> int | None:
    """Where the last name of a list ends that stands in the same stretch with a title."""
    last = region.chunks[-1]
    end = chunker.known_head(text, last.start, last.end)
    if end is None and region.kind is Kind.ACTIVE and last.strength:
        end = text.rfind("%", last.start, last.end) + 1
    if end is None or _WORDED.search(text, end, last.end):
        return end
    if len(region.chunks) > 1:
        return end if region.chunks[-2].edge is Edge.COMMA else None
    # "Actives: Zinc: soothes" names one; "of any active ingredient. Zinc: soothes" doesn't
    behind = text[region.title[1] : last.start] if region.title and region.kind is Kind.ACTIVE else ""
    return end if ":" in behind or "\n" in behind else None


def _actives(text: str, region: Region, after: Sequence[Chunk], chunker: Chunker) -> Region | None:
    """Active ingredients with their strengths, taken off a region's end, where the list goes on behind what for."""
    last = region.chunks[-1]
    if not _STRENGTH_LAST.search(text[last.start : last.end]):
        return None
    purpose = len(after) > 1 and after[0].look is Look.SHORT and after[0].edge is Edge.COMMA
    if not purpose or after[1].look is not Look.KNOWN:
        return None
    count = 1
    while (
        count < len(region.chunks) and region.chunks[-count - 1].edge is Edge.COMMA and region.chunks[-count].strength
    ):
        count += 1
    first = region.chunks[-count]
    start = first.start if first.look is Look.KNOWN else chunker.known_tail(text, first.start, first.end)
    if start is None or not first.strength:
        return None
    after[0].look, after[0].edge = Look.PROSE, Edge.SENTENCE
    listed = [replace(first, start=start, look=Look.KNOWN, known=1), *region.chunks[len(region.chunks) - count + 1 :]]
    region.chunks[-count:] = [replace(first, end=start)] if start > first.start else []
    return Region(listed, Sense.LIST, Kind.ACTIVE)


def _name_before(text: str, region: Region, heading: Chunk) -> Span | None:
    """The product's name above a heading, or in front of it."""
    above = region.chunks[-1] if region.chunks else None
    if not above or above.look not in {Look.SHORT, Look.SHAPED} or ends_sentence(text, above):
        return None
    beside = above.end == heading.top
    return clean(text, above.start, above.end) if beside or above.edge in {Edge.LINE, Edge.BLANK} else None


def _heading_itself(text: str, start: int, end: int) -> Span | None:
    """A heading without what stands around it; one can be of signs alone."""
    inside = text[start:end].rstrip(" \n:.=([")
    if not inside.endswith(("/-", "/ -")):
        inside = inside.rstrip(" -")
    lead = _LEAD.match(inside)
    start, inside = (start + lead.end(), inside[lead.end() :]) if lead else (start, inside)
    for opening, closing in ("()", "[]"):
        if inside.endswith(closing) and inside.count(opening) < inside.count(closing):
            inside = inside[:-1].rstrip()
    return (start, start + len(inside)) if inside else None


def clean(text: str, start: int, end: int) -> Span | None:
    """Where a title stands without what is around it; None if nothing is left."""
    found = _WORDED.search(text, start, end)
    if not found:
        return None
    while not (text[end - 1].isalnum() or text[end - 1] in "_)"):
        end -= 1
    return found.start(), end


def ends_sentence(text: str, above: Chunk) -> bool:
    """Whether a stretch above a list is the end of a sentence and no name."""
    return text[above.end : above.end + 1] in {".", "!", "?"}

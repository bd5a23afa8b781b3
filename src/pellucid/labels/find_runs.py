"""Runs of stretches that speak for a list, with their exact ends."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pellucid.labels.find_chunks import BULLETS, SCORES, Chunk, Chunker, Look
from pellucid.labels.find_edges import WIDEST_BRACKETS, Edge
from pellucid.labels.find_regions import TITLE, Region, Span, clean, ends_sentence
from pellucid.labels.find_words import Sense
from pellucid.labels.marks import legend
from pellucid.labels.vocabulary import key
from pellucid.model.label import Kind

_APART = 2.0
"""What a full stop, a bullet or a line's end costs in a list that isn't made of such."""
_DROP = 5.0
"""A run ends where so much speaks against what follows."""
_REACH = 60
"""A run ends where so many stretches add nothing to it."""
_LISTING = {Edge.BULLET, Edge.LINE, Edge.BLANK}
"""Edges that can stand between all names of a list."""
_MENTION = 5
"""In so many names a sentence of copy can end."""
_SEVERAL = 3
"""The list behind it is so many times as long."""
_RESTART = 3
"""After so many names the first one again starts another product's list."""
_DOUBTFUL = 4
"""So many names make what may be a list that can't be read."""
_DOUBT = 1 / 3
"""The share of them that end like names, at least."""
_NAMELIKE = {Look.KNOWN, Look.SHAPED, Look.GARBLED}
_WORDY = 5
"""Names of more words are rare."""
_GAP = 3
"""So many unknown stretches between known names end no list, whatever words are in them."""
_BULLETED = 12
"""So many bulleted names are looked at."""
_REMARK = re.compile(r"\([^()]{0,240}\)?")
_SIGN = re.compile(r"[\s.(]{0,4}(\*{1,6})")
_WORD = re.compile(r"(?<=\s)\S+")


@dataclass(slots=True)
class Run:
    """A list that was found."""

    start: int
    end: int
    chunks: Sequence[Chunk]
    region: Region
    at_top: bool
    """Whether it stands right below the heading or title."""
    whole: bool
    """Whether it starts and ends where sentences do."""
    title: Span | None
    anew: bool = False
    """Whether it starts with the same name as the list right before it."""

    @property
    def known(self) -> int:
        """How many names in it are known."""
        return sum(chunk.known for chunk in self.chunks)

    @property
    def is_headed(self) -> bool:
        """Whether a heading says that it is a list."""
        return self.region.sense is Sense.LIST and self.at_top

    @property
    def has_colours(self) -> bool:
        """Whether what the product may contain stands right behind it."""
        return self.region.has_colours and self.chunks[-1] is self.region.chunks[-1]

    @property
    def is_kitchen(self) -> bool:
        """Whether half of it or more is food, and nothing else is known of it."""
        food = sum(1 for chunk in self.chunks if chunk.kitchen)
        return 2 * food >= len(self.chunks) and all(chunk.kitchen for chunk in self.chunks if chunk.known)


def runs(text: str, region: Region, chunker: Chunker) -> Iterator[Run]:
    """The lists in a region."""
    chunks = region.chunks
    _bridge(text, chunks)
    at = 0
    while at < len(chunks):
        first, last = _best_run(chunks, at)
        if last < 0:
            break
        right = _widened(chunks, first, last, at)[1]
        left = _widened(chunks, _behind_mention(region, first, right), right, at)[0]
        if region.sense is Sense.LIST and at == 0 and left <= TITLE and not _has_prose(chunks[:left]):
            left = 0
        for run in _split(text, _bounded(text, region, left, right, chunker)):
            yield from _parted(text, run, chunker)
        at = right + 1
    if at == 0 and region.sense is Sense.LIST:
        yield from _unread(text, region, chunker)


def _bridge(text: str, chunks: Sequence[Chunk]) -> None:
    """Take a few words between known names and commas for unknown names, even words of sentences."""
    last = len(chunks)
    for place, chunk in enumerate(chunks):
        if chunk.look is Look.KNOWN:
            for one in chunks[last + 1 : place] if place - last <= _GAP + 1 else ():
                if one.look is Look.PROSE and _wordy(text[one.start : one.end]) <= _WORDY:
                    one.look = Look.SHORT
            last = place
        if chunk.edge is not Edge.COMMA:
            last = len(chunks)


def _wordy(piece: str) -> int:
    """How many words a stretch has outside its brackets."""
    return len(_REMARK.sub("", piece).split())


def _has_prose(chunks: Iterable[Chunk]) -> bool:
    return any(chunk.look is Look.PROSE for chunk in chunks)


def _split(text: str, run: Run) -> Iterator[Run]:
    """A run cut where a line or sentence starts with its first name again: the list of another product."""
    chunks = run.chunks
    first = key(text[chunks[0].start : chunks[0].end])
    start, begin, title, anew = run.start, 0, run.title, False
    for place in range(1, len(chunks)):
        if place - begin < _RESTART or chunks[place - 1].edge < Edge.LINE:
            continue
        if key(text[chunks[place].start : chunks[place].end]) != first:
            continue
        named = chunks[place - 1].look in {Look.SHORT, Look.SHAPED} and chunks[place - 2].edge >= Edge.LINE
        stop = place - named
        whole = anew or run.whole
        yield Run(start, chunks[stop - 1].end, chunks[begin:stop], run.region, run.at_top, whole, title, anew)
        title = clean(text, chunks[stop].start, chunks[stop].end) if named else None
        start, begin, anew = chunks[place].start, place, True
    yield Run(start, run.end, chunks[begin:], run.region, run.at_top, run.whole, title, anew)


def _parted(text: str, run: Run, chunker: Chunker) -> Iterator[Run]:
    """A list of active ingredients cut behind the last strength, where another name follows with nothing between."""
    last = max((place for place, chunk in enumerate(run.chunks) if chunk.strength), default=-1)
    chunk = run.chunks[last]
    cut = text.rfind("%", chunk.start, chunk.end) + 1
    named = cut and any(map(str.isalpha, text[chunk.start : cut])) and chunker.is_name(text[cut : chunk.end])
    if run.region.kind is not Kind.ACTIVE or last + 1 == len(run.chunks) or not named:
        yield run
        return
    yield replace(run, end=cut, chunks=run.chunks[: last + 1])
    region = replace(run.region, kind=Kind.INGREDIENTS, title=None, name=None)
    yield replace(run, start=cut, chunks=run.chunks[last:], region=region, title=None)


def _best_run(chunks: Sequence[Chunk], at: int) -> tuple[int, int]:
    """The next run of stretches that speak for a list, up to its best end; -1 if there is none."""
    first, last, total, best = at, -1, 0.0, 0.0
    for place in range(at, len(chunks)):
        chunk = chunks[place]
        if last < 0 and chunk.look is not Look.KNOWN:
            first, total = place + 1, 0.0
            continue
        gain = SCORES[chunk.look] * max(1, chunk.known)
        total -= _apart(chunks, place - 1) if place > first else 0.0
        if total <= 0 and last >= 0:
            break
        if total <= 0:
            first, total = place, 0.0
        total += gain
        if total > best:
            best, last = total, place
        elif last >= 0 and (total <= max(0.0, best - _DROP) or _is_sentence(chunks, place) or place > last + _REACH):
            break
    return first, last


def _behind_mention(region: Region, first: int, last: int) -> int:
    """Where a run starts, without a sentence of copy that names a few ingredients or ends in them."""
    chunks = region.chunks
    ends_copy = _is_in_copy(chunks, first)
    below_title = first == 0 and region.title is not None and region.sense is None
    if not ends_copy and not below_title:
        return first
    reach = first + _MENTION if ends_copy else first + min(_MENTION, (last - first) // _SEVERAL)
    ends = (place for place in range(first, min(reach, last)) if chunks[place].edge is Edge.SENTENCE)
    return next(ends, first - 1) + 1


def _is_in_copy(chunks: Sequence[Chunk], first: int) -> bool:
    """Whether the words of a sentence stand before a stretch, with few commas between."""
    for place in range(first - 1, max(0, first - TITLE) - 1, -1):
        if chunks[place].edge is not Edge.COMMA:
            return False
        if chunks[place].look is Look.PROSE:
            return True
    return False


def _apart(chunks: Sequence[Chunk], place: int) -> float:
    """What the edge between two stretches costs."""
    edge = chunks[place].edge
    if edge <= Edge.DASH or place < 0:
        return 0.0
    before = chunks[place - 1].edge if place else Edge.END
    after = chunks[place + 1].edge
    alike = edge in _LISTING and all(one == edge or one >= Edge.SENTENCE for one in (before, after))
    if alike:
        return 0.0
    return _DROP if edge is Edge.BLANK else _APART


def _is_sentence(chunks: Sequence[Chunk], place: int) -> bool:
    """Whether a stretch is a whole sentence of prose, or a line of its own between lists."""
    if place < 1 or chunks[place].edge < Edge.LINE or chunks[place - 1].edge < Edge.LINE:
        return False
    lined = place > 1 and chunks[place - 2].edge >= Edge.LINE
    return chunks[place].look is Look.PROSE or (chunks[place].look in {Look.SHORT, Look.SHAPED} and not lined)


def _widened(chunks: Sequence[Chunk], first: int, last: int, lowest: int) -> tuple[int, int]:
    """A run with unknown names at its ends, and with footnotes."""
    while first > lowest and chunks[first - 1].edge is Edge.COMMA and chunks[first - 1].look is not Look.PROSE:
        first -= 1
    lined = chunks[last - 1].edge if last > first else Edge.COMMA
    while last + 1 < len(chunks):
        after = chunks[last + 1]
        if after.look is Look.FOOTNOTE or (
            after.look is not Look.PROSE
            and (
                chunks[last].edge is Edge.COMMA
                or (after.look <= Look.SHAPED and chunks[last].edge is lined and _goes_on(after, lined))
            )
        ):
            last += 1
            continue
        sentence = _known_sentence(chunks, last + 1)
        if chunks[last].edge >= Edge.BLANK or not 0 < sentence - last <= last - first + 1:
            break
        last = sentence
    return first, last


def _goes_on(chunk: Chunk, lined: Edge) -> bool:
    """Whether a stretch ends as those of its list do."""
    return chunk.edge is lined or chunk.edge >= Edge.SENTENCE


def _known_sentence(chunks: Sequence[Chunk], place: int) -> int:
    """The last stretch of a sentence of nothing but known names; 0 if it isn't one."""
    while place < len(chunks) and chunks[place].look is Look.KNOWN:
        if chunks[place].edge >= Edge.SENTENCE:
            return place
        place += 1
    return 0


def _bounded(text: str, region: Region, first: int, last: int, chunker: Chunker) -> Run:
    """A run with its exact ends: names that stand in the same stretch with prose belong to it."""
    chunks = region.chunks
    last = _without_legends(text, chunks[first : last + 1], chunker) + first
    start, end = chunks[first].start, chunks[last].end
    whole = True
    if first and chunks[first - 1].edge is Edge.COMMA:
        tail = chunker.known_tail(text, chunks[first - 1].start, chunks[first - 1].end)
        start, whole = (start, False) if tail is None else (tail, True)
    else:
        start = _behind_bullets(text, chunks, first) or _behind_words(text, chunks[first], chunker)
    if last + 1 < len(chunks) and chunks[last].edge is Edge.COMMA:
        head = chunker.known_head(text, chunks[last + 1].start, chunks[last + 1].end)
        end, whole = (end, False) if head is None else (head, whole)
    elif region.kind is Kind.ACTIVE and chunks[last].strength:
        # what an active ingredient is for stands behind its strength
        end = chunker.known_head(text, chunks[last].start, chunks[last].end) or end
    title = region.title if first == 0 else _name_above(text, chunks, first)
    return Run(start, end, chunks[first : last + 1], region, first == 0, whole, title)


def _without_legends(text: str, chunks: Sequence[Chunk], chunker: Chunker) -> int:
    """The last stretch of a list without footnotes behind its end that say nothing a mark stands for."""
    last = len(chunks) - 1
    while last and chunks[last - 1].edge >= Edge.LINE:
        piece = text[chunks[last].start : chunks[last].end]
        sign = _SIGN.match(piece)
        used = sign and re.search(rf"[\w)\]][ ]?{re.escape(sign[1])}(?!\*)", text[chunks[0].start : chunks[last].start])
        if not used or (legend(piece) and not chunker.is_name(piece)):
            break
        last -= 1
    return last


def _behind_bullets(text: str, chunks: Sequence[Chunk], first: int) -> int | None:
    """Where a list starts in the stretch of the last bulleted name: where another one of them stands again."""
    before = chunks[max(0, first - _BULLETED) : first]
    if not before or before[-1].edge is not Edge.BULLET:
        return None
    named = {key(text[chunk.start : chunk.end]) for chunk in before if chunk.edge is Edge.BULLET}
    end = min(chunks[first].end, chunks[first].start + WIDEST_BRACKETS)
    words = (word.start() for word in _WORD.finditer(text, chunks[first].start, end))
    return next((at for at in words if key(text[at : chunks[first].end]) in named), None)


def _behind_words(text: str, chunk: Chunk, chunker: Chunker) -> int:
    """Where a stretch starts, without words of a sentence that stand before a name in it."""
    if chunker.is_name(text[chunk.start : chunk.end]) or chunk.known > 2:  # noqa: PLR2004 - a list without commas
        return chunk.start
    gap = text.find("  ", chunk.start + 1, chunk.end)
    if gap > 0 and chunker.is_name(text[gap : chunk.end]):
        return gap
    bulleted = chunk.edge is Edge.COMMA and text[max(0, chunk.start - 1) : chunk.start + 1].lstrip()[:1] in BULLETS
    if bulleted or text.count(" ", chunk.start, chunk.end) >= _WORDY:
        return chunker.known_tail(text, chunk.start, chunk.end) or chunk.start
    return chunk.start


def _name_above(text: str, chunks: Sequence[Chunk], first: int) -> Span | None:
    """A short line above a list."""
    above = chunks[first - 1]
    if above.edge not in {Edge.LINE, Edge.BLANK} or above.look is Look.PROSE or ends_sentence(text, above):
        return None
    return clean(text, above.start, above.end)


def _unread(text: str, region: Region, chunker: Chunker) -> Iterator[Run]:
    """What stands below a heading of a list and isn't recognised: up to the first sentence."""
    last = -1
    for place, chunk in enumerate(region.chunks):
        if chunk.look is Look.PROSE:
            break
        last = place
        if chunk.edge >= Edge.SENTENCE:
            break
    looks = [chunk.look for chunk in region.chunks[: last + 1] if chunk.look is not Look.EMPTY]
    strong = region.kind is Kind.ACTIVE and any(chunk.strength for chunk in region.chunks[: last + 1])
    if strong or len(looks) > 1 or any(look in _NAMELIKE for look in looks):
        yield _bounded(text, region, 0, last, chunker)


def doubtful(text: str, region: Region, chunker: Chunker) -> Iterator[Run]:
    """What looks like a list although hardly a name in it is known: misspelled, or misread from a photo."""
    begin = 0
    for place, chunk in enumerate(region.chunks):
        if chunk.edge is Edge.COMMA and chunk.look is not Look.PROSE and place + 1 < len(region.chunks):
            continue
        last = place - (chunk.look is Look.PROSE)
        looks = [one.look for one in region.chunks[begin : last + 1]]
        if len(looks) >= _DOUBTFUL and sum(look in _NAMELIKE for look in looks) >= max(2, _DOUBT * len(looks)):
            run = _bounded(text, region, begin, last, chunker)
            if not run.is_kitchen:
                yield run
        begin = place + 1

"""The terminal view of a label: its text marked up, by sign as well as by colour, then the notes in order."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.text import Text

from pellucid.exchange.label_model import IngredientOut, LabelReport, ListOut, NoteOut
from pellucid.knowledge.texts import Texts

SIGNS = {"avoid": "✗", "care": "!", "good": "+", "corrected": "~", "unknown": "?"}
STYLES = {"avoid": "bold red", "care": "yellow", "good": "green", "corrected": "cyan", "unknown": "magenta"}
LINE = "[≈1 %]"
TONES = {"avoid": "avoid", "ask": "care", "care": "care", "good": "good"}
"""How the tone of a note marks the names that it is about; what is only told marks none."""
NOTE_SIGNS = {"avoid": "✗", "ask": "?", "care": "!", "tell": "·", "good": "+"}
NOTE_STYLES = {"avoid": "bold red", "ask": "cyan", "care": "yellow", "tell": "default", "good": "green"}
WATCHED = "watch"
"""The section whose notes mark the names in them even where they are only told, such as fragrance allergens."""


class Hanging:
    """A text whose lines all begin below each other, with no blanks at their ends."""

    def __init__(self, text: Text, indent: int, sign: str = "") -> None:
        """Indent by so many columns; a sign stands before the first line, in its style."""
        self.text, self.indent, self.sign = text, indent, sign

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Wrap it to the terminal's width."""
        lines = self.text.wrap(console, max(options.max_width - self.indent, 10))
        for number, line in enumerate(lines):
            line.rstrip()
            first = self.sign.rjust(self.indent - 1) + " " if self.sign and not number else " " * self.indent
            yield Text(first, style=self.text.style).append_text(line)


def print_label(report: LabelReport, texts: Texts, *, photo: bool = False, console: Console | None = None) -> None:
    """Print one label.

    Args:
        report: what was read and judged.
        texts: the words of its language.
        photo: whether the text was read from a photo.
        console: where to print; standard output if None.
    """
    screen = console or Console(highlight=False)
    for part in (*_head(report, texts, photo=photo), *_lists(report, texts), *_sections(report, texts)):
        screen.print(part)
    phrase = "label.inventory" if report.imported_names else "label.inventory_none"
    screen.print(Text("\n" + texts.phrase(phrase, n=f"{report.imported_names:,}"), style="dim"))
    screen.print(Text(report.intended_use, style="dim"))


def printable(text: str) -> str:
    """A text in one line without anything that steers a terminal."""
    return "".join(each for each in " ".join(text.split()) if each.isprintable())


def _head(report: LabelReport, texts: Texts, *, photo: bool) -> Iterator[Text]:
    product = report.verdict.product
    if photo:
        yield Text(texts.phrase("label.photo"), style="yellow")
    yield from (Text(texts.phrase(f"label.{note}"), style="yellow") for note in report.notes)
    if report.state != "read":
        return
    phrase = "label.kind_given" if product.given else "label.kind" if product.kind else "label.kind_open"
    kind = texts.phrase(phrase, kind=product.name, sure=product.confidence_text)
    rinse = {True: "label.rinsed", False: "label.stays", None: "label.rinsed_open"}[product.rinse_off]
    yield Text(texts.phrase("words.list").join((kind, texts.phrase(rinse))), style="bold")


# --- the text, marked up ----------------------------------------------------------------------------------------


def _lists(report: LabelReport, texts: Texts) -> Iterator[Group]:
    marks = _marks(report)
    for part in report.lists:
        heading = texts.phrase(f"label.list.{part.kind}")
        name = printable(part.heading or "")
        title = f"{heading} ({name})" if name and name.casefold() != heading.casefold() else heading
        title = f"{part.product + 1}. {title}" if _products(report) > 1 else title
        yield Group("", Text(title, style="bold underline"), Hanging(_marked(part, report, marks), 2))
    if report.ingredients:
        yield Group("", Hanging(_legend(report, marks, texts), 2))


def _products(report: LabelReport) -> int:
    return len({part.product for part in report.lists})


def _marks(report: LabelReport) -> dict[int, tuple[str, ...]]:
    """The place of each ingredient that has signs, with what they stand for, the most serious first."""
    found: dict[int, set[str]] = {}
    for note in report.verdict.notes:
        mark = TONES.get(note.tone) or ("care" if note.section == WATCHED else None)
        for mention in note.about if mark else ():
            found.setdefault(mention.index, set()).add(mark or "")
    for index, each in enumerate(report.ingredients):
        if each.method == "misspelling":
            found.setdefault(index, set()).add("corrected")
    for mention in report.verdict.unknown:
        found.setdefault(mention.index, set()).add("unknown")
    return {index: tuple(mark for mark in SIGNS if mark in marks) for index, marks in found.items()}


def _marked(part: ListOut, report: LabelReport, marks: dict[int, tuple[str, ...]]) -> Text:
    """The text of one list, with every name marked."""
    line, place = Text(), part.start
    lines = {each.marker.index for each in report.verdict.lines}
    first = bisect_left(report.ingredients, part.start, key=lambda each: each.start)
    for index in range(first, len(report.ingredients)):
        each = report.ingredients[index]
        if each.end > part.end:
            break
        line.append(_between(report.text[place : each.start]), style="dim")
        if index in lines:
            line.append(f"{LINE} ", style="bold blue")
        line.append_text(_name(each, marks.get(index, ())))
        place = each.end
    return line.append(_between(report.text[place : part.end]), style="dim")


def _between(text: str) -> str:
    """What stands between two names; broken lines run on."""
    return (" " if text[:1].isspace() else "") + printable(text) + (" " if text[-1:].isspace() and text.strip() else "")


def _name(ingredient: IngredientOut, marks: tuple[str, ...]) -> Text:
    text = "".join(SIGNS[mark] for mark in marks) + printable(ingredient.text)
    named = Text(text, style=STYLES[marks[0]] if marks else "")
    if "corrected" in marks:
        named.append(f" ({ingredient.inci})", style=STYLES["corrected"])
    return named


def _legend(report: LabelReport, marks: dict[int, tuple[str, ...]], texts: Texts) -> Text:
    """How many names were recognised, and what the signs say; only those in use."""
    total, unknown = len(report.ingredients), len(report.verdict.unknown)
    counts = texts.phrase("label.counts", n=total, known=total - unknown, unknown=unknown)
    line = Text(counts, style="dim")
    used = {mark for each in marks.values() for mark in each}
    for mark in (each for each in SIGNS if each in used):
        line.append("\n" + SIGNS[mark], style=f"not dim {STYLES[mark]}")
        line.append(f" {texts.phrase(f'label.sign.{mark}')}")
    if report.verdict.lines:
        line.append(f"\n{LINE}", style="not dim bold blue")
        line.append(f" {texts.phrase('label.sign.line')}")
    return line


# --- the notes --------------------------------------------------------------------------------------------------


def _sections(report: LabelReport, texts: Texts) -> Iterator[Group]:
    for heading, notes in groupby(report.verdict.notes, key=lambda note: note.section_text):
        yield Group("", Text(heading, style="bold underline"), *_notes(notes, report, texts))


def _notes(notes: Iterable[NoteOut], report: LabelReport, texts: Texts) -> Iterator[Hanging]:
    """The notes; what is behind several in a row, such as one rule before each visit, is told once after them."""
    for _, alike in groupby(notes, lambda note: (note.code, note.rule, note.said[1:], note.about, note.personal)):
        same = list(alike)
        for note in same:
            yield Hanging(Text(printable(note.said[0]), style=NOTE_STYLES[note.tone]), 4, NOTE_SIGNS[note.tone])
        yield from (Hanging(Text(printable(line)), 4) for line in same[0].said[1:])
        behind = _behind(same, report, texts)
        yield from [Hanging(Text(behind, style="dim"), 4)] if behind else []


def _places(note: NoteOut, report: LabelReport, texts: Texts) -> Iterator[str]:
    """The places of the names in their list, and in which product's, where the text holds several."""
    places: dict[int, list[str]] = {}
    for each in note.about:
        start = report.ingredients[each.index].start
        product = next((part.product for part in report.lists if part.start <= start < part.end), 0)
        if each.position is not None:
            places.setdefault(product, []).append(str(each.position))
    phrase = "label.place_of" if _products(report) > 1 else "label.place"
    for product, found in places.items():
        yield texts.phrase(phrase, places=texts.phrase("words.list").join(found), product=product + 1)


def _behind(same: list[NoteOut], report: LabelReport, texts: Texts) -> str:
    """Where the names stand, and what the notes of one rule lean on."""
    note, sources = same[0], dict.fromkeys(source for each in same for source in each.sources)
    found = list(_places(note, report, texts))
    found += [texts.phrase("label.for_you")] if note.personal else []
    found += [] if note.rule == f"verdict_note.{note.code}" else [f"{note.rule}: {' '.join(sources)}"]
    found += [] if all(each.verified for each in same) else [texts.phrase("label.not_seen")]
    return " · ".join(found)

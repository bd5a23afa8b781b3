"""One ``PlanOut`` as a printable PDF: tagged for screen readers, with its fonts, the same bytes for the same plan.

``templates/plan.typ`` lays it out. It gets everything as data, so nothing that a person typed is ever read as markup.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

from pellucid.exchange import wording
from pellucid.exchange.pdf_sources import source_columns
from pellucid.exchange.plan_model import PlanOut, PlanSessionOut
from pellucid.exchange.printable import FONTS, WHITE_SQUARE, breakable, printable, shortened
from pellucid.knowledge.texts import Texts

TEMPLATE = Path(__file__).parent / "templates" / "plan.typ"

ACCESSIBLE: Final = "ua-1"
"""PDF/UA-1, ISO 14289-1: a PDF that is not tagged throughout is refused by the typesetter."""

PLACES: Mapping[str, tuple[str, str | None]] = {"en": ("en", None), "zh_hant": ("zh", "tw")}
"""Language and region; the region decides where Chinese punctuation stands."""

FAMILIES = ("pdf.", "plan.legend.", "plan.stripe.", "report.seen.")
"""Beginnings of phrases all of which the template may say."""

SHARED = (
    "calendar.this_week",
    "date.from",
    "heading.after_session",
    "heading.ask_prescriber",
    "heading.before_session",
    "heading.new_product",
    "heading.patch_test",
    "heading.sources",
    "notice.intended_use",
    "notice.keep_medicine",
    "notice.privacy",
    "plan.because",
    "plan.confirm",
    "plan.heading.changes",
    "plan.heading.clashes",
    "plan.heading.dates",
    "plan.heading.home",
    "plan.heading.legend",
    "plan.heading.visits",
    "plan.label.against",
    "plan.label.place",
    "plan.label.room",
    "plan.letters",
    "plan.mark.changed",
    "plan.mark.irritation",
    "plan.mark.review",
    "plan.revision",
    "plan.rules_stay",
    "plan.set_aside",
    "plan.with_care",
    "report.action.avoid",
    "report.action.pause",
    "report.colon",
    "report.if_applies",
    "report.part_left_out",
    "report.sources.legend",
    "routine.keep",
    "words.list",
)
"""Single phrases that it says beside these."""

LABEL_ROOM = 15
"""Half-widths of small print that fit into one line of one column of the grid."""

LABEL_LINES = 2

WIDE, NARROW = 18, 12
"""Letters of the longest word that surely fits into a column of text, and into a day of the grid."""

WEB = ("https://", "http://")
"""What a source's address has to begin with to become a link."""


def plan_pdf(plan: PlanOut, *, texts: Texts, today: date, title: str = "") -> bytes:
    """The plan as a PDF on A4 pages.

    Args:
        plan: what it shows; in the language of ``texts``.
        texts: the words around it.
        today: the day on which it is made; it stands on the first page and in the document's properties.
        title: what the paper is called; the plan's own title where it is empty.
    """
    return typeset(TEMPLATE, _data(plan, texts, today, title))


def typeset(template: Path, data: Any) -> bytes:
    """A paper as a tagged PDF: a template of ours, and all that it shows as data, never as markup."""
    return typst.compile(
        template,
        root=template.parent,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=ACCESSIBLE,
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The bundled fonts and no others, so that a plan looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _data(plan: PlanOut, texts: Texts, today: date, title: str) -> Any:
    """What the template gets, with characters that the fonts have and places to break long words."""
    language, region = PLACES[texts.language]
    shown = _shown(plan, today)
    return {
        "language": language,
        "region": region,
        "title": printable(title or plan.title),
        "heading": cleaned(title or plan.title, WIDE),
        "made": [today.year, today.month, today.day],
        "as_of": texts.phrase("notice.as_of", date=wording.day(today, texts)),
        "knowledge": texts.phrase("notice.knowledge", version=plan.knowledge[:12]),
        "plan": shown,
        "squares": WHITE_SQUARE in json.dumps(shown, ensure_ascii=False),
        "days": {value.isoformat(): wording.day(value, texts) for value in _named(plan)},
        "sources": cleaned(source_columns(shown["sources"], texts), WIDE),
        "unread": [each.id for each in plan.sources if not each.verified],
        "links": {each.id: each.url for each in plan.sources if each.url and each.url.startswith(WEB)},
        "words": dict(_words(texts)),
    }


def _shown(plan: PlanOut, today: date) -> Any:
    """The plan as the paper shows it, in characters that the fonts have."""
    visits = [_to_come(visit, today) for visit in plan.sessions]
    shown = plan.model_copy(update={"sessions": visits}).model_dump(mode="json", exclude={"bands", "weeks"})
    return {**cleaned(shown, WIDE), "weeks": cleaned(_grid(plan), NARROW)}


def _to_come(visit: PlanSessionOut, today: date) -> PlanSessionOut:
    """A visit with what is still to be done for it: once it is over, only the after-care that isn't."""
    if visit.standing in {"proposed", "booked"}:
        return visit
    left = [line for line in visit.aftercare if visit.standing == "done" and line.until >= today]
    nothing: dict[str, Any] = {"preparation": [], "confirm": [], "reasons": [], "status_text": ""}
    return visit.model_copy(update={**nothing, "aftercare": left})


def _grid(plan: PlanOut) -> Any:
    """The weeks with visits by number, routines by letter, and labels no longer than their stripe."""
    weeks = [week.model_dump(mode="json") for week in plan.weeks]
    numbers = {session.key: session.number for session in plan.sessions}
    letters = {routine.id: routine.label for routine in plan.routines}
    for day in (each for week in weeks for each in week["days"]):
        day["sessions"] = [numbers[key] for key in day["sessions"]]
        day |= {part: letters.get(day[part]) for part in ("morning", "evening")}
    for segment in (each for week in weeks for each in week["segments"]):
        columns = segment["last"] - segment["first"] + 1
        segment["label"] = shortened(segment["label"], LABEL_LINES * LABEL_ROOM * columns)
    return weeks


def cleaned(value: Any, longest: int) -> Any:
    """The same with every text printable, and with places to end a line in longer words than that."""
    if isinstance(value, str):
        return breakable(printable(value), longest)
    if isinstance(value, list):
        return [cleaned(each, longest) for each in value]
    if isinstance(value, dict):
        return {key: cleaned(each, longest) for key, each in value.items()}
    return value


def _named(plan: PlanOut) -> Iterable[date]:
    """The dates that come without words."""
    yield from (day for routine in plan.routines for day in (routine.since, routine.until))
    yield from (stage.since for new in plan.introductions for stage in new.stages)
    yield from (known.on for known in plan.dates)
    yield from (change.on for change in plan.changes)


def _words(texts: Texts) -> Iterator[tuple[str, str]]:
    """The phrases of the paper; what stands in braces is filled in by the template."""
    own = (each for each in texts.topic("interface")["phrase"] if each.startswith(FAMILIES))
    yield from ((each, texts.phrase(each)) for each in (*own, *SHARED))

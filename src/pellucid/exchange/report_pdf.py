"""One ``Report`` as a printable PDF, in the paper of the care plan: tagged for screen readers, with its fonts.

``templates/report.typ`` lays it out. Which parts there are is settled by ``html.View``, as for the page.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from pellucid.exchange import wording
from pellucid.exchange.html import OPTIONS_AT_ONCE, View, Words
from pellucid.exchange.model import FindingOut, InstructionOut, OptionOut, ReasonOut, ReferralOut, Report, RoutineOut
from pellucid.exchange.pdf import PLACES, WEB, WIDE, cleaned, typeset
from pellucid.exchange.pdf_sources import source_columns
from pellucid.exchange.printable import printable
from pellucid.knowledge.texts import Texts

TEMPLATE: Final = Path(__file__).parent / "templates" / "report.typ"

PHRASES = (
    "date.from",
    "heading.after_session",
    "heading.ask_prescriber",
    "heading.before_session",
    "heading.findings",
    "heading.new_product",
    "heading.options",
    "heading.patch_test",
    "heading.pause",
    "heading.routine",
    "heading.see_doctor",
    "heading.sources",
    "heading.unknown",
    "heading.urgent",
    "heading.would_change",
    "label.why",
    "notice.intended_use",
    "notice.keep_medicine",
    "notice.privacy",
    "pdf.days",
    "pdf.page",
    "pdf.to_do",
    "report.action.avoid",
    "report.action.pause",
    "report.all_treatments",
    "report.can_wait",
    "report.care",
    "report.colon",
    "report.if_applies",
    "report.in_the_way",
    "report.routine_simple",
    "report.sources.legend",
    "report.speaks_against",
    "report.speaks_for",
    "report.summary",
    "report.table.status",
    "report.table.treatment",
    "report.table.until",
    "report.to_consider",
    "report.what_you_told",
    "routine.keep",
    "words.list",
)

LEFT_OUT = frozenset({"refer", "blocked"})
"""Statuses of treatments that get a row in the table and no more."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a practitioner added, in the report's language."""

    signed: str
    """Who signed, and when; or that nobody has yet."""
    note: str = ""
    changes: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    """Treatment to its stricter status, that in words, and the reason."""


def report_pdf(report: Report, *, texts: Texts, reviewed: Reviewed | None = None) -> bytes:
    """The report as a PDF on A4 pages.

    Args:
        report: in the language of ``texts``.
        texts: the words around it.
        reviewed: what a practitioner said to it, if that is known.
    """
    return typeset(TEMPLATE, Paper(report, texts, reviewed or Reviewed("")).data())


class Paper:
    """What the template gets, with characters that the fonts have and places to break long words."""

    def __init__(self, report: Report, texts: Texts, reviewed: Reviewed) -> None:
        """Remember what is to be shown."""
        self.report, self.texts, self.reviewed = report, texts, reviewed
        self.view, self.words = View(report), Words(texts, report.today)

    def data(self) -> dict[str, Any]:
        """Everything."""
        report, (language, region) = self.report, PLACES[self.texts.language]
        title = self.texts.phrase("report.title")
        return {
            "language": language,
            "region": region,
            "title": printable(title),
            "heading": title,
            "made": [report.today.year, report.today.month, report.today.day],
            "as_of": self.texts.phrase("notice.as_of", date=self._day(report.today)),
            "knowledge": self.texts.phrase("notice.knowledge", version=report.knowledge[:12]),
            "words": {each: self.texts.phrase(each) for each in PHRASES},
            "sources": cleaned(source_columns(report.model_dump(mode="json")["sources"], self.texts), WIDE),
            "unread": [each.id for each in report.sources if not each.verified],
            "links": {each.id: each.url for each in report.sources if each.url and each.url.startswith(WEB)},
            "report": cleaned(self._report(), WIDE),
        }

    def _report(self) -> dict[str, Any]:
        view, report = self.view, self.report
        shown = [each for each in report.options if self._status(each) not in LEFT_OUT][:OPTIONS_AT_ONCE]
        return {
            "signed": self.reviewed.signed,
            "note": self.reviewed.note,
            "emergency": view.emergency,
            "urgent": [self._referral(each) for each in view.urgent],
            "told": view.urgent_because,
            "summary": report.summary,
            "referrals": [self._referral(each) for each in view.referrals],
            "findings": [self._finding(each) for each in report.findings if each.kind != "concern"],
            "options": [self._option(each) for each in shown],
            "others": [self._row(each) for each in report.options if each not in shown],
            "routine": self._routine(report.routine),
            "unknown": [each.question.label for each in report.unknown],
        }

    def _day(self, day: date) -> str:
        return wording.day(day, self.texts)

    def _referral(self, referral: ReferralOut) -> dict[str, Any]:
        return {**referral.model_dump(mode="json"), "text": self.words.reason(referral)}

    def _finding(self, found: FindingOut) -> dict[str, Any]:
        name = {"lookalike": "finding.could_be"}.get(found.kind, "finding.secondary" if found.secondary else "")
        return {
            "name": self.texts.phrase(name, name=found.name) if name else found.name,
            "confidence": found.confidence_text if found.because else "",
            "about": found.about,
            "care": found.care,
            "for": _points(self.view.speaking(found.because, 1)),
            "against": _points(self.view.speaking(found.because, -1)),
            "change": found.would_change.text if found.would_change else "",
        }

    def _status(self, option: OptionOut) -> str:
        change = self.reviewed.changes.get(option.treatment)
        return change[0] if change else option.status

    def _row(self, option: OptionOut) -> dict[str, str]:
        change = self.reviewed.changes.get(option.treatment)
        if change:
            return {"name": option.name, "status": change[1], "when": "", "why": change[2]}
        why = next((each.name for each in option.reasons), "")
        return {"name": option.name, "status": option.status_text, "when": self._earliest(option), "why": why}

    def _earliest(self, option: OptionOut) -> str:
        if option.earliest:
            return self._day(option.earliest)
        if option.once_settled:
            return self.texts.phrase("report.once_settled", date=self._day(option.once_settled))
        return ""

    def _option(self, option: OptionOut) -> dict[str, Any]:
        change = self.reviewed.changes.get(option.treatment)
        session = None if change else option.earliest or option.once_settled
        pauses = self.view.pauses(option.preparation)
        note = "report.if_session_on" if option.earliest else "report.if_settled_on"
        return {
            "name": option.name,
            "status": change[1] if change else option.status_text,
            "change": change[2] if change else "",
            "short": option.short,
            "facts": [[label, value] for label, value in self._facts(option, adjusted=change is not None) if value],
            "careful": option.status == "caution",
            "reasons": [self._reason(each) for each in self.view.standing(option.reasons)],
            "hanging": [self.words.label(path) for path in self.view.hanging(option.reasons)],
            "note": self.texts.phrase(note, date=self._day(session)) if session else "",
            "pauses": self._before(pauses, session),
            "keep": any(each.action == "ask_prescriber" for each in pauses),
            "before": self._before(self.view.other(option.preparation), session),
            "after": [self._line(each, self.words.after(each, session)) for each in option.aftercare]
            if session
            else [],
        }

    def _facts(self, option: OptionOut, *, adjusted: bool) -> Iterator[tuple[str, str]]:
        say, words = self.texts.phrase, self.words
        if not adjusted:
            yield say("heading.earliest"), self._earliest(option)
        yield say("report.label.sessions" if option.sessions else "heading.frequency"), _plain(words.series(option))
        if option.minutes:
            yield say("report.label.minutes"), _plain(words.counted("minutes", *option.minutes))
        if option.downtime_hours:
            yield say("report.label.downtime"), _plain(words.downtime(option.downtime_hours))
        yield say("report.label.performer"), option.performer_text
        yield say("report.label.evidence"), say(f"strength.{option.evidence_strength}")

    def _reason(self, reason: ReasonOut) -> dict[str, Any]:
        part = reason.leave_out
        return {
            "name": reason.name,
            "until": self.texts.phrase("date.until", date=self._day(reason.until)) if reason.until else "",
            "next": reason.next,
            "part": self.texts.phrase("report.part_left_out", name=self.words.treatment(part)) if part else "",
            "lifted": self.texts.phrase("report.lifted", name=self.words.lifted(reason.lifted))
            if reason.lifted
            else "",
            "sources": reason.sources,
        }

    def _before(self, lines: Iterable[InstructionOut], session: date | None) -> list[dict[str, Any]]:
        return [self._line(each, self.words.before(each, session)) for each in lines] if session else []

    def _line(self, line: InstructionOut, when: Markup) -> dict[str, Any]:
        return {**line.model_dump(mode="json"), "when": _plain(when)}

    def _routine(self, routine: RoutineOut) -> dict[str, Any]:
        say = self.texts.phrase
        times = (("morning", routine.morning), ("evening", routine.evening), ("deep_clean", routine.deep_clean))
        advice = (("sun", routine.sun), ("patch_test", routine.patch_test), ("lifestyle", routine.habits))
        return {
            "simple": routine.simple,
            "skin": routine.skin_text,
            "keep": routine.keep,
            "times": [[say(f"heading.{time}"), _dumped(layers)] for time, layers in times if layers],
            "ramps": [
                {
                    "name": each.name,
                    "text": each.text,
                    "rows": [
                        [say("date.from", date=self._day(each.patch_test_from)), say("heading.patch_test")],
                        *([say("date.from", date=self._day(stage.since)), stage.text] for stage in each.stages),
                    ],
                }
                for each in routine.ramps
            ],
            "limits": [[each.name, each.text] for each in routine.limits],
            "advice": [[say(f"heading.{name}"), _dumped(lines)] for name, lines in advice if lines],
        }


def _plain(markup: Markup) -> str:
    return markup.striptags()


def _points(points: Iterable[Any]) -> list[dict[str, Any]]:
    return [{"text": each.text, "sources": each.sources} for each in points]


def _dumped(parts: Iterable[Any]) -> list[Any]:
    return [each.model_dump(mode="json") for each in parts]

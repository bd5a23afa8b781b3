"""A stored report as the result page shows it. Which parts there are is settled in ``exchange.html``."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from pellucid.exchange import wording
from pellucid.exchange.html import OPTIONS_AT_ONCE, View, Words
from pellucid.exchange.model import FindingOut, InstructionOut, OptionOut, Report
from pellucid.knowledge.texts import Texts
from pellucid.model.levels import Level
from pellucid.web.records.questionnaire import OURS
from pellucid.web.sites import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from pellucid.exchange.model import FitOut, PointOut, ReasonOut

KINDS = (
    ("skin_type", "heading.skin_type"),
    ("modifier", "heading.modifiers"),
    ("pore_type", "heading.pore_types"),
    ("concern", "heading.concerns"),
    ("cause", "heading.causes"),
    ("severity", "report.severity"),
    ("lookalike", "heading.could_be"),
)
"""Kinds of finding in the order in which they are read, and their headings."""

PICTURES = {"oily": "pore_round", "dehydrated": "pore_oval", "aging": "pore_teardrop", "problematic": "pore_inflamed"}
"""The drawing of each type of pore."""

RULED_OUT = frozenset({"refer", "blocked"})
"""Statuses of treatments that are listed apart: not for the clinic to do as things are."""

REASONS_AT_ONCE = 2

WEB = ("https://", "http://")
"""What a source's address has to begin with to become a link."""


@dataclass(frozen=True, slots=True)
class FoundShown:
    """A finding with what its page part needs."""

    found: FindingOut
    name: str
    marks: int
    for_it: "Sequence[PointOut | FitOut]"
    against: "Sequence[PointOut | FitOut]"
    picture: str


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """Why a treatment has its status."""

    reason: "ReasonOut"
    part: str
    """That an optional part is left out because of it."""
    lifted: str
    """What lifted it."""
    papers: "Markup | str"
    """What would lift it."""


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of preparation or after-care with its days in words."""

    line: InstructionOut
    days: "Markup"
    range: "Markup | None"


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What a practitioner made stricter."""

    status: str
    status_text: str
    reason: str


@dataclass(frozen=True, slots=True)
class OptionShown:
    """A treatment to look at, as the client reads it."""

    option: OptionOut
    adjusted: Adjusted | None
    standing: list[ReasonShown]
    hanging: list[tuple[str, str, "Markup"]]
    """Path, label and what hangs on it."""
    for_it: "Sequence[PointOut | FitOut]"
    against: "Sequence[PointOut | FitOut]"
    series: "Markup"
    minutes: "Markup | str"
    downtime: "Markup | str"
    pauses: list[LineShown]
    own_pauses: bool
    ask_prescriber: bool
    before: list[LineShown]
    after: list[LineShown]

    @property
    def more_reasons(self) -> int:
        """How many reasons stand behind a click."""
        return len(self.standing) - REASONS_AT_ONCE

    @property
    def status(self) -> str:
        """The stricter of what was worked out and what the practitioner made of it."""
        return self.adjusted.status if self.adjusted else self.option.status

    @property
    def session(self) -> Any:
        """The day from which the lines are counted."""
        return None if self.adjusted else self.option.earliest or self.option.once_settled


class Result:
    """One consultation that was handed in."""

    def __init__(self, consultation: Any, texts: Texts) -> None:
        """Take its report in the language of the texts."""
        self.consultation = consultation
        self.texts = texts
        self.report = Report.model_validate(consultation.reports[texts.language])
        self.view = View(self.report)
        self.words = Words(texts, self.report.today)

    @cached_property
    def review(self) -> Any:
        """The newest signature, or None."""
        return next(iter(self.consultation.reviews.all()), None)

    @cached_property
    def signed_by(self) -> str:
        """Level of whoever signed, in words."""
        return self.texts.phrase(f"level.{Level(self.review.level).name}") if self.review else ""

    @cached_property
    def adjusted(self) -> dict[str, Adjusted]:
        """What the practitioner made stricter, by treatment."""
        return {
            each["what"].removeprefix("treatment."): Adjusted(
                each["status"], self.texts.phrase(f"status.{each['status']}.short"), each["reason"]
            )
            for each in (self.review.adjustments if self.review else ())
        }

    @cached_property
    def urgent(self) -> list[tuple[Any, str]]:
        """What can't wait for anything else on the page, each with its reason."""
        return [(each, self.words.reason(each)) for each in self.view.urgent]

    @cached_property
    def referrals(self) -> list[tuple[Any, str]]:
        """The other reasons to see a professional."""
        return [(each, self.words.reason(each)) for each in self.view.referrals]

    @cached_property
    def findings(self) -> list[tuple[str, str, list[FoundShown]]]:
        """Kind, heading and findings of that kind, where there are any."""
        found = ((kind, heading, [self._found(each) for each in self.view.of(kind)]) for kind, heading in KINDS)
        return [(kind, self.texts.phrase(heading), shown) for kind, heading, shown in found if shown]

    def _found(self, found: FindingOut) -> FoundShown:
        prefix = "finding.could_be" if found.kind == "lookalike" else "finding.secondary" if found.secondary else ""
        return FoundShown(
            found=found,
            name=self.texts.phrase(prefix, name=found.name) if prefix else found.name,
            marks=self.view.marks(found.confidence),
            for_it=self.view.speaking(found.because, 1),
            against=self.view.speaking(found.because, -1),
            picture=PICTURES.get(found.id, "") if found.kind == "pore_type" else "",
        )

    @cached_property
    def concerns(self) -> "Markup":
        """What the person may want looked at, in a sentence."""
        return self.words.join(each.name for each in self.view.of("concern"))

    @cached_property
    def options(self) -> list[OptionShown]:
        """What may be looked at, best fit first."""
        return [each for each in self._options if each.status not in RULED_OUT]

    @cached_property
    def ruled_out(self) -> list[OptionShown]:
        """What was wished for, or would fit, and is not for the clinic to do as things are."""
        return [each for each in self._options if each.status in RULED_OUT]

    @cached_property
    def _options(self) -> list[OptionShown]:
        return [self._option(each) for each in self.report.options]

    def _option(self, each: OptionOut) -> OptionShown:
        view, words = self.view, self.words
        session = each.earliest or each.once_settled
        pauses, hanging = view.pauses(each.preparation), view.hanging(each.reasons)
        return OptionShown(
            option=each,
            adjusted=self.adjusted.get(each.treatment),
            standing=[self._reason(reason) for reason in view.standing(each.reasons)],
            hanging=[(path, words.label(path), words.join(names)) for path, names in hanging.items()],
            for_it=view.speaking(each.because, 1),
            against=view.speaking(each.because, -1),
            series=words.series(each),
            minutes=words.counted("minutes", *each.minutes) if each.minutes else "",
            downtime=words.downtime(each.downtime_hours) if each.downtime_hours else "",
            pauses=[self._line(line, words.before(line, session)) for line in pauses] if session else [],
            own_pauses=view.own(pauses),
            ask_prescriber=any(line.action == "ask_prescriber" for line in pauses),
            before=[self._line(line, words.before(line, session)) for line in view.other(each.preparation)]
            if session
            else [],
            after=[self._line(line, words.after(line, session)) for line in each.aftercare] if session else [],
        )

    def _line(self, line: InstructionOut, days: "Markup") -> LineShown:
        return LineShown(line, days, self.words.range(line))

    @cached_property
    def times(self) -> list[tuple[str, str, Any]]:
        """Morning, evening and deep-clean evening, each with its heading and layers."""
        routine = self.report.routine
        found = (("morning", routine.morning), ("evening", routine.evening), ("deep_clean", routine.deep_clean))
        return [(time, self.texts.phrase(f"heading.{time}"), layers) for time, layers in found if layers]

    @cached_property
    def cautions(self) -> list[tuple[str, str, list[Any]]]:
        """What of the person's own needs care: heading, beginning of the verdict's phrase, and what."""
        routine = self.report.routine
        apart = [each for each in routine.pairs if each.verdict != "allowed"]
        together = [each for each in routine.pairs if each.verdict == "allowed"]
        found = (
            ("heading.pregnancy", "pregnancy.", routine.pregnancy),
            ("heading.not_together", "pair.", apart),
            ("heading.together", "pair.", together),
        )
        return [(self.texts.phrase(heading), prefix, cautions) for heading, prefix, cautions in found if cautions]

    @cached_property
    def advice(self) -> list[tuple[str, list[Any]]]:
        """Lines of advice for every day, by heading."""
        routine = self.report.routine
        found = (
            ("heading.sun", routine.sun),
            ("heading.patch_test", routine.patch_test),
            ("heading.lifestyle", routine.habits),
        )
        return [(self.texts.phrase(heading), lines) for heading, lines in found if lines]

    @cached_property
    def keep(self) -> "Markup | str":
        """What a prescriber gave for the face, in a sentence; empty where there is none."""
        return self.words.join(self.report.routine.keep) if self.report.routine.keep else ""

    @cached_property
    def changes(self) -> list[tuple[str, Adjusted]]:
        """What the practitioner made stricter, by name of the treatment."""
        names = {each.treatment: each.name for each in self.report.screening}
        return [(names.get(treatment, treatment), each) for treatment, each in self.adjusted.items()]

    @cached_property
    def unread(self) -> frozenset[str]:
        """Sources whose text nobody here has read."""
        return frozenset(each.id for each in self.report.sources if not each.verified)

    @cached_property
    def linked(self) -> frozenset[str]:
        """Sources with an address on the web."""
        return frozenset(each.id for each in self.report.sources if each.url and each.url.startswith(WEB))

    @cached_property
    def askable(self) -> frozenset[str]:
        """Questions that the client can answer anew."""
        asked = {each.question.path for each in self.report.unknown}
        asked |= {found.would_change.path for found in self.report.findings if found.would_change}
        return frozenset(asked) - OURS

    @property
    def more_count(self) -> int:
        """How many options stand behind a click."""
        return len(self.options) - OPTIONS_AT_ONCE

    @cached_property
    def unrecognised(self) -> list[str]:
        """Names that nobody here recognised, a sentence each."""
        return [
            self._say("medicine.unrecognised" if each.record == "medicine" else "report.unrecognised", each.name)
            for each in self.report.unrecognised
        ]

    def _say(self, phrase: str, name: str) -> str:
        return self.texts.phrase(phrase, name=name)

    def _reason(self, reason: "ReasonOut") -> ReasonShown:
        return ReasonShown(
            reason,
            self._say("report.part_left_out", self.words.treatment(reason.leave_out)) if reason.leave_out else "",
            self.words.say("report.lifted", name=self.words.lifted(reason.lifted)) if reason.lifted else "",
            self.words.papers(reason.lifted_by) if reason.lifted_by else "",
        )

    @cached_property
    def signed(self) -> str:
        """Who signed it and when, or that nobody has yet."""
        if self.review is None:
            return _("Not yet reviewed by the clinic.")
        return _("Reviewed and signed by %(name)s (%(level)s) on %(day)s.") % {
            "name": self.review.by.user.name,
            "level": self.signed_by,
            "day": wording.day(clock.day(self.review.at, self.consultation.client.location.zone), self.texts),
        }

    def pdf(self) -> bytes:
        """The same on paper."""
        from pellucid.exchange.report_pdf import Reviewed, report_pdf  # noqa: PLC0415 - the typesetter loads slowly

        changes = {name: (each.status, each.status_text, each.reason) for name, each in self.adjusted.items()}
        reviewed = Reviewed(self.signed, self.review.note if self.review else "", changes)
        return report_pdf(self.report, texts=self.texts, reviewed=reviewed)

"""One ``Report`` as one HTML file: no script, no request, nothing but what stands in it.

Which parts are shown, and what a stretch of days is called, is settled here; the templates only lay it out.
Whatever people typed is escaped by Jinja2.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from math import ceil

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pellucid.exchange import when, wording
from pellucid.exchange.html_plan import PlanView
from pellucid.exchange.model import (
    DisagreementOut,
    FindingOut,
    FitOut,
    InstructionOut,
    OptionOut,
    PointOut,
    ReasonOut,
    ReferralOut,
    Report,
    SourceOut,
    UnknownOut,
)
from pellucid.knowledge.texts import Texts

LANGUAGE_TAGS: Mapping[str, str] = {"en": "en", "zh_hant": "zh-Hant"}

URGENT = frozenset({"emergency", "same_day"})

OPTIONS_AT_ONCE = 4
"""Options shown at once; the others are one click away."""

REFERRALS_AT_ONCE = 3
"""Referrals that can wait shown at once; those for the next days always are."""

QUESTIONS_AT_ONCE = 4
"""Open questions about safety that are shown at once."""

SURE: Sequence[tuple[float, int]] = ((0.67, 3), (0.34, 2), (0.0, 1))
"""From which confidence on how many marks of the meter are filled: as in ``build.CONFIDENCE``."""

INDENT = re.compile(r"\s*\n\s*")
"""What the templates' layout leaves behind: a tenth of the file."""

MORE_THAN_A_WEEKEND = 48
"""Hours from which on recovery is told in days."""


def render(report: Report, texts: Texts) -> str:
    """The report as one self-contained HTML page in the report's language."""
    template = _environment().get_template("report.html.jinja")
    words = Words(texts, report.today)
    plan = PlanView(report.plan) if report.plan else None
    html = template.render(report=report, view=View(report), plan_view=plan, words=words, t=words.say)
    return INDENT.sub("\n", html)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pellucid.exchange", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class View:
    """Which parts of a report there are, in the order in which they are read."""

    def __init__(self, report: Report) -> None:
        """Remember the report."""
        self.report = report

    @cached_property
    def urgent(self) -> list[ReferralOut]:
        """What can't wait for anything else on the page."""
        return [each for each in self.report.referral if each.urgency in URGENT]

    @cached_property
    def referrals(self) -> list[ReferralOut]:
        """The other reasons to see a professional."""
        return [each for each in self.report.referral if each.urgency not in URGENT]

    @cached_property
    def emergency(self) -> bool:
        """Whether help is needed right now."""
        return any(each.urgency == "emergency" for each in self.urgent)

    @cached_property
    def urgent_because(self) -> list[str]:
        """The answers behind what is urgent, each once."""
        return list(dict.fromkeys(text for each in self.urgent for text in each.because))

    @cached_property
    def referrals_split(self) -> tuple[list[ReferralOut], list[ReferralOut]]:
        """Referrals to read at once: those for the next days, and a few others; and the rest."""
        soon = sum(each.urgency == "prompt" for each in self.referrals)
        most = max(soon, REFERRALS_AT_ONCE)
        return self.referrals[:most], self.referrals[most:]

    @cached_property
    def disagreements(self) -> list[DisagreementOut]:
        """Disagreements behind something on the page; where nothing stands out, not those behind the screening."""
        routine = self.report.routine
        named = {caution.disagreement for caution in (*routine.pairs, *routine.pregnancy)}
        named |= {reason.disagreement for option in self.report.options for reason in option.reasons}
        return [each for each in self.report.disagreements if each.id in named or not self.quiet]

    def of(self, kind: str) -> list[FindingOut]:
        """The findings of one kind."""
        return [found for found in self.report.findings if found.kind == kind]

    @cached_property
    def quiet(self) -> bool:
        """Whether nothing stands out: then the page stays short."""
        told = all(found.id != "cannot_tell" for found in self.report.findings)
        kinds = {found.kind for found in self.report.findings}
        return told and kinds <= {"skin_type", "severity"} and not self.report.referral

    @cached_property
    def asked_first(self) -> list[UnknownOut]:
        """Open questions that are shown at once: some about safety, and none where nothing stands out."""
        return [] if self.quiet else [each for each in self.report.unknown if each.safety][:QUESTIONS_AT_ONCE]

    @cached_property
    def asked_later(self) -> list[UnknownOut]:
        """The other open questions."""
        return [each for each in self.report.unknown if each not in self.asked_first]

    @cached_property
    def sources(self) -> dict[str, SourceOut]:
        """Sources by id."""
        return {source.id: source for source in self.report.sources}

    def standing(self, reasons: Iterable[ReasonOut]) -> list[ReasonOut]:
        """The reasons that hold for sure."""
        return [reason for reason in reasons if not reason.asks]

    def hanging(self, reasons: Iterable[ReasonOut]) -> dict[str, list[str]]:
        """Questions without an answer, each with the names of the reasons that hang on it; widest first."""
        found: dict[str, dict[str, None]] = {}
        for reason in reasons:
            for path in reason.asks:
                found.setdefault(path, {})[reason.name] = None
        return {path: list(found[path]) for path in sorted(found, key=lambda path: (-len(found[path]), path))}

    def split(self, items: Sequence[object], most: int = OPTIONS_AT_ONCE) -> tuple[Sequence[object], Sequence[object]]:
        """The first few, and the rest; a rest of one is not worth a click."""
        return (items, ()) if len(items) <= most + 1 else (items[:most], items[most:])

    def speaking(self, points: Iterable[PointOut] | Iterable[FitOut], sign: int) -> list[PointOut | FitOut]:
        """What speaks for (1) or against (-1) something."""
        return [point for point in points if point.weight * sign > 0]

    def marks(self, confidence: float) -> int:
        """How many of three marks of the meter are filled."""
        return next(marks for least, marks in SURE if confidence >= least)

    def pauses(self, lines: Iterable[InstructionOut]) -> list[InstructionOut]:
        """What to pause or to ask the prescriber about; what is surely their own comes first."""
        found = [line for line in lines if line.action in {"pause", "ask_prescriber"}]
        return sorted(found, key=lambda line: (line.applies is not True, line.since, line.rule))

    def own(self, lines: Iterable[InstructionOut]) -> bool:
        """Whether a line is surely about something of the person's own."""
        return any(line.applies for line in lines)

    def other(self, lines: Iterable[InstructionOut]) -> list[InstructionOut]:
        """What else to do or avoid, in its order."""
        return [line for line in lines if line.action not in {"pause", "ask_prescriber"}]


class Words:
    """The phrases of the page, and dates and stretches in words."""

    def __init__(self, texts: Texts, today: date | None = None) -> None:
        """Remember the language, and the day of the report where there is one."""
        self.texts = texts
        self.today = today
        self.language = LANGUAGE_TAGS[texts.language]

    def say(self, phrase: str, **parameters: object) -> Markup:
        """A phrase; parameters are escaped unless a template made them."""
        return escape(self.texts.phrase(phrase)).format(**parameters)

    def day(self, value: date) -> Markup:
        """A date in words, with the date for machines."""
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), wording.day(value, self.texts))

    def join(self, items: Iterable[str]) -> Markup:
        """Items of a list in a sentence."""
        return escape(self.texts.phrase("words.list")).join(items)

    def label(self, path: str) -> str:
        """What a question is about, in a few words."""
        return self.texts.get(f"question.{path}", "label")

    def treatment(self, treatment: str) -> str:
        """The name of a treatment."""
        return self.texts.get(f"treatment.{treatment}", "name")

    def reason(self, referral: ReferralOut) -> str:
        """Why somebody else should look; what something could be is never said as a fact."""
        likely = referral.rule.startswith("lookalike.")
        return self.texts.phrase("finding.could_be", name=referral.text) if likely else referral.text

    def papers(self, kinds: Iterable[str]) -> Markup:
        """The papers that would lift a reason."""
        return self.join(self.say(f"clearance.{kind}") for kind in kinds)

    def lifted(self, by: str) -> Markup:
        """What lifted a reason: a paper, or a clinic's signed override."""
        kind, _, name = by.partition(".")
        if kind == "override":
            return self.say("report.override", level=self.say(f"level.{name}"))
        return self.say(f"clearance.{name}")

    def counted(self, unit: str, low: float, high: float) -> Markup:
        """``3 to 6 sessions``, ``up to 24 hours``, ``1 day``: phrases ``report.<unit>.…``."""
        if low == high:
            one = "one" if high == 1 else "many"
            return self.say(f"report.{unit}.{one}", n=wording.number(high))
        if low == 0:
            return self.say(f"report.{unit}.up_to", n=wording.number(high))
        return self.say(f"report.{unit}.range", low=wording.number(low), high=wording.number(high))

    def downtime(self, hours: tuple[float, float]) -> Markup:
        """How long recovery takes, in hours or, where it is longer, in days."""
        low, high = hours
        if high == 0:
            return self.say("report.downtime.none")
        if high <= MORE_THAN_A_WEEKEND:
            return self.counted("hours", low, high)
        return self.counted("days", low // 24, ceil(high / 24))

    def series(self, option: OptionOut) -> Markup:
        """How many sessions, and how far apart."""
        said = []
        if option.sessions:
            said.append(self.counted("sessions", *option.sessions))
        if option.interval_days and option.sessions != (1, 1):
            said.append(self.counted("interval", *option.interval_days))
        return self.join(said)

    def before(self, line: InstructionOut, session: date) -> Markup:
        """The days of a line before a session."""
        return self._said(when.before(line.since, line.until, session))

    def after(self, line: InstructionOut, session: date) -> Markup:
        """The days of a line after a session."""
        return self._said(when.after(line.since, line.until, session))

    def _said(self, said: when.Said) -> Markup:
        phrase, dates = said
        return self.say(phrase, **{name: self.day(value) for name, value in dates.items()})

    def range(self, line: InstructionOut) -> Markup | None:
        """How far sources differ over a stretch of days, and what is used here."""
        if line.range_days is None or line.range_days[0] == line.range_days[1]:
            return None
        used = (line.until - line.since).days
        if line.since == self.today:
            return None  # what is left of the days from today on, not what is asked for
        low, high, value = (self.counted("days", n, n) for n in (*line.range_days, used))
        return self.say("source.range", low=low, high=high, value=value)

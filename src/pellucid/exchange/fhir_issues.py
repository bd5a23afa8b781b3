"""What screening says against treatments and visits, as FHIR DetectedIssues, with what lifted it.

An issue of today stands once for all the treatments that the same reason touches; an issue of a visit stands for that
visit alone.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.detectedissue import DetectedIssue, DetectedIssueEvidence, DetectedIssueMitigation
from fhir.resources.R4B.reference import Reference

from pellucid.consult.screen import Screening
from pellucid.exchange import wording
from pellucid.exchange.build import Builder
from pellucid.exchange.build_plan_visits import AHEAD, in_order
from pellucid.exchange.fhir_codes import Export, coding, concept, identifier
from pellucid.exchange.fhir_plan import appointment_key
from pellucid.exchange.model import ReasonOut
from pellucid.knowledge.schema.learn import Source
from pellucid.knowledge.schema.people import SeedItem
from pellucid.model.decision import Reason
from pellucid.model.ids import AnswerPath
from pellucid.model.levels import Status
from pellucid.model.spans import Run, as_date

SEVERITY = {
    Status.BLOCKED: "high",
    Status.REFER: "high",
    Status.DEFER: "moderate",
    Status.ASK: "moderate",
    Status.CAUTION: "low",
}


class Case(NamedTuple):
    """One reason against one treatment on one day."""

    treatment: str
    on: date
    reason: Reason

    @property
    def key(self) -> tuple[str, ...]:
        """Cases with the same key are one issue: everything that is told of them is the same."""
        reason = self.reason
        told = (reason.rule, reason.status.word, reason.since, reason.until, reason.part, reason.lifted)
        return (*(str(each or "") for each in told), *reason.sources, *reason.asks)


class Issues:
    """Gathers the issues of one bundle."""

    def __init__(self, export: Export) -> None:
        """Remember what they are made from."""
        self.export = export
        self.texts = export.texts
        self.builder = Builder(export.knowledge, export.texts.language, export.care.profile.answers)

    def all(self) -> list[DetectedIssue]:
        """The issues of today's decisions, worst first, then those of every visit ahead."""
        return [*self._today(), *self._visits()]

    def _today(self) -> Iterator[DetectedIssue]:
        found: dict[tuple[str, ...], list[Case]] = {}
        for decision in self.export.care.screening:
            for reason in decision.reasons if decision.treatment in self._concerned else ():
                case = Case(decision.treatment, decision.on, reason)
                found.setdefault(case.key, []).append(case)
        for key, cases in sorted(found.items(), key=lambda each: (-each[1][0].reason.status, each[0])):
            implicated = [self._planned(case.treatment) for case in cases]
            yield self._issue(self.export.id("DetectedIssue", *key), cases, implicated)

    @cached_property
    def _concerned(self) -> frozenset[str]:
        """Treatments that were asked for or are offered."""
        care, plan = self.export.care, self.export.plan
        asked = care.profile.answers.get(AnswerPath("wishes.treatments"), ())
        return frozenset((*asked, *plan.preferences.wanted, *(option.treatment for option in care.options)))

    def _planned(self, treatment: str) -> Reference:
        """A treatment that nobody has arranged yet, so that there is no resource to point to."""
        name = self.texts.get(f"treatment.{treatment}", "name")
        return Reference(identifier=identifier("treatment", treatment), display=name)

    def _visits(self) -> Iterator[DetectedIssue]:
        screening = Screening(self.export.care.profile, self.export.knowledge)
        ahead = [each for each in in_order(self.export.plan) if each.standing in AHEAD]
        for session in ahead:
            visit = appointment_key(session, self.export.plan)
            decision = screening.decide(session.slot.treatment, on=session.day, performer=session.slot.level)
            for reason in decision.reasons:
                case = Case(decision.treatment, decision.on, reason)
                name = self.export.id("DetectedIssue", *visit, *case.key)
                yield self._issue(name, [case], [self.export.reference(*visit)])

    def _issue(self, name: str, cases: Sequence[Case], implicated: list[Reference]) -> DetectedIssue:
        reason = cases[0].reason
        told = self.builder.reason(reason)
        return DetectedIssue.model_validate(
            {
                "id": name,
                "language": self.export.language,
                "status": "preliminary",
                "code": self._rule(told),
                "severity": SEVERITY[reason.status],
                "patient": self.export.patient,
                "identifiedDateTime": self.export.care.today,
                "author": Reference(display="Pellucid"),
                "implicated": implicated,
                "evidence": [DetectedIssueEvidence(code=codes) for codes in self._evidence(told) if codes],
                "detail": "\n".join(self._detail(told)),
                "mitigation": list(self._mitigation(reason.lifted, cases)) if reason.lifted else None,
            }
        )

    # --- why ------------------------------------------------------------------------------------------

    def _rule(self, told: ReasonOut) -> CodeableConcept:
        """The rule; where it hangs on an answer that nobody gave, its words don't read as if it held."""
        text = self.texts.phrase("fhir.open", name=told.name) if told.asks else told.name
        return CodeableConcept(coding=[coding("rule", told.rule, told.name)], text=text)

    def _detail(self, told: ReasonOut) -> Iterator[str]:
        texts = self.texts
        yield texts.phrase(f"status.{told.status}.short")
        yield from filter(None, (told.text, told.next))
        if told.leave_out:
            yield texts.phrase("report.part_left_out", name=texts.get(f"treatment.{told.leave_out}", "name"))
        if told.asks:
            labels = texts.phrase("words.list").join(texts.get(f"question.{path}", "label") for path in told.asks)
            yield texts.phrase("fhir.asks", list=labels)
        if told.until:
            yield texts.phrase("fhir.until", date=wording.day(told.until, texts))
        if not told.verified:
            yield texts.phrase("fhir.unverified", note=texts.phrase("verified.no"))

    def _evidence(self, told: ReasonOut) -> Iterator[list[CodeableConcept]]:
        """The rule, what it says, its sources, and the point on which they disagree."""
        texts = self.texts
        yield [self._rule(told)]
        yield [concept("status", told.status, texts.phrase(f"status.{told.status}.short"))]
        yield [concept("source", each, self._titles[each]) for each in told.sources]
        if told.disagreement:
            name = texts.get(f"disagreement.{told.disagreement}", "name")
            yield [concept("disagreement", told.disagreement, name)]

    @cached_property
    def _titles(self) -> dict[str, str]:
        knowledge = self.export.knowledge
        builder = Builder(knowledge, self.texts.language, ())
        builder.sources((*knowledge.of(Source), *knowledge.of(SeedItem)))
        return {source.id: source.title for source in builder.all_sources()}

    # --- what lifted it -------------------------------------------------------------------------------

    def _mitigation(self, lifted: str, cases: Sequence[Case]) -> Iterator[DetectedIssueMitigation]:
        """Who lifted it and when; a parent or guardian stays unnamed."""
        action = self._action(lifted)
        signed = dict.fromkeys(paper for case in cases for paper in self._papers(lifted, case))
        for by, days in signed:
            author = None if lifted == "clearance.guardian_consent" else Reference(display=by)
            issued = as_date(days[0])
            yield DetectedIssueMitigation.model_validate({"action": action, "date": issued, "author": author})

    def _action(self, lifted: str) -> CodeableConcept:
        kind, _, name = lifted.partition(".")
        if kind == "override":
            text = self.texts.phrase("report.override", level=self.texts.phrase(f"level.{name}"))
        else:
            text = self.texts.phrase(f"clearance.{name}")
        return CodeableConcept(coding=[coding("lifted", lifted, text)], text=text)

    def _papers(self, lifted: str, case: Case) -> Iterator[tuple[str, Run]]:
        """Author and days of every paper or signed override of this kind that covers the case."""
        kind, _, name = lifted.partition(".")
        profile, rule, day = self.export.care.profile, case.reason.rule, case.on.toordinal()
        about = {"all", case.treatment, rule, rule.partition(".")[2]}
        if kind == "clearance":
            found = [(each.author, each.days) for each in profile.papers if each.kind == name and about & {*each.scope}]
        else:
            found = [
                (each.by, each.days)
                for each in self.export.knowledge.overrides
                if each.level.name == name
                and rule in each.rules
                and case.treatment in (each.treatments or (case.treatment,))
                and each.client in {None, profile.client}
            ]
        return ((author, days) for author, days in found if days[0] <= day < days[1])

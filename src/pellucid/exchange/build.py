"""From a ``Care`` to a ``Report``: ids become words of one language, and every source used is listed once."""

from collections.abc import Container, Iterable, Iterator

from pellucid import __version__
from pellucid.exchange import model as out
from pellucid.exchange.build_routine import routine_out
from pellucid.exchange.wording import Wording, rule_name
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.learn import Source
from pellucid.knowledge.schema.people import SeedItem
from pellucid.knowledge.schema.rules import Disagreement
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.assessment import Finding, Observation, Referred
from pellucid.model.care import Care, StillOpen
from pellucid.model.decision import Decision, Instruction, Option, Reason
from pellucid.model.levels import Status

CONFIDENCE = ((0.67, "high"), (0.34, "medium"), (0.0, "low"))
"""From which confidence on which word is used."""

WITHOUT_TEXTS = {"severity": ("name",), "concern": ("name", "about")}


class Builder:
    """Builds one report; remembers which sources and disagreements it came across."""

    def __init__(self, knowledge: Knowledge, language: str, answered: Container[str | None]) -> None:
        """Start an empty report in a language; ``answered`` holds the paths that the person answered."""
        self.answered = answered
        self.knowledge = knowledge
        self.texts = knowledge.texts(language)
        self.wording = Wording(knowledge, self.texts)
        self._sources: dict[str, None] = {}
        self._disagreements: dict[str, None] = {}

    # --- small pieces ---------------------------------------------------------------------------------

    def sources(self, ids: Iterable[str]) -> list[str]:
        """Remember sources, and give them back as a list."""
        found = list(dict.fromkeys(ids))
        self._sources.update(dict.fromkeys(found))
        return found

    def disagreement(self, name: str | None) -> str | None:
        """Remember a disagreement."""
        if name:
            self._disagreements[name] = None
        return name

    def question(self, path: str) -> out.QuestionOut:
        """A question with its words."""
        ref = f"question.{path}"
        return out.QuestionOut(
            path=path,
            label=self.texts.get(ref, "label"),
            text=self.texts.get(ref, "ask"),
            why=self.texts.get(ref, "why"),
        )

    def fits(self, because: Iterable[tuple[str, float, tuple[str, ...]]]) -> list[out.FitOut]:
        """What speaks for and against something."""
        return [
            out.FitOut(what=what, text=self.wording.name(what), weight=weight, sources=self.sources(sources))
            for what, weight, sources in because
        ]

    # --- findings -------------------------------------------------------------------------------------

    def finding(self, found: Finding) -> out.FindingOut:
        """A finding with its reasons."""
        told = found.id != "cannot_tell"
        fields = {"name": "", "about": "", "care": ""}
        for field in WITHOUT_TEXTS.get(found.kind, tuple(fields)) if told else ():
            fields[field] = self._text_of(found.ref, field)
        if not told:
            fields["name"] = self.texts.phrase("finding.cannot_tell")
        word = next(word for least, word in CONFIDENCE if found.confidence >= least)
        return out.FindingOut(
            ref=found.ref,
            kind=found.kind,
            id=found.id,
            **fields,
            points=found.points,
            confidence=found.confidence,
            confidence_text=self.texts.phrase(f"confidence.{word}"),
            secondary=found.secondary,
            because=[
                out.PointOut(
                    rule=point.rule,
                    text=self.wording.condition(point.when),
                    weight=point.weight,
                    sources=self.sources(point.sources),
                )
                for point in found.because
            ],
            would_change=self.question(found.would_change) if found.would_change else None,
            would_change_answered=found.would_change in self.answered,
        )

    def _text_of(self, ref: str, field: str) -> str:
        """The field's words; look-alikes and causes call theirs by other names."""
        kind = ref.partition(".")[0]
        other = {"cause": {"care": "advice"}, "lookalike": {"about": "signs", "care": "do"}}
        return self.texts.get(ref, other.get(kind, {}).get(field, field))

    def observed(self, found: Observation) -> out.ObservedOut:
        """What a photo shows, beside the answer."""
        said = {True: "yes", False: "no", None: "open"}[found.answered]
        return out.ObservedOut(
            name=found.name,
            text=self.wording.name(found.name),
            zone=found.zone,
            answered=found.answered,
            measured=found.measured,
            figure=round(found.figure, 3),
            pores=found.pores,
            bearing=found.bearing,
            said=self.texts.phrase(f"photo.observed.said.{said}"),
            shown=self._shown(found),
            bearing_text=self.texts.phrase(f"photo.observed.{found.bearing}"),
        )

    def _shown(self, found: Observation) -> str:
        if found.name.endswith(".none_visible"):
            return self.texts.phrase("photo.observed.large", n=f"{found.figure:.0f}")
        share = f"{100 * found.figure:.0f}"
        if found.pores is None:
            return self.texts.phrase("photo.observed.share", share=share)
        return self.texts.phrase("photo.observed.share_of", share=share, n=found.pores)

    def referral(self, referred: Referred) -> out.ReferralOut:
        """A reason to see a professional."""
        likely = referred.rule.startswith("lookalike.")
        because = [self.wording.condition(when) if likely else self.wording.name(when) for when in referred.because]
        return out.ReferralOut(
            rule=referred.rule,
            urgency=referred.urgency,  # type: ignore[arg-type]
            urgency_text=self.texts.phrase(f"urgency.{referred.urgency}"),
            to=referred.to,
            text=self.texts.get(referred.rule, "name" if likely else "reason"),
            do=self.texts.get(referred.rule, "do"),
            because=because,
            sources=self.sources(referred.sources),
        )

    # --- screening ------------------------------------------------------------------------------------

    def reason(self, reason: Reason) -> out.ReasonOut:
        """A reason with its words."""
        name, text, following = self.reason_words(reason.rule)
        record = self.knowledge.by_ref.get(reason.rule)
        return out.ReasonOut(
            rule=reason.rule,
            status=reason.status.word,  # type: ignore[arg-type]
            name=name,
            text=text,
            next=following,
            since=reason.since,
            until=reason.until,
            sources=self.sources(reason.sources),
            verified=record.verified if record else True,
            asks=list(reason.asks),
            leave_out=reason.part,
            disagreement=self.disagreement(reason.disagreement),
            lifted_by=list(reason.lifted_by),
            lifted=reason.lifted,
        )

    def reason_words(self, rule: str) -> tuple[str, str, str]:
        """The name of a rule of screening, why it is there, and what to do."""
        kind, name = rule.partition(".")[0], rule_name(rule, self.texts)
        if kind == "house":
            return name, self.texts.phrase(f"{rule}.reason"), self.texts.phrase(f"{rule}.next")
        if kind == "scope":
            return name, self.texts.get(rule, "note"), ""
        last = "do" if kind == "window" else "next"
        return name, self.texts.get(rule, "reason"), self.texts.get(rule, last)

    def decision(self, decision: Decision, care: Care) -> out.ScreeningOut:
        """A decision with its reasons."""
        return out.ScreeningOut(
            treatment=decision.treatment,
            name=self.texts.get(f"treatment.{decision.treatment}", "name"),
            status=decision.status.word,  # type: ignore[arg-type]
            status_text=self.texts.phrase(f"status.{decision.status.word}.long"),
            until=decision.until,
            on=decision.on,
            performer=decision.performer.name,
            performer_text=self.texts.phrase(f"level.{decision.performer.name}"),
            reasons=[self.reason(reason) for reason in decision.reasons],
            confirm=list(care.profile.to_confirm(decision.until or decision.on)),
        )

    # --- options --------------------------------------------------------------------------------------

    def instruction(self, line: Instruction) -> out.InstructionOut:
        """A line of preparation or after-care."""
        kind = line.rule.partition(".")[0]
        if kind in {"precare", "aftercare"}:
            name, text = "", self.texts.get(line.rule, "do")
        elif kind == "window":
            name, text = self.texts.get(line.rule, "name"), self.texts.get(line.rule, "do")
        else:
            name, text, _ = self.reason_words(line.rule)
        return out.InstructionOut(
            rule=line.rule,
            action=line.action,  # type: ignore[arg-type]
            name=name,
            text=text,
            since=line.since,
            until=line.until,
            concerns=line.concerns,
            applies=line.applies,
            sources=self.sources(line.sources),
            range_days=line.range,
            hours=line.hours,
        )

    def option(self, option: Option) -> out.OptionOut:
        """An option with everything a person wants to know of it."""
        record = self.knowledge.get(Treatment, option.treatment)
        words = {
            field: self.texts.get(record.ref, field)
            for field in ("name", "short", "how", "feels", "evidence", "result")
        }
        decision = option.decision
        return out.OptionOut(
            treatment=option.treatment,
            **words,
            evidence_strength=record.benefit.strength,
            fit=option.fit,
            because=self.fits(option.because),
            status=decision.status.word,  # type: ignore[arg-type]
            status_text=self.texts.phrase(f"status.{decision.status.word}.short"),
            earliest=option.earliest,
            once_settled=option.once_settled,
            performer_text=self.texts.phrase(f"level.{decision.performer.name}"),
            minutes=_pair(record.minutes),
            sessions=_pair(record.sessions),
            interval_days=_pair(record.interval_days),
            downtime_hours=_pair(record.downtime_hours),
            reasons=[self.reason(reason) for reason in decision.reasons],
            preparation=[self.instruction(line) for line in option.preparation],
            aftercare=[self.instruction(line) for line in option.aftercare],
        )

    # --- what is not known ----------------------------------------------------------------------------

    def open_question(self, still: StillOpen) -> out.UnknownOut:
        """A question that is still open."""
        return out.UnknownOut(
            question=self.question(still.path),
            safety=still.safety,
            expired=still.expired,
            treatments=[self.texts.get(f"treatment.{name}", "name") for name in still.treatments],
            findings=[self._finding_name(ref) for ref in still.findings],
        )

    def _finding_name(self, ref: str) -> str:
        return self.texts.get(ref, "reason" if ref.startswith("referral.") else "name")

    # --- sources and disagreements --------------------------------------------------------------------

    def disagreements(self) -> list[out.DisagreementOut]:
        """Every disagreement that the report came across, with both positions."""
        found = []
        for name in sorted(self._disagreements):
            record = self.knowledge.get(Disagreement, name)
            found.append(
                out.DisagreementOut(
                    id=name,
                    name=self.texts.get(record.ref, "name"),
                    positions=[
                        out.PositionOut(
                            text=self.texts.get(record.ref, f"positions.{position.id}"),
                            sources=self.sources(position.source),
                        )
                        for position in record.positions
                    ],
                    resolution=self.texts.get(record.ref, "resolution"),
                    sources=self.sources(record.resolution),
                )
            )
        return found

    def all_sources(self) -> list[out.SourceOut]:
        """Every source that the report leans on, once."""
        return [self._source(name) for name in sorted(self._sources)]

    def _source(self, name: str) -> out.SourceOut:
        item = self.knowledge.of(SeedItem).get(name)
        record = self.knowledge.get(Source, "seeds" if item else name)
        title = f"{record.title} ({'; '.join(item.where)})" if item else record.title
        return out.SourceOut(
            id=name,
            title=title,
            strength=record.strength,
            strength_text=self.texts.phrase(f"strength.{record.strength}"),
            seen=record.seen,
            verified=record.seen != "no",
            url=record.url,
        )


def _pair(span: object) -> tuple[float, float] | None:
    low, high = getattr(span, "low", None), getattr(span, "high", None)
    return None if low is None or high is None else (low, high)


def build_report(care: Care, *, language: str, knowledge: Knowledge) -> out.Report:
    """Put a result into words.

    Raises:
        UnknownIdError: the language is not one of those that the knowledge has.
    """
    builder = Builder(knowledge, language, care.profile.answers)
    findings = [builder.finding(found) for found in care.assessment.findings]
    referral = [builder.referral(referred) for referred in care.assessment.referrals]
    screening = [builder.decision(decision, care) for decision in care.screening]
    options = [builder.option(option) for option in care.options]
    routine = routine_out(care, builder)
    unknown = [builder.open_question(still) for still in care.unknown]
    return out.Report(
        schema_version=out.SCHEMA_VERSION,
        product="Pellucid",
        version=__version__,
        language=language,
        today=care.today,
        answered_on=care.profile.answered_on,
        knowledge=care.knowledge,
        intended_use=builder.texts.phrase("notice.intended_use"),
        summary=list(_summary(care, builder)),
        findings=findings,
        observed=[builder.observed(found) for found in care.assessment.observed],
        grade=care.assessment.grade,
        screening=screening,
        options=options,
        routine=routine,
        referral=referral,
        unknown=unknown,
        unrecognised=[
            out.UnrecognisedOut(where=fact.where, name=fact.name, record=fact.record)
            for fact in care.profile.unrecognised
        ],
        disagreements=builder.disagreements(),
        sources=builder.all_sources(),
    )


def _summary(care: Care, builder: Builder) -> Iterator[str]:
    """What stands out: urgent things first; and when nothing does, that."""
    texts = builder.texts
    found = care.assessment
    if found.referrals and found.referrals[0].urgency in {"emergency", "same_day"}:
        yield texts.phrase(f"summary.{found.referrals[0].urgency}")
    if nothing_stands_out(care):
        yield texts.phrase("summary.nothing")
        return
    if found.skin_type.id != "cannot_tell":
        yield texts.phrase("summary.skin_type", name=texts.get(found.skin_type.ref, "name"))
    pores = [texts.get(each.ref, "name") for each in found.pore_types if each.id != "cannot_tell"]
    if pores:
        yield texts.phrase("summary.pore_type", name=texts.phrase("words.list").join(pores))
    ready = [option for option in care.options if option.decision.status.bookable and option.fit > 0]
    if ready:
        yield texts.phrase("summary.option", name=texts.get(f"treatment.{ready[0].treatment}", "name"))
    waiting = sum(option.decision.status is Status.ASK for option in care.options)
    if waiting:
        yield texts.phrase("summary.ask", n=waiting)


def nothing_stands_out(care: Care) -> bool:
    """Whether enough was answered to say so, and no pore type, cause, concern, look-alike or referral was found."""
    found = care.assessment
    answered = found.skin_type.id != "cannot_tell" and found.severity.id != "cannot_tell"
    return answered and not (
        found.pore_types or found.causes or found.concerns or found.lookalikes or found.referrals or found.modifiers
    )

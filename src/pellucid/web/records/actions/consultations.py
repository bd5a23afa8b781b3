"""What a client does with a consultation: begin, answer, hand in, give up.

Answers to a draft leave no audit event each: the draft belongs to its client alone, and its ``trail`` keeps the order
and version of every change. What the clinic acts upon does: beginning, urgent advice shown, handing in, giving up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from pellucid.care import care
from pellucid.exchange.build import build_report
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import Question
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.errors import InputError, Problem
from pellucid.web.accounts import post
from pellucid.web.audit.record import record
from pellucid.web.records.actions.rescreen import look_again
from pellucid.web.records.models import Client, Consultation
from pellucid.web.records.queries import consultations as queries
from pellucid.web.records.questionnaire import Given, Standing, asked_of, flat, fresh, nested, own_problems
from pellucid.web.sites import knowledge as sites
from pellucid.web.sites.clock import day
from pellucid.web.sites.queries import clinic

NOT_KEPT = frozenset({"person.age"})
"""Answers that a year makes wrong without anybody's doing: asked anew each time, unless the birth date is known."""


class GoneError(Exception):
    """There is no such draft any more: it was handed in, or given up."""

    def __init__(self, consultation: Consultation | None) -> None:
        """Keep what became of it."""
        super().__init__("the draft is gone")
        self.consultation = consultation


class ArchivedError(Exception):
    """The client was archived: nothing new is worked out for them until the clinic brings them back."""


class ChangedError(Exception):
    """An answer was changed elsewhere since the page that sends another was opened."""

    def __init__(self, draft: Consultation, paths: Iterable[str]) -> None:
        """Keep the draft as it stands, and which answers differ."""
        super().__init__("answered elsewhere")
        self.draft, self.paths = draft, tuple(paths)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who acts, for whom, and when."""

    client: Client
    actor: str
    """As the audit trail names them."""
    now: datetime

    @property
    def today(self) -> date:
        """The day at the client's location."""
        return day(self.now, self.client.location.zone)

    def record(self, action: str, consultation: Consultation, **detail: Any) -> None:
        """Write an audit event about a consultation."""
        record(
            actor=self.actor,
            action=f"consultation.{action}",
            subject=f"consultation.{consultation.pk}",
            now=self.now,
            client=str(self.client.pk),
            **detail,
        )


def begin(*, asker: Asker) -> Consultation:
    """The client's draft: the one there is, or a new one with what is known and still fresh.

    Raises:
        ArchivedError: the client was archived.
    """
    if asker.client.archived_at is not None:
        raise ArchivedError
    found = queries.draft_of(asker.client)
    if found is not None:
        return found
    answers, answered_on = _known(asker)
    try:
        with transaction.atomic():
            draft = Consultation.objects.create(
                client=asker.client,
                answers=answers,
                answered_on=answered_on,
                carried=sorted(answered_on),
                begun_at=asker.now,
                changed_at=asker.now,
            )
            asker.record("begun", draft, carried=len(answered_on))
    except IntegrityError:  # begun at the same moment in another tab
        return Consultation.objects.get(client=asker.client, state="draft")
    return draft


def _known(asker: Asker) -> tuple[dict[str, Any], dict[str, str]]:
    """What an earlier consultation and the registration tell."""
    knowledge = sites.current()
    stored, days = queries.taken_over(asker.client, today=asker.today)
    answers = {path: value for path, value in flat(stored, knowledge).items() if path in days and path not in NOT_KEPT}
    answers = fresh(answers, days, today=asker.today, knowledge=knowledge)
    told = dict(_registered(asker.client, knowledge))
    days = {path: days.get(path, asker.today.isoformat()) for path in {**told, **answers}}
    return nested({**told, **answers}), days


def _registered(client: Client, knowledge: Knowledge) -> Iterable[tuple[str, Any]]:
    if client.birth_date:
        yield "person.birth_date", client.birth_date.isoformat()
    options = knowledge.of(Question)["wishes.treatments"].options
    if client.wanted in knowledge.of(Treatment) and client.wanted in options:
        yield "wishes.treatments", [client.wanted]


def answer(*, asker: Asker, draft: UUID, version: int, given: Mapping[str, Given]) -> Consultation:
    """Store what was said to one question, or to the few on one screen.

    Args:
        asker: the client.
        draft: which consultation the page was about.
        version: the draft's when the page was opened.
        given: path to what was said.

    Raises:
        GoneError: it was handed in or given up meanwhile.
        ChangedError: one of these answers was changed elsewhere meanwhile, to something else.
        InputError: an answer of the wrong shape, or one that can't be true; nothing is stored.
    """
    with transaction.atomic():
        found = _locked(asker.client, draft)
        knowledge = sites.current()
        before = {path: stored(found, path, knowledge) for path in given}
        if before == given and all(path in _passed(found) for path in given):
            return found
        changed = [path for path, version_then in found.trail if path in given and version_then > version]
        if changed:
            raise ChangedError(found, changed)
        _write(found, given, asker, knowledge)
        return found


def stored(draft: Consultation, path: str, knowledge: Knowledge) -> Given:
    """What a draft holds of one question."""
    names = {path, *(f"{path}.{option}" for option in knowledge.of(Question)[path].options)}
    unsure = tuple(name for name in draft.answers.get("unsure", ()) if name in names)
    return Given(flat(draft.answers, knowledge).get(path), unsure, path in draft.skipped)


def _passed(draft: Consultation) -> set[str]:
    """What was answered or passed over in this draft, rather than taken over into it."""
    return {path for path, _ in draft.trail}


def _locked(client: Client, draft: UUID) -> Consultation:
    found = Consultation.objects.select_for_update().filter(client=client, pk=draft).first()
    if found is None or found.state != "draft":
        raise GoneError(found)
    return found


def _write(draft: Consultation, given: Mapping[str, Given], asker: Asker, knowledge: Knowledge) -> None:
    """Check and store answers in a draft that is locked."""
    answers, unsure = _merged(draft, given, knowledge)
    draft.answers = {**nested(answers), "unsure": unsure} if unsure else nested(answers)
    today = asker.today.isoformat()
    kept = {path: on for path, on in draft.answered_on.items() if path not in given}
    draft.answered_on = {**kept, **{path: today for path, each in given.items() if each.value is not None}}
    draft.skipped = sorted({*draft.skipped} - {*given} | {path for path, each in given.items() if each.skipped})
    draft.carried = [path for path in draft.carried if path not in given]
    draft.version += 1
    draft.trail = [each for each in draft.trail if each[0] not in given] + [[path, draft.version] for path in given]
    draft.changed_at = asker.now
    faults = own_problems(queries.standing_of(draft, asker.client, today=asker.today, knowledge=knowledge), given)
    if faults:
        raise InputError(faults)
    draft.save()


def _merged(draft: Consultation, given: Mapping[str, Given], knowledge: Knowledge) -> tuple[dict[str, Any], list[str]]:
    """All answers and all that is unsure, with what was said now.

    Raises:
        InputError: something no client is asked, or an option both given and unsure.
    """
    strange = [path for path in given if asked_of(path, knowledge) is None]
    both = [path for path, each in given.items() if each.value is not None and path in each.unsure]
    for path, each in given.items():
        chosen = each.value if isinstance(each.value, list) else [each.value]
        both += [path for option in chosen if isinstance(option, str) and f"{path}.{option}" in each.unsure]
    if strange or both:
        raise InputError(
            [
                *(Problem(path, "is no question") for path in strange),
                *(Problem(path, "is unsure as well") for path in both),
            ]
        )
    before = {name for path in given for name in stored(draft, path, knowledge).unsure}
    unsure = [name for name in draft.answers.get("unsure", ()) if name not in before]
    unsure += [name for each in given.values() for name in each.unsure]
    answers = {path: value for path, value in flat(draft.answers, knowledge).items() if path not in given}
    answers |= {path: each.value for path, each in given.items() if each.value is not None}
    return answers, unsure


def tell(*, asker: Asker, draft: UUID, rules: Iterable[str]) -> None:
    """Remember that the client has read what to do about something urgent.

    Raises:
        GoneError: the draft was handed in or given up meanwhile.
    """
    with transaction.atomic():
        found = _locked(asker.client, draft)
        new = sorted({*rules} - {*found.told})
        if new:
            found.told = [*found.told, *new]
            found.save(update_fields=["told"])
            asker.record("urgent_advice_shown", found, rules=new)


def discard(*, asker: Asker, draft: UUID) -> None:
    """Give a draft up; one that is gone stays gone."""
    with transaction.atomic():
        changed = Consultation.objects.filter(client=asker.client, pk=draft, state="draft").update(
            state="discarded", answers={}, answered_on={}, skipped=[], trail=[], carried=[], changed_at=asker.now
        )
        if changed:
            asker.record("discarded", Consultation(pk=draft))


def submit(*, asker: Asker, draft: UUID, version: int) -> Consultation:
    """Hand a draft in: work everything out for the clinic's day, and store it in one go.

    The long part runs before the transaction, on the version that is then handed in: no other writer waits for it.

    Raises:
        ArchivedError: the client was archived.
        GoneError: it was given up, or is no consultation of this client.
        ChangedError: it was changed since the page was opened.
        InputError: the answers contradict each other; every fault with its path.
    """
    found = queries.own_consultation(asker.client, draft)
    if found is not None and found.state in queries.GIVEN_IN:
        return found
    if found is None or found.state != "draft":
        raise GoneError(found)
    if asker.client.archived_at is not None:
        raise ArchivedError
    if found.version != version:
        raise ChangedError(found, ())
    knowledge = queries.knowledge_for(asker.client)
    standing = queries.standing_of(found, asker.client, today=asker.today, knowledge=knowledge)
    reports = reports_of(standing)
    return _hand_in(found, standing, reports, asker)


def reports_of(standing: Standing) -> dict[str, Any]:
    """Work everything out: the reports by language of the knowledge texts, as ``Consultation.reports`` keeps them.

    Raises:
        InputError: the answers contradict each other.
    """
    result = care(standing.intake, today=standing.today, knowledge=standing.knowledge)
    return {
        language: build_report(result, language=language, knowledge=standing.knowledge).model_dump(mode="json")
        for language in sites.KNOWLEDGE_LANGUAGE.values()
    }


def _hand_in(draft: Consultation, standing: Standing, reports: dict[str, Any], asker: Asker) -> Consultation:
    """Write everything that handing in means, or nothing."""
    with transaction.atomic():
        changed = Consultation.objects.filter(pk=draft.pk, state="draft", version=draft.version).update(
            state="submitted",
            submitted_at=asker.now,
            changed_at=asker.now,
            day=standing.today,
            knowledge=standing.knowledge.digest,
            reports=reports,
        )
        now = Consultation.objects.get(pk=draft.pk)
        if not changed:
            if now.state in queries.GIVEN_IN:
                return now
            raise GoneError(now) if now.state != "draft" else ChangedError(now, ())
        earlier = Consultation.objects.filter(client=asker.client, state="submitted").exclude(pk=draft.pk)
        replaced = earlier.update(state="replaced")
        asker.record("submitted", now, knowledge=standing.knowledge.digest, replaced=replaced)
        look_again(asker.client.pk, because=f"consultation.{now.pk}", now=asker.now)
        _tell_clinic(now, asker)
    return now


def _tell_clinic(consultation: Consultation, asker: Asker) -> None:
    """Tell the clinic; the mail names nobody and tells no answer, since mail can be read on its way."""
    reached = clinic()
    if reached.email:
        post.send(
            "consultation_submitted",
            to=reached.email,
            language=reached.language,
            now=asker.now,
            key=f"consultation_submitted.{consultation.pk}",
        )

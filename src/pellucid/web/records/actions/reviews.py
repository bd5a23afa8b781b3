"""Signing a consultation: what a practitioner makes stricter and why, a note to the client, and the signature."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from pellucid.model.errors import InputError, PellucidError, Problem
from pellucid.model.levels import Level, Status
from pellucid.web.accounts import post
from pellucid.web.accounts.models import Membership
from pellucid.web.audit.record import record
from pellucid.web.records.actions.consultations import reports_of
from pellucid.web.records.actions.rescreen import look_again
from pellucid.web.records.models import Clearance, Client, Consultation, Review
from pellucid.web.records.queries.consultations import knowledge_for, standing_of
from pellucid.web.sites.clock import day


class SignedAlreadyError(PellucidError):
    """Somebody has signed it; ``review`` is theirs."""

    def __init__(self, review: Review) -> None:
        """Keep the signature that stands."""
        self.review = review
        super().__init__("this consultation is signed already")


class ChangedMeanwhileError(PellucidError):
    """It is not the one that was on the page any more."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A treatment that a practitioner holds back further than screening does."""

    treatment: str
    status: Status
    reason: str

    def stored(self) -> dict[str, str]:
        """As ``Review.adjustments`` keeps it."""
        return {"what": f"treatment.{self.treatment}", "status": self.status.word, "reason": self.reason}


@transaction.atomic
def sign(
    *,
    consultation: Consultation,
    version: int,
    adjustments: Sequence[Adjustment],
    note: str,
    by: Membership,
    now: datetime,
    stood: str = "",
) -> Review:
    """Sign a consultation as it was on the page.

    Args:
        consultation: given in and not signed.
        version: the one that was on the page.
        adjustments: each stricter than screening, with a reason.
        note: to the client.
        by: who signs; their level is kept with it.
        now: when.
        stood: the ``basis`` that was on the page; empty where there was no page.

    Raises:
        SignedAlreadyError: somebody was quicker.
        ChangedMeanwhileError: it was worked out again, replaced or discarded since the page was made, or the clinic's
            rules or the client's papers or overrides have changed since.
        InputError: an adjustment is not stricter, has no reason, or names a treatment that wasn't screened.
    """
    found = Consultation.objects.select_for_update().get(pk=consultation.pk)
    _check_open(found, version)
    if stood and stood != basis(Client.objects.select_for_update().get(pk=found.client_id)):
        raise ChangedMeanwhileError("what this consultation stands on has changed since the page was opened")
    problems = list(_faults(found.reports, adjustments))
    if problems:
        raise InputError(problems)
    found.state = "signed"
    found.version += 1
    found.changed_at = now
    found.save(update_fields=["state", "version", "changed_at"])
    review = Review.objects.create(
        consultation=found,
        by=by,
        level=by.level or Level.L0,
        at=now,
        note=note,
        adjustments=[each.stored() for each in adjustments],
        report_sha256=fingerprint(found.reports),
    )
    _record(review, by=by, now=now)
    look_again(found.client_id, because=f"review.{review.pk}", now=now)
    _tell_client(found, now)
    return review


def work_out_again(*, consultation: Consultation, version: int, by: Membership, now: datetime) -> Consultation:
    """Work a consultation that waits for a signature out again: for today, with the knowledge and papers of today.

    Raises:
        SignedAlreadyError: it is signed; what was signed stays as it was.
        ChangedMeanwhileError: it was worked out again, replaced or discarded since the page was made.
        InputError: on that day its answers contradict each other.
    """
    client = consultation.client
    today = day(now, client.location.zone)
    standing = standing_of(consultation, client, today=today, knowledge=knowledge_for(client))
    reports = reports_of(standing)
    with transaction.atomic():
        found = Consultation.objects.select_for_update().get(pk=consultation.pk)
        _check_open(found, version)
        before = found.knowledge
        found.day, found.knowledge, found.reports = today, standing.knowledge.digest, reports
        found.version += 1
        found.changed_at = now
        found.save(update_fields=["day", "knowledge", "reports", "version", "changed_at"])
        record(
            actor=by.user.ref,
            action="consultation.worked_out_again",
            subject=f"consultation.{found.pk}",
            client=str(client.pk),
            now=now,
            before=before,
            knowledge=found.knowledge,
            day=today.isoformat(),
        )
        look_again(client.pk, because=f"consultation.{found.pk}.{found.version}", now=now)
    return found


def basis(client: Client) -> str:
    """SHA-256 of what a result stands on beside answers: the clinic's rules, and the client's overrides and papers."""
    papers = Clearance.objects.filter(client=client, withdrawn_at=None).order_by("pk")
    standing = [knowledge_for(client).digest, *papers.values_list("pk", flat=True)]
    return hashlib.sha256(repr(standing).encode()).hexdigest()


def _check_open(consultation: Consultation, version: int) -> None:
    standing = consultation.reviews.select_related("by__user").first()
    if consultation.state == "signed" and standing is not None:
        raise SignedAlreadyError(standing)
    if consultation.state != "submitted" or consultation.version != version:
        raise ChangedMeanwhileError("this consultation has changed since the page was opened")


def _faults(reports: Mapping[str, Any], adjustments: Iterable[Adjustment]) -> Iterable[Problem]:
    screened = statuses(reports)
    for each in adjustments:
        found = screened.get(each.treatment)
        if found is None:
            yield Problem(each.treatment, "was not screened")
        elif each.status <= found:
            yield Problem(each.treatment, f"must be stricter than {found.word}; an override is the way to loosen")
        if not each.reason.strip():
            yield Problem(each.treatment, "needs a reason")


def statuses(reports: Mapping[str, Any]) -> dict[str, Status]:
    """What screening said of each treatment, as a stored report has it."""
    report: Mapping[str, Any] = next(iter(reports.values()), {})
    return {each["treatment"]: Status[each["status"].upper()] for each in report.get("screening", ())}


def fingerprint(reports: Mapping[str, Any]) -> str:
    """SHA-256 of the reports, however a database orders their keys; in hexadecimal."""
    written = json.dumps(reports, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _tell_client(consultation: Consultation, now: datetime) -> None:
    """Say that somebody has looked at it; the result itself stays behind the sign-in, since mail can be read."""
    client = consultation.client
    to = client.email or client.phone
    if to:
        post.send(
            "result_reviewed",
            to=to,
            language=client.language,
            now=now,
            key=f"result_reviewed.{consultation.pk}",
        )


def _record(review: Review, *, by: Membership, now: datetime) -> None:
    consultation = review.consultation
    record(
        actor=by.user.ref,
        action="consultation.signed",
        subject=f"consultation.{consultation.pk}",
        client=str(consultation.client_id),
        now=now,
        review=review.pk,
        level=Level(review.level).name,
        adjusted=[each["what"] for each in review.adjustments],
        report=review.report_sha256,
    )

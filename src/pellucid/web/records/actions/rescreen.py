"""Looking at booked visits again: whether they still fit their client, and whether anybody works then.

Whatever may have changed the answer has its visits looked at at once (``look_again``, ``screen_all``, ``hours_again``).
What slipped through, such as a visit that was being booked at the same moment, or answers that have grown old, is found
by the clock. Nothing is cancelled: staff see what no longer fits, and the client is asked again where answers are too
old. A visit waits for a signature anew where caution has come up since, and the client is told.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from pellucid.model.levels import Level, Status
from pellucid.plan.fit import Fit
from pellucid.web.audit.record import SYSTEM, record
from pellucid.web.jobs.job import job
from pellucid.web.records.actions.booking import Booker
from pellucid.web.records.actions.visit_letters import key_of, letters_of, tell
from pellucid.web.records.models import Appointment, Clearance, Client, Consultation, Override, Review
from pellucid.web.records.models.appointment import STANDING, State
from pellucid.web.records.queries.fitting import ASKED_AGAIN, Fitting
from pellucid.web.records.queries.misfit import HOURS, TO_ANSWER, misfit_of
from pellucid.web.records.queries.uncovered import uncovered
from pellucid.web.sites import knowledge as sites
from pellucid.web.sites.clock import day
from pellucid.web.sites.models import RulesVersion

DAILY = timedelta(hours=20)
"""A visit that is near is looked at again so long after the last time, since answers grow old by the day."""


def rescreen(*, now: datetime, appointment: Appointment | None = None, client: Client | None = None) -> int:
    """Screen visits that are booked and still to come again; how many came out otherwise than before.

    Args:
        now: when.
        appointment: only this one.
        client: only theirs; with neither, all.
    """
    found = _coming(now)
    if appointment is not None:
        found = found.filter(pk=appointment.pk)
    if client is not None:
        found = found.filter(client=client)
    return sum(_screen(each, now) for each in found)


def look_again(client: UUID, *, because: str, now: datetime) -> None:
    """Have a client's visits screened again in the background; inside the transaction of what changed.

    Args:
        client: whose.
        because: what changed, such as ``clearance.7``: one change has them screened once.
        now: when.
    """
    if _coming(now).filter(client=client).exists():
        screen_client.put(key=f"rescreen.{because}", now=now, client=str(client))


@job(atomic=False)
def screen_client(*, client: str, now: datetime) -> int:
    """Screen a client's visits again. Returns how many came out otherwise."""
    return rescreen(client=Client.objects.get(pk=client), now=now)


@job(atomic=False)
def screen_all(*, now: datetime) -> int:
    """Screen every visit again: the clinic's rules have changed. Returns how many came out otherwise."""
    return rescreen(now=now)


@job(atomic=False)
def screen_due(*, now: datetime) -> int:
    """Screen the visits again that something has changed for, or that are near. Returns how many came out otherwise."""
    return sum(_screen(each, now) for each in due(now=now))


@job(atomic=False)
def hours_again(*, now: datetime) -> int:
    """See which visits the roster still carries: it has changed. Returns of how many that is new."""
    return check_hours(now=now)


def due(*, now: datetime) -> QuerySet[Appointment]:
    """Visits whose screening may be out of date, the next first.

    Those that something has changed for since, and those that are near and were not looked at today.
    """
    knowledge = sites.current().digest
    stale = Q(screened_at__lt=now - DAILY)
    near = Q(starts__lte=now + ASKED_AGAIN + timedelta(days=1))
    other = ~Q(knowledge=knowledge) & ~Q(screened="")
    changed = Q(screened_at=None) | Q(client__archived_at__gt=F("screened_at"))
    for each in _changes():
        changed |= Q(Exists(each))
    rules = RulesVersion.objects.order_by("-pk").values_list("at", flat=True).first()
    newer = Q(screened_at__lt=rules) if rules else Q(pk=None)
    return _coming(now).filter(changed | newer | (stale & (near | other))).order_by("starts", "pk")


def _changes() -> Iterator[QuerySet[Any]]:
    """What can have changed for the client of a visit since it was last screened."""
    client, since = OuterRef("client"), OuterRef("screened_at")
    given_in = Consultation.objects.filter(client=client, state__in=("submitted", "signed"))
    yield given_in.filter(Q(submitted_at__gt=since) | Q(changed_at__gt=since))
    yield Review.objects.filter(consultation__client=client, at__gt=since)
    yield Clearance.objects.filter(Q(recorded_at__gt=since) | Q(withdrawn_at__gt=since), client=client)
    yield Override.objects.filter(Q(signed_at__gt=since) | Q(withdrawn_at__gt=since), client=client)
    yield Appointment.objects.filter(client=client, changed_at__gt=since).exclude(pk=OuterRef("pk"))


def _coming(now: datetime) -> QuerySet[Appointment]:
    found = Appointment.objects.filter(state__in=STANDING, starts__gt=now).order_by("starts", "pk")
    return found.select_related("client__location", "location", "practitioner").prefetch_related("parts")


def _screen(read: Appointment, now: datetime) -> bool:
    """Screen one visit and write what came out, unless it has become another meanwhile; whether anything differs."""
    on = day(read.starts, read.location.zone)
    fitting = Fitting(read.client, now=now, but=read, booked_on=on)
    treatments = [part.treatment for part in read.parts.all()]
    fit = fitting.of(treatments, on=on, performer=Level(read.practitioner.level or Level.L0))
    answered_at = fitting.consultation.submitted_at if fitting.consultation else None
    with transaction.atomic():
        found = Appointment.objects.select_for_update(of=("self",)).get(pk=read.pk)
        if found.state != read.state or found.version != read.version:
            return False
        return _write(found, fit, answered_at, now)


def _write(found: Appointment, fit: Fit, answered_at: datetime | None, now: datetime) -> bool:
    """Write what screening says now of a visit that is locked; whether it differs."""
    before = found.screened, found.misfit, found.state
    if fit.status is not None:
        found.screened, found.knowledge = fit.status.word, fit.knowledge
    found.screened_at = now
    found.misfit = [*misfit_of(fit), *(each for each in found.misfit if each == HOURS)]
    if _is_to_be_signed(found, fit, answered_at):
        found.state, found.signed_by, found.signed_at = State.TENTATIVE, None, None
        found.version += 1
    is_other = before != (found.screened, found.misfit, found.state)
    if is_other:
        found.changed_at = now
    found.save()
    if is_other:
        _tell(found, before[1], now, unsigned=before[2] != found.state)
    return is_other


def _is_to_be_signed(found: Appointment, fit: Fit, answered_at: datetime | None) -> bool:
    """Whether a visit that is booked has to wait for a signature, again where newer answers call for caution."""
    if not fit.tentative or found.state != State.BOOKED:
        return False
    if found.signed_at is None:
        return True
    return fit.status is Status.CAUTION and answered_at is not None and answered_at > found.signed_at


def _tell(found: Appointment, misfit: list[str], now: datetime, *, unsigned: bool) -> None:
    """Write what came out otherwise than before into the audit trail; ask the client again where that settles it."""
    if found.misfit != misfit:
        _record(found, "misfit" if found.misfit else "fits", now, misfit=found.misfit)
    asks = bool(TO_ANSWER.intersection(found.misfit))
    if not (unsigned or asks):
        return
    whole = Appointment.objects.select_related("client", "location__clinic").get(pk=found.pk)
    if unsigned:
        _record(found, "unsigned", now, screened=found.screened)
        letters_of(whole, "unsigned", booker=Booker.by_clock(now))
    if asks:  # one letter for a visit at its time, however often this runs
        tell(whole, "visit_ask_again", key=key_of(whole, "ask_again"), now=now)


def _record(found: Appointment, what: str, now: datetime, **detail: Any) -> None:
    record(
        actor=SYSTEM,
        action=f"appointment.{what}",
        subject=f"appointment.{found.pk}",
        client=str(found.client_id),
        now=now,
        **detail,
    )


def check_hours(*, now: datetime) -> int:
    """Note of each visit to come whether the roster still carries it; of how many that is new."""
    outside = {each.pk for each in uncovered(now=now)}
    marked = {each.pk for each in _coming(now).exclude(misfit=[]) if HOURS in each.misfit}
    return sum(_set_hours(pk, now, outside=pk in outside) for pk in sorted(outside ^ marked))


@transaction.atomic
def _set_hours(pk: UUID, now: datetime, *, outside: bool) -> bool:
    found = Appointment.objects.select_for_update(of=("self",)).get(pk=pk)
    if found.state not in STANDING or (HOURS in found.misfit) == outside:
        return False
    before = found.misfit
    found.misfit = [each for each in before if each != HOURS] + [HOURS] * outside
    found.changed_at = now
    found.save(update_fields=["misfit", "changed_at"])
    _tell(found, before, now, unsigned=False)
    return True

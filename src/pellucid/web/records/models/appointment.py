"""Visits that are booked or held, what they take up, and who waits for one."""

import uuid
from collections.abc import Mapping

from django.db import models

from pellucid.web.accounts.models import Membership
from pellucid.web.records.models.client import Client
from pellucid.web.sites.models import Location, Room


class Series(models.Model):
    """Visits that were booked together, all of them or none: the sessions of a plan."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="series")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)

    class Meta:
        """Newest first."""

        ordering = ("-made_at", "id")
        verbose_name_plural = "series"

    def __str__(self) -> str:
        """Its id."""
        return f"series {self.pk}"


class State(models.TextChoices):
    """What became of a visit so far."""

    HELD = "held"
    """Kept free for somebody who is about to confirm, until ``held_until``."""
    TENTATIVE = "tentative"
    """Booked, and waits for a practitioner's signature."""
    BOOKED = "booked"
    DONE = "done"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    """A hold that nobody confirmed in time."""


STANDING = (State.TENTATIVE, State.BOOKED)
"""What somebody counts on."""
TAKES_TIME = (State.HELD, *STANDING, State.DONE, State.NO_SHOW)
"""States in which the reservations stay; in all others there are none."""


class Appointment(models.Model):
    """A visit to the clinic: one client with one practitioner, for one or more services one after the other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="appointments")
    location = models.ForeignKey(Location, models.PROTECT, related_name="appointments")
    practitioner = models.ForeignKey(Membership, models.PROTECT, related_name="appointments")
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="appointments")
    state = models.CharField(max_length=12, choices=State.choices, db_index=True)
    starts = models.DateTimeField(db_index=True)
    """When the client is there; whole minutes in UTC, without buffers."""
    ends = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True, db_index=True)
    """Only while held: the first moment at which it is free again."""
    screened = models.CharField(max_length=12, blank=True)
    """What screening said when it was last asked: a ``Status`` as word; empty for a consultation."""
    knowledge = models.CharField(max_length=64, blank=True)
    """Hash of the knowledge it was last screened with."""
    screened_at = models.DateTimeField(null=True, blank=True)
    misfit = models.JSONField(default=list, blank=True)
    """Why it no longer fits: rules, or ``hours`` where nobody works then any more. Empty where it does."""
    signed_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    """Of the staff about the visit; nothing about health."""
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    """As the audit trail names people."""
    changed_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was cancelled, missed, lapsed or done."""
    ended_by = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    """Why it was cancelled, in the words of who did."""
    late = models.BooleanField(default=False)
    """Cancelled later than the clinic's policy allows clients to."""
    version = models.PositiveIntegerField(default=1)
    """Counts changes: stale pages are told, and calendars see which invitation is newer."""

    class Meta:
        """As they come."""

        ordering = ("starts", "id")
        indexes = (models.Index(fields=("location", "starts")), models.Index(fields=("client", "starts")))
        constraints = (
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="appointment_lasts"),
            models.CheckConstraint(
                condition=models.Q(state="held", held_until__isnull=False)
                | (~models.Q(state="held") & models.Q(held_until=None)),
                name="only_holds_run_out",
            ),
        )

    def __str__(self) -> str:
        """Its id."""
        return f"appointment {self.pk}"


class Part(models.Model):
    """One service of a visit, at its time, in its room."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    treatment = models.CharField(max_length=64)
    """A treatment's id, or ``consultation``."""
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    buffer_before = models.PositiveSmallIntegerField(default=0)
    buffer_after = models.PositiveSmallIntegerField(default=0)
    room = models.ForeignKey(Room, models.PROTECT, related_name="parts")
    devices = models.JSONField(default=list, blank=True)
    """Numbers of the devices that it takes up."""
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        """One after the other."""

        ordering = ("appointment", "position")
        constraints = (models.UniqueConstraint(fields=("appointment", "position"), name="part_once"),)

    def __str__(self) -> str:
        """Its number."""
        return f"part {self.pk}"


class Reservation(models.Model):
    """One practitioner, room, device or client, taken up from one minute to another, buffers included.

    Half-open, in minutes since 1970-01-01 00:00 UTC (``booking.minutes``). No two rows of one resource overlap: the
    one path that writes them sees to it (``actions.reservations``), and the database refuses what slips through.
    """

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="reservations")
    resource = models.CharField(max_length=48)
    """``practitioner.7``, ``room.3``, ``device.2``, ``client.<id>``."""
    since = models.BigIntegerField()
    until = models.BigIntegerField()

    class Meta:
        """By resource and time, which is how they are looked for."""

        indexes = (models.Index(fields=("resource", "since", "until")), models.Index(fields=("until",)))
        constraints = (
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="reservation_lasts"),
        )

    def __str__(self) -> str:
        """Its number."""
        return f"reservation {self.pk}"


class Waiting(models.TextChoices):
    """What became of somebody's waiting."""

    WAITING = "waiting"
    OFFERED = "offered"
    """A slot is held for them."""
    BOOKED = "booked"
    LEFT = "left"
    OVER = "over"
    """The last day that they asked for has gone by."""


class WaitlistEntry(models.Model):
    """Somebody who would take a slot that becomes free."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="waiting_for")
    location = models.ForeignKey(Location, models.PROTECT, related_name="waitlist")
    treatments = models.JSONField()
    """What they want done in one visit, in this order."""
    practitioner = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    """None for anybody who may do it."""
    since = models.DateField()
    until = models.DateField()
    """Both included, by the location's clock."""
    weekdays = models.JSONField(default=list, blank=True)
    """``mon`` to ``sun``; empty for any."""
    earliest = models.PositiveSmallIntegerField(default=0)
    """Minutes after midnight: no start before."""
    latest = models.PositiveSmallIntegerField(default=1440)
    """Minutes after midnight: over by then."""
    state = models.CharField(max_length=12, choices=Waiting.choices, default=Waiting.WAITING, db_index=True)
    joined_at = models.DateTimeField()
    passed_at = models.DateTimeField(null=True, blank=True)
    """When an offer was last declined or ran out: they wait behind those who had none yet."""
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """In turn."""

        ordering = ("joined_at", "id")
        verbose_name_plural = "waitlist entries"

    def __str__(self) -> str:
        """Its id."""
        return f"waitlist entry {self.pk}"


class WaitlistOffer(models.Model):
    """A freed slot that is held for somebody who waits."""

    STATES: Mapping[str, str] = {each: each for each in ("open", "accepted", "declined", "lapsed", "withdrawn")}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(WaitlistEntry, models.PROTECT, related_name="offers")
    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="offer")
    """Held until the offer runs out."""
    state = models.CharField(max_length=12, choices=STATES, default="open", db_index=True)
    offered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering = ("-offered_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("entry",), condition=models.Q(state="open"), name="one_offer_at_a_time"),
        )

    def __str__(self) -> str:
        """Its id."""
        return f"waitlist offer {self.pk}"

"""Consultations, what a practitioner did with them, and what lifts a rule for one client."""

import uuid

from django.db import models

from pellucid.web.accounts.models import Membership
from pellucid.web.records.models.client import Client


class Consultation(models.Model):
    """A client's answers and, once given in, what followed from them."""

    STATES = [
        ("draft", "draft"),
        ("submitted", "submitted"),
        ("signed", "signed"),
        ("replaced", "replaced"),
        ("discarded", "discarded"),
    ]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="consultations")
    state = models.CharField(max_length=12, choices=STATES, default="draft", db_index=True)
    answers = models.JSONField(default=dict)
    """Nested as in an intake file, days as ISO text; what is left out is not known."""
    answered_on = models.JSONField(default=dict)
    """Path of an answer to the day it was given, so that fresh ones need not be asked again."""
    skipped = models.JSONField(default=list)
    """Paths that the client passed over."""
    trail = models.JSONField(default=list)
    """``[path, version]`` of what was answered or passed over, in that order: the way back, and who changed what."""
    carried = models.JSONField(default=list)
    """Paths whose answers were taken over from an earlier consultation, or from the client's record."""
    told = models.JSONField(default=list)
    """Urgent referrals (``referral.…``) that the client has been shown."""
    version = models.PositiveIntegerField(default=1)
    """Counts changes: an answer from a stale page or another tab is told so."""
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    """The day it was worked out for."""
    knowledge = models.CharField(max_length=64, blank=True)
    """Hash of the knowledge it was worked out with."""
    reports = models.JSONField(default=dict)
    """Language of the knowledge texts to the report, as ``exchange.model.Report`` writes it."""

    class Meta:
        """Newest first; one draft a client."""

        ordering = ("-begun_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("client",), condition=models.Q(state="draft"), name="one_draft_a_client"),
        )

    def __str__(self) -> str:
        """Its id."""
        return f"consultation {self.pk}"


class Review(models.Model):
    """A practitioner's signature under a consultation, with what they changed and why."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="reviews")
    by = models.ForeignKey(Membership, models.PROTECT)
    level = models.PositiveSmallIntegerField()
    """Of the practitioner when signing."""
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    """To the client, in the practitioner's words."""
    adjustments = models.JSONField(default=list)
    """``[{"what": "treatment.aha_peel", "status": "defer", "reason": "..."}]``; stricter than screening only."""
    report_sha256 = models.CharField(max_length=64)
    """Of the reports that were signed."""

    class Meta:
        """Newest first."""

        ordering = ("-at", "-id")

    def __str__(self) -> str:
        """Its number."""
        return f"review {self.pk}"


class Clearance(models.Model):
    """A paper that lifts a rule, such as a prescriber's letter."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="clearances")
    kind = models.CharField(max_length=64)
    """As the knowledge names it."""
    scope = models.JSONField(default=list)
    """What it is about: ids of rules or treatments, or ``all``."""
    given_on = models.DateField()
    until = models.DateField()
    """Last day on which it counts; a paper without an end would lift a rule for ever."""
    by = models.CharField(max_length=120)
    """Who wrote it."""
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(Membership, models.PROTECT)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """Kind and number."""
        return f"clearance {self.kind} {self.pk}"


class Override(models.Model):
    """A signed decision to go ahead in spite of rules that allow it, for one client; see ``knowledge.clinic``."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="overrides")
    rules = models.JSONField()
    treatments = models.JSONField(default=list)
    by = models.ForeignKey(Membership, models.PROTECT)
    level = models.PositiveSmallIntegerField()
    reason = models.TextField()
    signed_at = models.DateTimeField()
    expires = models.DateField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """Its number."""
        return f"override {self.pk}"

"""Who works when, and when they don't."""

import uuid

from django.db import models

from pellucid.web.accounts.models import Membership
from pellucid.web.sites.models import Location


class Schedule(models.Model):
    """The weekly hours of one practitioner at one location, by its clock."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="schedules")
    location = models.ForeignKey(Location, models.CASCADE, related_name="schedules")
    hours = models.JSONField(default=dict)
    """Weekday (``mon``) to spans (``["09:00-18:00"]``)."""
    breaks = models.JSONField(default=dict, blank=True)
    """Spans of the hours without appointments, in the same shape."""

    class Meta:
        """One of each."""

        ordering = ("location", "membership")
        constraints = (models.UniqueConstraint(fields=("membership", "location"), name="one_schedule_a_place"),)

    def __str__(self) -> str:
        """Its number."""
        return f"schedule {self.pk}"


class ExtraHours(models.Model):
    """Hours on one day that come on top of the weekly ones, also on a holiday; breaks don't cut into them."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="extra_hours")
    on = models.DateField()
    hours = models.JSONField(default=list)
    """Spans: ``["10:00-14:00"]``."""
    members = models.ManyToManyField(Membership, related_name="extra_hours", blank=True)
    """Who works then; nobody named is everybody with hours at the location."""
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        """As they come."""

        ordering = ("on", "id")

    def __str__(self) -> str:
        """Its number."""
        return f"extra hours {self.pk}"


class TimeOff(models.Model):
    """No appointments for one practitioner, from one moment to another; counts before anything else."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="time_off")
    starts = models.DateTimeField()
    ends = models.DateTimeField(db_index=True)
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        """As they come."""

        ordering = ("starts", "id")
        constraints = (models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="time_off_lasts"),)

    def __str__(self) -> str:
        """Its number."""
        return f"time off {self.pk}"


class BusyFeed(models.Model):
    """A calendar kept elsewhere, from which only the times are taken over at which somebody is busy."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="busy_feeds")
    name = models.CharField(max_length=120)
    url = models.URLField(max_length=1000, blank=True)
    """Where it is read from again and again; empty for a file that was handed in once. A secret: never logged."""
    read_at = models.DateTimeField(null=True, blank=True)
    """When it was last taken over without a fault."""
    tried_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=250, blank=True)
    """Why the last attempt failed; what was taken over before stays until it works again."""

    class Meta:
        """By name."""

        ordering = ("name", "id")

    def __str__(self) -> str:
        """Its id."""
        return f"busy feed {self.pk}"


class BusySpan(models.Model):
    """A time at which somebody is busy elsewhere, in minutes since 1970-01-01 00:00 UTC, half-open."""

    feed = models.ForeignKey(BusyFeed, models.CASCADE, related_name="spans")
    since = models.BigIntegerField()
    until = models.BigIntegerField(db_index=True)

    class Meta:
        """As they come."""

        ordering = ("since", "id")
        constraints = (models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="busy_lasts"),)

    def __str__(self) -> str:
        """Its number."""
        return f"busy span {self.pk}"

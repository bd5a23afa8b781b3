"""What Django's tasks interface lacks: jobs that run again, workers that show they live, and what runs by the clock."""

import uuid

from django.db import models


class Job(models.Model):
    """Something to be done once, however many attempts it takes."""

    STATES = [("waiting", "waiting"), ("done", "done"), ("given_up", "given up")]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    """What makes it this job: a second one with the same key is not made. No name or address."""
    task = models.CharField(max_length=200)
    """Dotted path of what does it."""
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=STATES, default="waiting", db_index=True)
    """``waiting`` while it is to be done or being done."""
    attempts = models.PositiveSmallIntegerField(default=0)
    """Begun so far."""
    fault = models.TextField(blank=True)
    """How the last attempt failed: the kind of error and where, never its words, which may hold data."""
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    """When the next attempt may begin."""
    ended_at = models.DateTimeField(null=True, blank=True, db_index=True)
    attempt = models.UUIDField(null=True, blank=True)
    """The task that is the present attempt, as ``django_tasks_db`` keeps it."""

    class Meta:
        """Newest first."""

        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        """Its key."""
        return self.key


class Worker(models.Model):
    """A process that does jobs; it counts as long as it lives."""

    id = models.CharField(primary_key=True, max_length=64)
    counted = models.PositiveIntegerField(default=0)
    """Goes up every few seconds; who sees it stand still knows that the process is gone, whatever the clocks say."""
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering = ("-since", "id")

    def __str__(self) -> str:
        """Its id."""
        return self.id


class Beat(models.Model):
    """The last time at which something of the schedule was due and was handed over to be done."""

    name = models.CharField(max_length=100, unique=True)
    last_at = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)
    """How often so far."""

    class Meta:
        """By name."""

        ordering = ("name",)

    def __str__(self) -> str:
        """Its name."""
        return self.name

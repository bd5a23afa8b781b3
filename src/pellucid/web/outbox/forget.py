"""Forgetting messages: what was sent or set aside is kept for a month, to be asked about, and then deleted."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce

from pellucid.web.outbox.models import Message

KEPT = timedelta(days=30)


def forget_old(*, now: datetime) -> int:
    """Delete messages a month after they were sent, ran out or were set aside; how many.

    A stuck one waits for somebody, unless it ran out a month ago: a code to a mistyped address helps nobody.
    """
    ended = Coalesce("sent_at", "useless_after", "created_at")
    over = Q(state__in=("sent", "too_late", "set_aside")) | Q(state="stuck", useless_after__isnull=False)
    deleted, _ = Message.objects.alias(ended=ended).filter(over, ended__lt=now - KEPT).delete()
    return deleted

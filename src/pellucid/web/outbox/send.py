"""Putting messages into the outbox. What takes them out and sends them is in ``deliver``."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from pellucid.web.outbox.background import deliver
from pellucid.web.outbox.models import Message

CODE = "code"
"""The kind of messages that hold a code: sent soon or not at all, and emptied afterwards."""
CODE_LASTS = timedelta(minutes=10)


def put(
    *,
    kind: str,
    to: str,
    body: str,
    now: datetime,
    key: str = "",
    subject: str = "",
    html: str = "",
    invite: str = "",
    channel: str = "email",
    language: str = "en",
    not_before: datetime | None = None,
    useless_after: datetime | None = None,
) -> Message:
    """Have a message sent; call it inside the transaction of what it tells of, so that both happen or neither.

    Args:
        kind: ``code``, ``invitation``, ``result_ready``.
        to: an e-mail address, or a phone number where ``channel`` is ``"text"``.
        body: plain text.
        now: when.
        key: what makes it this message, such as ``result_ready.<consultation>``; where one with this key stands
            already that one is returned and nothing is sent again. Without one every call sends. No address in it.
        subject: of a mail.
        html: the same as a page, for mails.
        invite: an iCalendar object that goes with a mail; its ``METHOD`` says whether to add or to take out.
        channel: ``"email"`` or ``"text"``.
        language: of the words, ``en`` or ``zh-hant``.
        not_before: when to send it, if later.
        useless_after: when it is of no use any more; codes run out after ten minutes by themselves.
    """
    if kind == CODE and useless_after is None:
        useless_after = now + CODE_LASTS
    with transaction.atomic():
        message, is_new = Message.objects.get_or_create(
            key=key or f"{kind}.{uuid.uuid4()}",
            defaults={
                "kind": kind,
                "to": to,
                "subject": " ".join(subject.split()),
                "body": body,
                "html": html,
                "invite": invite,
                "channel": channel,
                "language": language,
                "created_at": now,
                "next_at": max(now, not_before or now),
                "useless_after": useless_after,
            },
        )
        if is_new:
            deliver.put(key=f"outbox.{message.pk}", now=now, not_before=message.next_at)
    return message

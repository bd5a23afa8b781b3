"""The messages that signing in sends; they wait in the outbox."""

from datetime import datetime, timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from pellucid.web.outbox.models import Message
from pellucid.web.outbox.send import put
from pellucid.web.sites.queries import clinic


def send(
    kind: str,
    *,
    to: str,
    language: str,
    now: datetime,
    key: str = "",
    not_before: datetime | None = None,
    useless_after: datetime | None = None,
    invite: str = "",
    template: str = "",
    **context: object,
) -> Message:
    """Write a message from its template and put it into the outbox.

    The template ``messages/<kind>.txt`` holds the subject in its first line; a text message leaves the subject out.

    Args:
        kind: names the message in the outbox.
        to: an e-mail address, or a phone number that begins with ``+``.
        language: of the reader.
        now: when.
        key: see ``outbox.send.put``.
        not_before: when to send it, if later.
        useless_after: when it helps nobody any more.
        invite: an iCalendar object that goes with a mail; a text message leaves it out.
        template: another template than the one of the kind's name.
        context: what the template needs; ``clinic`` and ``origin`` come by themselves.
    """
    with translation.override(language):
        whole = render_to_string(
            f"messages/{template or kind}.txt", {"clinic": clinic(), "origin": settings.ORIGIN, **context}
        )
    subject, _, body = whole.strip().partition("\n")
    is_text = to.startswith("+")
    return put(
        kind=kind,
        to=to,
        subject=subject.strip(),
        body=body.strip(),
        now=now,
        key=key,
        channel="text" if is_text else "email",
        invite="" if is_text else invite,
        language=language,
        not_before=not_before,
        useless_after=useless_after,
    )


def minutes(seconds: float) -> int:
    """Whole minutes, as people are told."""
    return round(timedelta(seconds=seconds) / timedelta(minutes=1))

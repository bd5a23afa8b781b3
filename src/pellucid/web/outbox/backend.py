"""Django's own mails go into the outbox, like all others."""

from typing import TYPE_CHECKING, Any

from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import get_language

from pellucid.web.outbox.send import put
from pellucid.web.sites import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage

KIND = "X-Pellucid-Kind"
"""A header that says which kind of message it is, such as ``code``; it does not leave."""


class OutboxBackend(BaseEmailBackend):
    """Puts mails into the outbox instead of sending them; one for each who gets it."""

    def send_messages(self, email_messages: "Sequence[EmailMessage]") -> int:
        """Keep them; how many."""
        now = clock.now()
        for mail in email_messages:
            for address in mail.recipients():
                put(
                    kind=str(mail.extra_headers.get(KIND, "account")),
                    to=address,
                    subject=str(mail.subject),
                    body=str(mail.body),
                    html=_html(mail),
                    language=get_language() or "en",
                    now=now,
                )
        return len(email_messages)


def _html(mail: Any) -> str:
    """The page of a mail that has one."""
    for content, mimetype in getattr(mail, "alternatives", []):
        if mimetype == "text/html":
            return str(content)
    return ""

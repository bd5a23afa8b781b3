"""What takes a message away: a mail server, a program for text messages, or in a demo the console.

Faults say what went wrong without the address and without the message's words.
"""

import re
import smtplib
import subprocess
import sys
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from pellucid.web.outbox.models import Message

SECONDS = 15
"""How long a server or program may take to answer."""
REFUSED_FOR_GOOD = 500
"""SMTP answers from here on mean that trying again is of no use."""

METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)
"""What an invitation asks a calendar to do (RFC 5546): ``REQUEST``, ``CANCEL``."""


class Refused(Exception):  # noqa: N818 - reads as what happened
    """This message was refused; others may go."""

    def __init__(self, said: str, *, for_good: bool = False) -> None:
        """Keep whether trying again is of use."""
        super().__init__(said)
        self.for_good = for_good


class Unreachable(Exception):  # noqa: N818 - reads as what happened
    """Nothing can be sent at the moment."""


def mail(message: Message) -> None:
    """Send a mail.

    Raises:
        Refused: the server does not take this one.
        Unreachable: there is no server, or it does not answer.
    """
    url = settings.ENVIRONMENT.mail
    if not url and settings.DEMO:
        _print(message)
        return
    if not url:
        raise Unreachable("no mail server is set (PELLUCID_MAIL)")
    try:
        with server(url) as connection:
            _letter(message, connection).send()
    except smtplib.SMTPRecipientsRefused as fault:
        codes = [code for code, _ in fault.recipients.values()]
        raise Refused(_said(fault, codes[0] if codes else 0), for_good=_for_good(codes)) from None
    except smtplib.SMTPResponseException as fault:
        raise Unreachable(_said(fault, fault.smtp_code)) from None
    except (OSError, smtplib.SMTPException) as fault:
        raise Unreachable(_said(fault, 0)) from None


def text(message: Message) -> None:
    """Hand a text message to the program that sends them, with the number as argument and the words as its input.

    Raises:
        Refused: the program said no, or the number is none.
        Unreachable: there is no program, or it did not end.
    """
    command = settings.ENVIRONMENT.text_command
    if not command and settings.DEMO:
        _print(message)
        return
    if not command:
        raise Unreachable("no program for text messages is set (PELLUCID_TEXT_COMMAND)")
    if not message.to.lstrip("+").isdigit():
        raise Refused("not a phone number", for_good=True)
    try:
        ended = subprocess.run(  # noqa: S603 - the clinic's own program, without a shell; the number is digits
            [command, message.to], input=message.body.encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise Unreachable(f"the program for text messages: {type(fault).__name__}") from None
    if ended.returncode:
        raise Refused(f"the program for text messages ended with {ended.returncode}")


def server(url: str) -> EmailBackend:
    """The connection that an address such as ``smtps://user:password@host:465`` means.

    ``smtps`` is encrypted from the start. ``smtp`` with a user is encrypted before the password is sent, or fails;
    without one it is for a server on the same machine.
    """
    parts = urlsplit(url)
    is_encrypted = parts.scheme == "smtps"
    return EmailBackend(
        host=parts.hostname or "localhost",
        port=parts.port or (465 if is_encrypted else 587 if parts.username else 25),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=is_encrypted,
        use_tls=bool(parts.username) and not is_encrypted,
        timeout=SECONDS,
        fail_silently=False,
    )


def message_id(message: Message) -> str:
    """The same at each attempt."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{message.pk}@{domain}>"


def _letter(message: Message, connection: EmailBackend) -> EmailMultiAlternatives:
    letter = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body,
        to=[message.to],
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    if message.html:
        letter.attach_alternative(message.html, "text/html")
    if message.invite:
        _invite(letter, message.invite)
    return letter


def _invite(letter: EmailMultiAlternatives, invite: str) -> None:
    """An invitation in both ways that mail programs look for it: as a part of its own kind, and as a file."""
    method = METHOD.search(invite)
    kind = f"text/calendar; method={method[1]}" if method else "text/calendar"
    letter.attach_alternative(invite, kind)
    letter.attach("visit.ics", invite.encode(), "application/ics")


def _print(message: Message) -> None:
    """Show it on the console; demos have nobody else to send it to."""
    lines = [f"--- to {message.to}: {message.subject or message.kind}", message.body.strip(), "---"]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _for_good(codes: list[int]) -> bool:
    return bool(codes) and all(code >= REFUSED_FOR_GOOD for code in codes)


def _said(fault: Exception, code: int) -> str:
    return f"the mail server: {type(fault).__name__}" + (f" {code}" if code else "")

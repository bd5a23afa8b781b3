"""A mail server that keeps what it gets, and fails as a test wants."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import EmailMessage


class PostOffice:
    """Speaks enough SMTP for Django's mails."""

    def __init__(self) -> None:
        """Listen on a port of its own."""
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refuse_with = ""
        """What to answer to each recipient instead of 250, such as ``550 no such user``."""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as lines:
                self._talk(lines)

    def _talk(self, lines: object) -> None:
        answer(lines, "220 here")
        for line in lines:  # type: ignore[attr-defined] # a file of a socket
            word = line.decode().split(" ")[0].strip().upper()
            if word == "RCPT":
                self.recipients.append(line.decode().partition("<")[2].partition(">")[0])
                answer(lines, self.refuse_with or "250 ok")
            elif word == "DATA":
                answer(lines, "354 go on")
                body = b"".join(iter(lines.readline, b".\r\n"))  # type: ignore[attr-defined] # as above
                self.mails.append(message_from_bytes(body, policy=policy.default))
                answer(lines, "250 taken")
            else:
                answer(lines, "221 bye" if word == "QUIT" else "250 ok")

    def close(self) -> None:
        with suppress(OSError):  # closed before
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)


def answer(lines: object, words: str) -> None:
    lines.write(f"{words}\r\n".encode())  # type: ignore[attr-defined] # a file of a socket
    lines.flush()  # type: ignore[attr-defined] # as above


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """One that is open while a test needs it."""
    office = PostOffice()
    try:
        yield office
    finally:
        office.close()

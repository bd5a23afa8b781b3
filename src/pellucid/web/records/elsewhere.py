"""Reading a file from an address that somebody gave, without letting the address lead into our own network.

Only https. Each name is looked up once, every address of it has to be a public one, and the connection goes to the
very address that was looked at, so a name that answers differently a moment later leads nowhere. Redirects are
followed by the same rules. What is read has a limit in bytes, and all of it together one in seconds.
"""

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Event, Timer
from urllib.parse import SplitResult, urljoin, urlsplit

LARGEST = 5_000_000
"""Bytes."""
PATIENCE = 20.0
"""Seconds that one answer may take, from the connection to the last byte."""
MOST_REDIRECTS = 4
REDIRECTS = frozenset({301, 302, 303, 307, 308})
OK = 200
PIECE = 65_536
HTTPS = 443
TRANSLATED = IPv6Network("64:ff9b::/96")
"""Addresses of IPv4 written as IPv6, which a gateway translates back."""

LookUp = Callable[[str, int], Sequence[str]]


class ElsewhereError(Exception):
    """It can't be read; ``code`` says why, and holds nothing of the address."""

    def __init__(self, code: str) -> None:
        """Keep why: ``address``, ``unknown``, ``private``, ``unreached``, ``status``, ``redirects`` or ``large``."""
        self.code = code
        super().__init__(code)


def fetch(url: str, *, look_up: LookUp | None = None, trust: ssl.SSLContext | None = None) -> bytes:
    """What an address answers with.

    Args:
        url: an https address.
        look_up: host and port to the addresses that may be asked; by default ``public_addresses``.
        trust: which certificates are believed; by default the system's.

    Raises:
        ElsewhereError: it can't be had.
    """
    look_up, trust = look_up or public_addresses, trust or ssl.create_default_context()
    for _ in range(MOST_REDIRECTS + 1):
        body, onward = _asked(_checked(url), look_up, trust)
        if body is not None:
            return body
        url = _joined(url, onward)
    raise ElsewhereError("redirects")


def _joined(url: str, onward: str) -> str:
    try:
        return urljoin(url, onward)
    except ValueError:
        raise ElsewhereError("address") from None


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ElsewhereError("address") from None
    if parts.scheme.lower() != "https" or not parts.hostname or parts.username is not None or port == 0:
        raise ElsewhereError("address")
    return parts


def public_addresses(host: str, port: int) -> list[str]:
    """The addresses of a host, all of them public.

    Raises:
        ElsewhereError: it has none, or one of them lies in a network that isn't public.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ElsewhereError("unknown") from None
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not addresses or not all(is_public(each) for each in addresses):
        raise ElsewhereError("private")
    return addresses


def is_public(address: str) -> bool:
    """Whether an address can be reached by anybody; one that stands for another is judged by that one too."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.teredo or found.sixtofour or found.is_site_local:
            return False
        inside = found.ipv4_mapped or (IPv4Address(int(found) & 0xFFFFFFFF) if found in TRANSLATED else None)
        if inside is not None:
            return is_public(str(inside))
    return found.is_global and not found.is_multicast


def _asked(parts: SplitResult, look_up: LookUp, trust: ssl.SSLContext) -> tuple[bytes | None, str]:
    """The body of an answer, or where it sends one."""
    host, port = parts.hostname or "", parts.port or HTTPS
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    headers = {"User-Agent": "Pellucid", "Accept": "text/calendar", "Accept-Encoding": "identity"}
    with _connected(host, port, look_up(host, port), trust) as connection:
        connection.request("GET", path, headers=headers)
        return _read(connection.getresponse())


@contextmanager
def _connected(host: str, port: int, addresses: Sequence[str], trust: ssl.SSLContext) -> Iterator[HTTPConnection]:
    """A connection to the first address that answers; it is cut off when patience ends, and nothing of it counts."""
    line, over = _line(host, port, addresses, trust), Event()
    guard = Timer(PATIENCE, _cut, [line, over])
    guard.daemon = True
    guard.start()
    try:
        line.do_handshake()
        connection = HTTPSConnection(host, port)
        connection.sock = line
        yield connection
    except (OSError, HTTPException, ValueError):  # also a certificate that isn't believed
        raise ElsewhereError("unreached") from None
    finally:
        guard.cancel()
        line.close()
    if over.is_set():
        raise ElsewhereError("unreached")


def _line(host: str, port: int, addresses: Sequence[str], trust: ssl.SSLContext) -> ssl.SSLSocket:
    for address in addresses:
        try:
            plain = socket.create_connection((address, port), timeout=PATIENCE)
            return trust.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
        except (OSError, ValueError):
            continue
    raise ElsewhereError("unreached")


def _cut(line: ssl.SSLSocket, over: Event) -> None:
    over.set()
    with suppress(OSError):  # it is closed already
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def _read(answer: HTTPResponse) -> tuple[bytes | None, str]:
    if answer.status in REDIRECTS and answer.headers.get("Location"):
        return None, str(answer.headers["Location"])
    if answer.status != OK or answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ElsewhereError("status")
    found = bytearray()
    while piece := answer.read(PIECE):
        found += piece
        if len(found) > LARGEST:
            raise ElsewhereError("large")
    if answer.length:  # it ended before all that it announced was there
        raise ElsewhereError("unreached")
    return bytes(found), ""

"""A server with https on this machine, as somebody's calendar elsewhere: what it answers is set by each test."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "calendar.example"
Answer = Callable[[BaseHTTPRequestHandler], None]


def certificate(folder: Path) -> Path:
    """A certificate for ``HOST`` with its key, signed by nobody but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(plain + made.public_bytes(pem))
    return path


class Elsewhere:
    """The server, while it runs."""

    def __init__(self, folder: Path) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        path = certificate(folder)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        own.load_cert_chain(path)
        self.server.socket = own.wrap_socket(self.server.socket, server_side=True)
        self.trust = ssl.create_default_context(cafile=str(path))
        self.port = self.server.server_address[1]

    def url(self, path: str = "/") -> str:
        return f"https://{HOST}:{self.port}{path}"

    def look_up(self, host: str, port: int) -> list[str]:
        """What a name server would say, if it were allowed to name this machine."""
        assert host == HOST
        return ["127.0.0.1"]

    def says(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        def answer(to: BaseHTTPRequestHandler) -> None:
            to.send_response(status)
            for name, value in {"Content_Length": str(len(body)), **headers}.items():
                to.send_header(name.replace("_", "-"), value)
            to.end_headers()
            to.wfile.write(body)

        self.answers[path] = answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        elsewhere = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                elsewhere.asked.append(self.path)
                elsewhere.answers[self.path](self)

            def log_message(self, *told: object) -> None:
                pass

        return Handler


@contextmanager
def served(folder: Path) -> Iterator[Elsewhere]:
    """Run it for a while."""
    found = Elsewhere(folder)
    thread = Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.server.shutdown()
        found.server.server_close()
        thread.join()

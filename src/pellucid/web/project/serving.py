"""Starting everything with one command: what has to be ready first, then the server and the background jobs."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from pellucid.web.project.checks import SETTINGS_CHECKS
from pellucid.web.project.environment import Environment

Say = Callable[[str], object]
Child = subprocess.Popen[bytes]
PATIENCE = 30.0
"""Seconds for the server to answer first, and for what it is doing to end when it is stopped."""
PAUSE = 0.1


def check_demo(given: Environment) -> None:
    """Ask for what is wrong with a demo's settings.

    Raises:
        SystemCheckError: with everything that is.
    """
    wrong = [str(found) for check in SETTINGS_CHECKS for found in check(given) if found.is_serious()]
    if wrong:
        raise SystemCheckError("\n".join(wrong))


def check_port(given: Environment) -> None:
    """Try to listen where the server will.

    Raises:
        OSError: something else does.
    """
    family = socket.AF_INET6 if ":" in given.address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((given.address, int(given.port)))
        probe.listen()


def prepare(say: Say) -> None:
    """Tables, static files, and in a demo its clinic; only what is not ready yet."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Preparing the database ...")
        call_command("migrate", verbosity=0)
    _collect(say)
    if settings.DEMO:
        from pellucid.web.project.demo.build import build, is_built  # noqa: PLC0415 - only a demo needs it
        from pellucid.web.sites import clock  # noqa: PLC0415

        if not is_built():
            say("Making the demo clinic ...")
            build(clock.now())
    connection.close()


def _collect(say: Say) -> None:
    """Static files under the names that browsers may keep, if any has changed."""
    stamp, now = settings.STATIC_ROOT / ".stamp", _fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return
    say("Collecting style sheets and pictures ...")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)


def _fingerprint() -> str:
    """Changes when any static file does."""
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            known = Path(storage.path(path)).stat()
            found.update(f"{path} {known.st_size} {known.st_mtime_ns}\n".encode())
    return found.hexdigest()


def run(given: Environment, say: Say) -> int:
    """Run server and background jobs until told to stop, or until the server ends by itself; the exit code."""
    stopped: list[int] = []
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, _: stopped.append(number))
    children = {"server": _start(SERVER)}
    try:
        is_up = _answers(given, children["server"], stopped)
        children["work"] = _start(WORK)  # only now, so that it does not delay the first page
        if is_up:
            say(f"\nPellucid runs on {given.origin or f'port {given.port}'}; Ctrl-C stops it.")
            if given.demo:
                _show_links(say)
        while not stopped and children["server"].poll() is None:
            if children["work"].poll() is not None:
                say("The background jobs ended by themselves; starting them again.")
                time.sleep(1)
                children["work"] = _start(WORK)
            time.sleep(PAUSE)
    finally:
        _stop(children.values())
    return 0 if stopped else 1


SERVER = (sys.executable, "-m", "pellucid.web.project.server")
WORK = (sys.executable, "-m", "django", "work", "--parent")


def _start(command: tuple[str, ...]) -> Child:
    """In a session of its own: Ctrl-C reaches this process alone, which then ends the others in order.

    It is told our number: where we were killed while it begins, it would take whoever adopts it for us.
    """
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "pellucid.web.project.settings"}
    whole = (*command, str(os.getpid()))
    return subprocess.Popen(whole, env=environment, start_new_session=True)  # noqa: S603 - our own commands


def _stop(children: Iterable[Child]) -> None:
    """Tell all to end, and wait until they have; what does not end in time is ended."""
    running = [child for child in children if child.poll() is None]
    for child in running:
        child.terminate()
    until = time.monotonic() + PATIENCE
    for child in running:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()


def _answers(given: Environment, server: Child, stopped: list[int]) -> bool:
    """Wait until the server answers; whether it does."""
    host = "[::1]" if ":" in given.address else "127.0.0.1" if given.address == "0.0.0.0" else given.address  # noqa: S104
    asked = urllib.request.Request(
        f"http://{host}:{given.port}/robots.txt",
        headers={"Host": next(iter(given.hosts), "localhost"), "X-Forwarded-Proto": "https"},
    )
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not stopped and server.poll() is None:
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE):  # noqa: S310 - as above
                return True
        except urllib.error.HTTPError:  # it answers, whatever it says
            return True
        except OSError:
            time.sleep(PAUSE)
    return False


def _show_links(say: Say) -> None:
    from pellucid.web.project.demo.links import link, people  # noqa: PLC0415 - only a demo has it

    say("Links that sign you in as somebody of the demo clinic:")
    for what, user in people():
        say(f"  {what:<16}{user.name:<20}{link(user)}")
    connection.close()

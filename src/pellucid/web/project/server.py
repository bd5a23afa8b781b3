"""The web server's process: ``python -m pellucid.web.project.server``, with the number of the process that starts it.

It ends when that one is gone.
"""

import os
import signal
import sys
import threading
import time

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from pellucid.web.project.environment import Environment, read

LOOK = 1.0
"""Seconds between looks for the parent process."""
UNTIL_KILLED = 15
"""Seconds for answers that are on their way when the server is stopped."""


def server(given: Environment) -> MPServer:
    """The server as the environment wants it: a few processes, each with a few threads that answer."""
    return MPServer(
        "pellucid.web.project.wsgi:application",
        address=given.address,
        port=int(given.port),
        interface=Interfaces.WSGI,
        workers=int(given.processes),
        blocking_threads=int(given.threads),
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=UNTIL_KILLED,
    )


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(
        target=_end_with, args=(int(sys.argv[1]) if len(sys.argv) > 1 else os.getppid(),), daemon=True
    ).start()
    server(read()).serve()

"""A database file of its own, and processes that work on it: for what only separate processes can show."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = "pellucid.web.project.settings"
PREPARED = "import django; django.setup()\n"


class Apart:
    """A folder with a database, and processes on it."""

    def __init__(self, folder: Path) -> None:
        """Use a folder; the database in it is migrated already."""
        self.folder = folder
        given = {name: value for name, value in os.environ.items() if not name.startswith("PELLUCID_")}
        given.pop("DATABASE_URL", None)
        self.environment = {
            **given,
            "PELLUCID_DEMO": "1",
            "PELLUCID_FOLDER": str(folder),
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "PYTHONPATH": str(ROOT),
            "TEST_FOLDER": str(folder),
        }

    def start(self, script: str) -> subprocess.Popen[str]:
        """A process that runs a script with Django set up."""
        command = [sys.executable, "-c", PREPARED + script]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
        )

    def run(self, script: str) -> str:
        """What a script prints."""
        process = self.start(script)
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0, said
        return said

    def django(self, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
        """One of Django's commands."""
        command = [sys.executable, "-m", "django", *words]
        environment = {**self.environment, **given}
        return subprocess.run(
            command, env=environment, check=False, capture_output=True, text=True, encoding="utf-8", timeout=120
        )


def until(happened: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait for something that another process does."""
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database in which nothing has happened yet."""
    folder = tmp_path_factory.mktemp("migrated")
    ended = Apart(folder).django("migrate", "--verbosity=0")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder


@pytest.fixture
def apart(migrated: Path, tmp_path: Path) -> Apart:
    """A database of one's own."""
    shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)
    return Apart(tmp_path)

"""Sets Django up for the tests of the web application; the other tests run without it."""

import os
import tempfile
from collections.abc import Iterator
from importlib import import_module

import django
import pytest

SETTINGS = "pellucid.web.project.settings"
FOLDER = tempfile.TemporaryDirectory(prefix="pellucid-tests-")  # until the process ends
GIVEN = [name for name in os.environ if name.startswith("PELLUCID_") or name == "DATABASE_URL"]
for name in GIVEN:
    del os.environ[name]
os.environ.update(PELLUCID_DEMO="1", PELLUCID_FOLDER=FOLDER.name, DJANGO_SETTINGS_MODULE=SETTINGS)

from django.conf import settings  # noqa: E402 - it reads what is set above

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN}
settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
django.setup()

from django.db import connection  # noqa: E402 - as above
from django.test import TransactionTestCase  # noqa: E402 - as above
from django.utils import translation  # noqa: E402 - as above
from tests.web.booking_cast import bookable, booking_services, hours, rooms  # noqa: E402 - models need Django
from tests.web.cast import alice, bob, clinic, doris, frida, north, olga, omar, petra, south  # noqa: E402 - models need Django

APPEND_ONLY = import_module("pellucid.web.audit.migrations.0002_append_only")
emptied = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined] # the stubs leave it out


def _let_go(case: TransactionTestCase) -> None:
    """Tests that commit empty every table behind them; the audit trail allows that for this moment alone."""
    with connection.cursor() as cursor:
        for statement in APPEND_ONLY.OFF[connection.vendor]:
            cursor.execute(statement)
    try:
        emptied(case)
    finally:
        with connection.cursor() as cursor:
            for statement in APPEND_ONLY.ON[connection.vendor]:
                cursor.execute(statement)


TransactionTestCase._fixture_teardown = _let_go  # type: ignore[attr-defined] # there is no hook around it


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """The language of a test's last page would stay for the next test."""
    with translation.override("en"):
        yield


__all__ = [
    "alice",
    "bob",
    "bookable",
    "booking_services",
    "clinic",
    "doris",
    "frida",
    "hours",
    "north",
    "olga",
    "omar",
    "petra",
    "rooms",
    "south",
]

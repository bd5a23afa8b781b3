"""Logs say what went wrong and where; not what people typed, and nothing that lets somebody in."""

import logging
from collections.abc import Iterator
from io import StringIO
from typing import NoReturn

import pytest
from django.core import signing
from django.db import IntegrityError
from django.http import HttpRequest
from django.test import Client as Browser
from django.urls import path

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.project.logs import Formatter, without_tokens

ADDRESS = "ana@example.org"
TOKEN = "Zk3v9QmX-2bT_h7LwPdR5sYcN8aUeJ0fGiKoB1VxM4t"  # noqa: S105 - made up


def stumble() -> NoReturn:
    """As PostgreSQL does."""
    raise IntegrityError(f"duplicate key value\nDETAIL:  Key (email)=({ADDRESS}) already exists.")


@allow(Permission.PUBLIC)
def broken(request: HttpRequest, token: str) -> NoReturn:
    """A view that stumbles over the database and then over that."""
    try:
        stumble()
    except IntegrityError as fault:
        raise ValueError(f"for {ADDRESS}") from fault


urlpatterns = [path("invitation/<str:token>/", broken)]


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the console shows, by the handler that the settings made."""
    handlers = logging.getLogger("django.request").handlers  # among them those that listen for the tests
    (console,) = [each for each in handlers if type(each) is logging.StreamHandler]
    written = StringIO()
    before = console.setStream(written)
    yield written
    console.setStream(before)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_fault_of_a_page_is_told_with_its_lines_and_without_its_words(log: StringIO) -> None:
    browser = Browser(raise_request_exception=False)
    assert browser.get(f"/invitation/{TOKEN}/").status_code == 500
    said = log.getvalue()
    for kind, function, below in (("IntegrityError", stumble, 2), ("ValueError", broken, 6)):
        line = function.__code__.co_firstlineno + below
        assert f'{__file__}", line {line}, in {function.__name__}\n' in said
        assert f".{kind}\n" in said
    assert said.index("IntegrityError") < said.index("ValueError")
    assert said.startswith("Internal Server Error: /invitation/…/")
    assert ADDRESS not in said
    assert TOKEN not in said


def test_words_that_another_handler_kept_are_not_taken_over() -> None:
    try:
        stumble()
    except IntegrityError as fault:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "Fault", None, (type(fault), fault, None))
    assert ADDRESS in logging.Formatter().format(record)
    assert "IntegrityError" in Formatter().format(record)
    assert ADDRESS not in Formatter().format(record)


def test_errors_tied_into_a_ring_are_each_told_once() -> None:
    first, second = ValueError("a"), TypeError("b")
    first.__cause__, second.__cause__ = second, first
    said = Formatter().formatException((ValueError, first, None))
    assert (said.count("ValueError"), said.count("TypeError")) == (1, 1)


@pytest.mark.parametrize(
    "token",
    [
        TOKEN,
        signing.dumps(["3f0e9f7c-2b53-4b0c-9a51-6b1f0a7d2c11", ADDRESS, 1764000000], salt="x", compress=True),
        signing.Signer(salt="demo").sign("3f0e9f7c-2b53-4b0c-9a51-6b1f0a7d2c11"),
    ],
    ids=["invitation", "guardian", "demo"],
)
def test_links_that_let_somebody_in_are_cut(token: str) -> None:
    assert without_tokens(f"Gone: /zh-hant/x/{token}/ (twice: /x/{token})") == "Gone: /zh-hant/x/…/ (twice: /x/…"


@pytest.mark.parametrize(
    "part",
    [
        "/clinic/clients/3f0e9f7c-2b53-4b0c-9a51-6b1f0a7d2c11/",
        "/me/result/3f0e9f7c-2b53-4b0c-9a51-6b1f0a7d2c11.pdf",
        "/treatments/radiofrequency-microneedling-of-the-face/",
    ],
)
def test_ids_and_names_of_pages_stay(part: str) -> None:
    assert without_tokens(f"Not found: {part}") == f"Not found: {part}"

"""What has no Chinese yet is found in code and templates, and compiled the same way each time."""

import gettext
import importlib.util
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from tests.web.apart import ROOT

PY = """\
from django.utils.translation import gettext as _, ngettext
x = _("Hello %(name)s")
y = ngettext("day", "days", 2)
"""
HTML = """\
{% extends "x" %}
  <p>it's {% translate "Bye" context "end" %}</p>
{% blocktranslate trimmed %}
  Two
  lines {{ n }}
{% endblocktranslate %}
"""
IDS = {("", "Hello %(name)s"), ("", "day"), ("end", "Bye"), ("", "Two lines %(n)s")}
WHOLE = """
# --- a section
msgid "Hello %(name)s"
msgstr "你好，%(name)s"

msgid "day"
msgid_plural "days"
msgstr[0] "天"

msgctxt "end"
msgid "Bye"
msgstr "再見"

msgid "Two lines %(n)s"
msgstr "兩行 %(n)s"
"""


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "docs" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def app(tmp_path: Path, messages: ModuleType) -> Callable[[str], Path]:
    def made(translated: str) -> Path:
        (tmp_path / "templates").mkdir()
        (tmp_path / "views.py").write_text(PY, "utf-8")
        (tmp_path / "templates" / "page.html").write_text(HTML, "utf-8")
        po = tmp_path / messages.PO
        po.parent.mkdir(parents=True)
        po.write_text(messages.HEADER + translated, "utf-8")
        return tmp_path

    return made


def faults(messages: ModuleType, app: Path) -> list[str]:
    return [fault.partition("django.po: ")[2] for fault in messages._app(app, write=False, check=False)]


def test_sentences_of_code_and_templates_are_found(messages: ModuleType, app: Callable[[str], Path]) -> None:
    found = messages.sentences(app(""))
    assert set(found) == IDS
    assert found["end", "Bye"][0] == "templates/page.html:2"


def test_where_all_is_translated_nothing_is_said(messages: ModuleType, app: Callable[[str], Path]) -> None:
    assert faults(messages, app(WHOLE)) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('msgstr "再見"', 'msgstr ""', "not translated: 'Bye' (templates/page.html:2)"),
        ('msgstr[0] "天"', 'msgstr[0] ""', "not translated: 'day' (views.py:3)"),
        ('msgctxt "end"', '#, fuzzy\nmsgctxt "end"', "marked as not sure: 'Bye'"),
        ("兩行 %(n)s", "兩行 %(m)s", "other placeholders than the English: 'Two lines %(n)s'"),
        ("# --- a section", 'msgid "Gone"\nmsgstr "沒有了"\n', "out of use: 'Gone'"),
    ],
)
def test_what_is_wrong_is_said(
    messages: ModuleType, app: Callable[[str], Path], before: str, after: str, fault: str
) -> None:
    assert faults(messages, app(WHOLE.replace(before, after))) == [fault]


def test_a_sentence_of_another_package_may_stand(messages: ModuleType, app: Callable[[str], Path]) -> None:
    other = '# in place of Django\'s\nmsgid "Enter a number."\nmsgstr "請輸入數字。"\n'
    assert faults(messages, app(f"{WHOLE}\n{other}")) == []


def test_what_is_missing_is_added_and_the_rest_stays(messages: ModuleType, app: Callable[[str], Path]) -> None:
    folder = app('\n# --- a section\nmsgid "day"\nmsgid_plural "days"\nmsgstr[0] "天"\n')
    before = (folder / messages.PO).read_text("utf-8")
    list(messages._app(folder, write=True, check=False))
    after = (folder / messages.PO).read_text("utf-8")
    assert after.startswith(before)
    assert {messages._id(each) for each in messages.read(folder / messages.PO) if each.id} == IDS


def test_compiled_it_is_read_by_others_and_always_the_same(messages: ModuleType, app: Callable[[str], Path]) -> None:
    po = app(WHOLE) / messages.PO
    first, second = (messages.compiled_of(messages.read(po)) for _ in range(2))
    assert first == second
    read = gettext.GNUTranslations(BytesIO(first))
    assert (read.pgettext("end", "Bye"), read.ngettext("day", "days", 5)) == ("再見", "天")


def test_a_stale_file_is_found(messages: ModuleType, app: Callable[[str], Path]) -> None:
    folder = app(WHOLE)
    assert [fault.partition(".mo: ")[2] for fault in messages._app(folder, write=False, check=True)] == [
        "stale; run docs/messages.py"
    ]
    list(messages._app(folder, write=False, check=False))
    assert list(messages._app(folder, write=False, check=True)) == []

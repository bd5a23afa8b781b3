"""Every template of the web application keeps to the strict content policy; what is vendored is what it says."""

import hashlib
import re
from pathlib import Path

import pytest

from pellucid import web

WEB = Path(web.__file__).parent
TEMPLATES = sorted(path for path in WEB.rglob("templates/**/*") if path.suffix in {".html", ".svg"})
STATIC = WEB / "ui" / "static" / "ui"
STYLES = "\n".join(path.read_text("utf-8") for path in sorted((STATIC / "css").glob("*.css")))

TAG = re.compile(r"<[a-zA-Z][^<>]*>")
INLINE = re.compile(r"\s(?:style|on[a-z]+|hx-on[\w:-]*)\s*=", re.IGNORECASE)
ELEMENT = re.compile(r"<style\b|<script\b(?![^>]*\bsrc=)", re.IGNORECASE)
DATA = re.compile(r'<script\b[^>]*\btype="application/(?:ld\+)?json"[^>]*>', re.IGNORECASE)
ELSEWHERE = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=["'](?:https?:)?//""", re.IGNORECASE)
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)


def name_of(path: Path) -> str:
    return path.relative_to(WEB).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_has_inline_styles_or_scripts(path: Path) -> None:
    text = COMMENT.sub("", path.read_text("utf-8"))
    assert not [tag for tag in TAG.findall(text) if INLINE.search(tag)]
    assert not ELEMENT.search(DATA.sub("", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_asks_another_server_for_anything(path: Path) -> None:
    assert not ELSEWHERE.search(path.read_text("utf-8"))


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.css")), ids=lambda path: path.name)
def test_no_style_sheet_loads_anything(path: Path) -> None:
    assert "url(" not in path.read_text("utf-8")
    assert "@import" not in path.read_text("utf-8")


def test_every_name_that_a_style_uses_is_defined() -> None:
    used = set(re.findall(r"var\(--([\w-]+)", STYLES))
    defined = set(re.findall(r"--([\w-]+):", STYLES))
    assert used <= defined


def test_vendored_files_are_what_their_table_says() -> None:
    rows = re.findall(
        r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", (STATIC / "VENDORED.txt").read_text("utf-8"), re.MULTILINE
    )
    assert rows
    for name, wanted in rows:
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == wanted
        assert (STATIC / f"{name.split('.')[0]}.LICENSE.txt").is_file()
    assert {path.name for path in STATIC.glob("*.min.js")} == {name for name, _ in rows}


def test_own_scripts_work_under_the_strict_policy() -> None:
    script = (STATIC / "pellucid.js").read_text("utf-8")
    assert not re.search(r"\beval\(|new Function|innerHTML|\.style\b|setAttribute\(\"(?:style|on)", script)

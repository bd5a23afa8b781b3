"""Every class that a template names has a rule in a style sheet: a slip in a name shows here."""

import re
from pathlib import Path

import pytest

from pellucid import web

WEB = Path(web.__file__).parent
STYLES = "\n".join(path.read_text("utf-8") for path in sorted(WEB.rglob("*.css")))
STYLED = set(re.findall(r"\.([a-zA-Z][\w-]*)", STYLES))
TEMPLATES = sorted(path for path in WEB.rglob("templates/**/*.html") if "class=" in path.read_text("utf-8"))
LOGIC = re.compile(r"{%.*?%}")
PUT_TOGETHER = re.compile(r"[\w-]*--{%.*?{% endif %}|[\w-]*{{.*?}}[\w-]*")


def classes_of(template: str) -> set[str]:
    """The classes that are written out; one that is put together while drawing is left out."""
    whole = LOGIC.sub(" ", PUT_TOGETHER.sub(" ", template))
    return {name for given in re.findall(r'\bclass="([^"]*)"', whole) for name in given.split()}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(WEB).as_posix())
def test_every_class_has_a_rule(path: Path) -> None:
    assert classes_of(path.read_text("utf-8")) - STYLED == set()

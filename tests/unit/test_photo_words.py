"""Every reason and every advice that photos can give has words in both languages."""

import re
from pathlib import Path
from string import Formatter

import pellucid
from pellucid.knowledge.base import Knowledge

VISION = Path(pellucid.__file__).parent / "vision"


def test_every_reason_and_advice_has_words(knowledge: Knowledge) -> None:
    source = "\n".join(file.read_text("utf-8") for file in VISION.glob("*.py"))
    reasons = set(re.findall(r'Withheld\(\s*"(\w+)",\s*"(\w+)"', source))
    reasons |= {("change", code) for code in re.findall(r'"(light_\w+)"', source)}
    advised = re.findall(r'^ +\("(\w+)", ', source[source.index("def _advice(") :], re.MULTILINE)
    assert len(reasons) > 12
    assert len(advised) > 8
    numbers = set(re.findall(r'\("(\w+)", ', source))
    for texts in (knowledge.texts("en"), knowledge.texts("zh_hant")):
        for what, code in reasons:
            said = texts.phrase(f"photo.what.{what}") + texts.phrase(f"photo.why.{code}")
            assert {name for _, name, _, _ in Formatter().parse(said) if name} <= numbers
        assert all(texts.phrase(f"photo.advice.{name}") for name in advised)

"""A letter to a physician, dermatologist or prescriber: first a draft in words, then a PDF of what became of it.

The draft tells what the client said and what our rules made of it: observations, never a diagnosis. A practitioner
changes the words before anything is made of them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst
from django.utils.translation import gettext as _

from pellucid.exchange.pdf import ACCESSIBLE, PLACES
from pellucid.exchange.printable import FONTS, breakable, printable
from pellucid.exchange.wording import day
from pellucid.knowledge.texts import Texts
from pellucid.web.clinic.answers import Told

TEMPLATE: Final = Path(__file__).parent / "letter.typ"
LONGEST_WORD = 60
"""Letters that surely fit into a line."""

TO = ("physician", "dermatologist", "prescriber")

SHOWN_KINDS = frozenset({"skin_type", "pore_type", "concern"})
"""Findings that describe what is seen; what only a physician may name stays out."""

WEIGHTY = frozenset({"emergency", "same_day", "prompt", "routine", "consider", "refer", "blocked"})
"""Urgencies and statuses that make an answer worth telling."""

HEALTH = ("health.", "now.")
"""Beginnings of the answers that a physician wants to know in any case."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands on the paper."""

    clinic: str
    reach: Sequence[str]
    """How to reach the clinic, a line each."""
    to: Sequence[str]
    """Who gets it, a line each."""
    title: str
    text: str
    """Paragraphs with an empty line between; lines that begin with ``## `` are headings, with ``- `` a list."""
    signed: Sequence[str]
    on: date


def letter_pdf(letter: Letter, texts: Texts) -> bytes:
    """The letter as a PDF, tagged for screen readers; the same bytes for the same words."""
    language, region = PLACES[texts.language]
    data = {
        "language": language,
        "region": region,
        "clinic": letter.clinic,
        "reach": list(letter.reach),
        "to": list(letter.to),
        "day": day(letter.on, texts),
        "title": letter.title,
        "blocks": list(blocks(letter.text)),
        "signed": list(letter.signed),
    }
    return typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"data": json.dumps(_cleaned(data), ensure_ascii=False)},
        pdf_standards=ACCESSIBLE,
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _cleaned(value: Any) -> Any:
    """The same in characters that the fonts have, with places to end a line in very long words."""
    if isinstance(value, str):
        return breakable(printable(value), LONGEST_WORD)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    if isinstance(value, dict):
        return {key: _cleaned(each) for key, each in value.items()}
    return value


def blocks(text: str) -> Iterator[dict[str, Any]]:
    """The simple markup of a letter as headings, lists and paragraphs, in their order."""
    lines: list[str] = []
    for line in [*text.replace("\r\n", "\n").split("\n"), ""]:
        stripped = line.strip()
        if lines and (lines[0].startswith("- ") != stripped.startswith("- ") or not stripped):
            yield _block(lines)
            lines = []
        if stripped.startswith("## "):
            if lines:
                yield _block(lines)
                lines = []
            yield {"kind": "heading", "text": stripped[3:].strip()}
        elif stripped:
            lines.append(stripped)


def _block(lines: Sequence[str]) -> dict[str, Any]:
    if lines[0].startswith("- "):
        return {"kind": "list", "lines": [line[2:].strip() for line in lines]}
    return {"kind": "paragraph", "text": " ".join(lines)}


# --- the draft --------------------------------------------------------------------------------------------


def title(to: str) -> str:
    """What a letter is called."""
    if to == "prescriber":
        return _("A question about a medicine before a skin treatment")
    return _("Please have a look at our client's skin")


def draft(
    *, to: str, who: str, born: date | None, report: Mapping[str, Any], told: Sequence[Told], texts: Texts
) -> str:
    """A first text, in the language that is active.

    Args:
        to: ``physician``, ``dermatologist`` or ``prescriber``.
        who: the client's name.
        born: their date of birth, if known.
        report: of the consultation, in the same language.
        told: their answers in the same language.
        texts: the words.
    """
    asked = _("What we ask")
    parts = [
        _("Dear colleague,"),
        _opening(who, born, date.fromisoformat(report["answered_on"]), texts),
        *_section(_("What our client told us"), _told(told, texts)),
        *_section(_("What we noticed"), _noticed(report, texts)),
        *_section(_("What we have told our client"), _advised(report)),
        *_section(_("What depends on it"), _depends(report, texts)),
        f"## {asked}",
        _asked(to),
        _("Thank you for your help."),
    ]
    return "\n\n".join(parts)


def _opening(who: str, born: date | None, on: date, texts: Texts) -> str:
    words = {"who": who, "born": day(born, texts) if born else "", "on": day(on, texts)}
    if born:
        first = _("%(who)s, born on %(born)s, answered our questions about skin and health on %(on)s.") % words
    else:
        first = _("%(who)s answered our questions about skin and health on %(on)s.") % words
    rest = _("What follows is what we were told and what we noticed. It is an observation and names no illness.")
    return f"{first} {rest}"


def _section(heading: str, lines: Iterator[str]) -> list[str]:
    found = list(dict.fromkeys(lines))
    return [f"## {heading}", "\n".join(f"- {line}" for line in found)] if found else []


def _told(told: Sequence[Told], texts: Texts) -> Iterator[str]:
    colon = texts.phrase("report.colon")
    for each in told:
        weighty = any(follows.status in WEIGHTY for follows in each.follows)
        if weighty or each.path.startswith(HEALTH):
            yield f"{each.label}{colon}{each.words}"


def _noticed(report: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    kinds = {"skin_type": _("Skin type"), "pore_type": _("Pores")}
    colon = texts.phrase("report.colon")
    for each in report["findings"]:
        if each["kind"] in SHOWN_KINDS and each["id"] != "cannot_tell":
            yield f"{kinds[each['kind']]}{colon}{each['name']}" if each["kind"] in kinds else each["name"]


def _advised(report: Mapping[str, Any]) -> Iterator[str]:
    """What our client was told to do, without the reason: that may name what only a physician can."""
    for each in report["referral"]:
        if each["urgency"] != "consider":
            yield each["do"]


def _depends(report: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """Treatments that wait for a word from a physician, with the rule."""
    colon = texts.phrase("report.colon")
    for each in report["screening"]:
        waits = [reason["name"] for reason in each["reasons"] if reason["status"] == "refer" and reason["lifted_by"]]
        if waits:
            yield f"{each['name']}{colon}{texts.phrase('words.list').join(waits)}"


def _asked(to: str) -> str:
    if to == "prescriber":
        return _(
            "May the medicine be paused before a treatment, and if so from which day to which? We have asked our "
            "client to keep using it as you agreed until you say otherwise. Please also tell us which treatments you "
            "would rather not have done meanwhile."
        )
    if to == "dermatologist":
        return _(
            "Please see our client, and tell us whether anything speaks against a cosmetic treatment of the face, or "
            "what should happen first. We do nothing on the skin in question until we hear from you."
        )
    return _(
        "Please look at what is told above, and tell us whether anything speaks against a cosmetic treatment of the "
        "face, or what should happen first. We do nothing until we hear from you."
    )

"""The clinic's rules with one window or cap set anew: tighter as it is, looser with a signature."""

from collections.abc import Iterator, Mapping
from datetime import date

from pellucid.knowledge.clinic import CapChange, ClinicRules, Signature, WindowChange
from pellucid.knowledge.schema.base import LevelName
from pellucid.knowledge.schema.home import Cap
from pellucid.knowledge.schema.rules import Window
from pellucid.model.errors import ClinicRulesError
from pellucid.web.accounts.models import Membership

LEVEL_NAMES: Mapping[int, LevelName] = {0: "L0", 1: "L1", 2: "L2", 3: "L3", 4: "L4"}

Asked = Mapping[str, float]
"""Column of a window to days, or kind of skin to how often."""


def signature(member: Membership, reason: str, today: date) -> Signature | None:
    """What a member of staff can sign a change with; None without a licence level."""
    if not member.level:
        return None
    return Signature(by=member.user.ref, level=LEVEL_NAMES[member.level], reason=reason, signed=today)


def with_window(rules: ClinicRules, window: Window, asked: Asked, signed: Signature | None) -> ClinicRules:
    """The rules with other days for one window; a number that stood keeps the signature that it had."""
    others = tuple(each for each in rules.windows if each.window != window.id)
    changed = sorted((*others, *_windows(rules, window, asked, signed)), key=lambda each: (each.window, each.column))
    return rules.model_copy(update={"windows": tuple(changed)})


def _windows(rules: ClinicRules, window: Window, asked: Asked, signed: Signature | None) -> Iterator[WindowChange]:
    standing = {each.column: each for each in rules.windows if each.window == window.id}
    for column, cell in window.columns.items():
        days, before = int(asked[column]), standing.get(column)
        if days == cell.whole_days:
            continue
        if before is not None and before.days == days:
            yield before
        else:
            needed = signed if days < cell.whole_days else None
            yield WindowChange(window=window.id, column=column, days=days, signature=needed)


def with_cap(rules: ClinicRules, cap: Cap, asked: Asked, signed: Signature | None) -> ClinicRules:
    """The rules with another cap for some kinds of skin."""
    others = tuple(each for each in rules.caps if each.cap != cap.id)
    changed = sorted((*others, *_caps(rules, cap, asked, signed)), key=lambda each: (each.cap, each.skin))
    return rules.model_copy(update={"caps": tuple(changed)})


def _caps(rules: ClinicRules, cap: Cap, asked: Asked, signed: Signature | None) -> Iterator[CapChange]:
    standing = {each.skin: each for each in rules.caps if each.cap == cap.id}
    for skin, value in cap.by_skin.items():
        most, before = float(asked[skin]), standing.get(skin)
        if most == value.default:
            continue
        if before is not None and before.most == most:
            yield before
        else:
            needed = signed if most > value.default else None
            yield CapChange(cap=cap.id, skin=skin, most=most, signature=needed)


def wrong_fields(error: ClinicRulesError, rules: ClinicRules) -> Iterator[str]:
    """The columns and kinds of skin that a refusal is about."""
    for problem in error.problems:
        kind, _open, rest = problem.where.partition("[")
        number = int(rest.partition("]")[0]) if rest else -1
        if kind == "windows":
            yield rules.windows[number].column
        elif kind == "caps":
            yield rules.caps[number].skin

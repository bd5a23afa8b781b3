"""What differs between two reports: for "what if", and later for "what changed since"."""

from typing import NamedTuple

from pellucid.exchange.model import Report


class Change(NamedTuple):
    """One difference: what it is about, and its words before and after (empty where it wasn't there)."""

    about: str
    ref: str
    before: str
    after: str


def compare(before: Report, after: Report) -> tuple[Change, ...]:
    """Findings, statuses, earliest dates, referrals and the routine that differ."""
    found = [
        *_differences("finding", _findings(before), _findings(after)),
        *_differences("status", _statuses(before), _statuses(after)),
        *_differences("earliest", _earliest(before), _earliest(after)),
        *_differences("referral", _referrals(before), _referrals(after)),
        *_differences("routine", _routine(before), _routine(after)),
    ]
    return tuple(found)


def _differences(about: str, before: dict[str, str], after: dict[str, str]) -> list[Change]:
    refs = [*before, *(ref for ref in after if ref not in before)]
    return [
        Change(about, ref, before.get(ref, ""), after.get(ref, ""))
        for ref in refs
        if before.get(ref, "") != after.get(ref, "")
    ]


def _findings(report: Report) -> dict[str, str]:
    return {each.ref: each.name for each in report.findings if each.id != "cannot_tell"}


def _statuses(report: Report) -> dict[str, str]:
    return {each.name: each.status for each in report.screening}


def _earliest(report: Report) -> dict[str, str]:
    return {each.name: each.earliest.isoformat() if each.earliest else "" for each in report.options}


def _referrals(report: Report) -> dict[str, str]:
    return {each.rule: each.text for each in report.referral}


def _routine(report: Report) -> dict[str, str]:
    layers = (*report.routine.morning, *report.routine.evening, *report.routine.deep_clean)
    return {each.product: each.name for layer in layers for each in layer.products}

"""What of a person's own products, medicines and routine needs care: pairs, pregnancy, sun."""

from pellucid.consult.evidence import Evidence, holds_today, open_today
from pellucid.knowledge.schema import home
from pellucid.knowledge.schema.people import Exposure
from pellucid.model.routine import Caution

PREGNANCY = {
    "pregnant": "health.pregnancy.pregnant",
    "planning": "health.pregnancy.planning",
    "breastfeeding": "health.breastfeeding",
}
STRICTEST = ("avoid", "prescriber", "limit", "fine")


def _holds(name: str, evidence: Evidence) -> bool:
    return holds_today(evidence.name(name), evidence)


def _open(name: str, evidence: Evidence) -> bool:
    return open_today(evidence.name(name), evidence)


def pair_cautions(placed: set[str], evidence: Evidence) -> tuple[Caution, ...]:
    """Pairs of which both sides are in use or in the routine; allowed pairs too, since people ask."""
    products = evidence.knowledge.of(home.Product)
    in_routine = _names_of(placed, evidence) | {f"layer.{layer}" for name in placed for layer in products[name].layers}

    def there(name: str) -> bool:
        own = not name.startswith(("layer.", "product.", "treatment.")) and _holds(name, evidence)
        return own or name in in_routine

    return tuple(
        Caution(pair.ref, pair.verdict, (pair.first, pair.second), pair.source, pair.disagreement)
        for pair in evidence.knowledge.of(home.Pair).values()
        if there(pair.first) and there(pair.second)
    )


def _names_of(placed: set[str], evidence: Evidence) -> set[str]:
    """Products of the routine, their actives and the groups of these, as conditions name them."""
    products = evidence.knowledge.of(home.Product)
    actives = {f"active.{active}" for name in placed for active in products[name].actives}
    return actives | _groups(actives, evidence) | {f"product.{name}" for name in placed}


def _groups(names: set[str], evidence: Evidence) -> set[str]:
    exposures = evidence.knowledge.of(Exposure)
    return {f"active.{group}" for name in names if name in exposures for group in exposures[name].groups}


def pregnancy_cautions(placed: set[str], evidence: Evidence) -> tuple[Caution, ...]:
    """What pregnancy, planning or breastfeeding means for what is used or placed; the strictest word wins.

    Where nobody knows whether one of them holds, it is shown as if it did.
    """
    stages = [stage for stage, name in PREGNANCY.items() if _holds(name, evidence) or _open(name, evidence)]
    if not stages:
        return ()
    found = []
    in_routine = _names_of(placed, evidence)
    for rule in evidence.knowledge.of(home.PregnancyRule).values():
        own = tuple(name for name in rule.matches if name in in_routine or _used(name, evidence))
        verdict = min((getattr(rule, stage) for stage in stages), key=STRICTEST.index)
        if own:
            found.append(Caution(rule.ref, verdict, own, rule.source, rule.disagreement))
    return tuple(found)


def _used(name: str, evidence: Evidence) -> bool:
    return not name.startswith("product.") and _holds(name, evidence)


def sun_rules(evidence: Evidence) -> tuple[str, ...]:
    """Ids of the sun rules that hold or may hold."""
    return tuple(
        rule.id
        for rule in evidence.knowledge.of(home.SunRule).values()
        if rule.when is None or _may(rule.when, evidence)
    )


def _may(when: str, evidence: Evidence) -> bool:
    truth = evidence.truth(when)
    return holds_today(truth, evidence) or open_today(truth, evidence)

"""What breaks a rule in a care plan, in words: names for ids, and at the end the rule with its sources."""

from datetime import date

from pellucid.exchange.wording import Wording, day, number
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.texts import Texts
from pellucid.model.errors import UnknownIdError
from pellucid.model.plan import CarePlan, Detail, Named, Value, Violation
from pellucid.model.slot import Slot
from pellucid.plan.check import phrase_of
from pellucid.plan.check_view import day_of

AS_WRITTEN = frozenset(
    {
        "key_twice",
        "treatment_unknown",
        "product_unknown",
        "layer_unknown",
        "log",
        "set_aside_missing",
        "set_aside_wrong",
    }
)
"""Kinds of violation that are about what stands in the file itself."""

PHRASES = {
    "column": "detail.column.{}",
    "refusal": "detail.refusal.{}",
    "routine": "detail.routine.{}",
    "standing": "plan.standing.{}",
    "status": "status.{}.short",
    "verdict": "pair.{}",
}
"""What is told by a phrase of its own."""


class ViolationWords:
    """The violations of one plan in one language."""

    def __init__(self, plan: CarePlan, knowledge: Knowledge, texts: Texts) -> None:
        """Remember where names come from."""
        self.knowledge = knowledge
        self.texts = texts
        self.wording = Wording(knowledge, texts)
        self.slots = {slot.id: slot for slot in (*plan.preferences.booked, *(each.slot for each in plan.sessions))}
        self.keys = {each.key: each.slot for each in plan.sessions}

    def sentence(self, violation: Violation) -> str:
        """One violation as a sentence, with the rule behind it and its sources at the end."""
        raw = violation.code in AS_WRITTEN
        told = self.texts.phrase(
            phrase_of(violation),
            what=violation.what if raw else self.name(Named("what", violation.what)),
            day=day(violation.on, self.texts) if violation.on else "",
            detail=self.detail(violation.detail),
            rule=self._rule(violation.rule),
        )
        return f"{told} [{self._behind(violation.rule)}]" if violation.rule else told

    def detail(self, detail: Detail) -> str:
        """What exactly is wrong: the numbers and names."""
        values = {name: self._value(value) for name, value in detail.values}
        if not detail:
            return ""
        one = self._phrase(f"detail.{detail.phrase}.one", **values) if values.get("n") == "1" else ""
        return one or self.texts.phrase(f"detail.{detail.phrase}", **values)

    def _behind(self, rule: str) -> str:
        record = self.knowledge.by_ref.get(rule)
        sources = " ".join(record.source) if record else ""
        return f"{rule}: {sources}" if sources else rule

    def _rule(self, rule: str) -> str:
        """The rule's own name; some belong to screening and have a phrase."""
        kind = rule.partition(".")[0]
        if kind in {"house", "scope"}:
            return self.texts.phrase(f"{rule if kind == 'house' else 'house.licence_level'}.name")
        return self._line(rule)

    def _value(self, value: Value) -> str:
        match value:
            case Named():
                return self.name(value)
            case tuple():
                return self.texts.phrase("words.list").join(dict.fromkeys(map(self._value, value)))
            case date():
                return day(value, self.texts)
            case float():
                return number(value)
        return str(value)

    # --- names ----------------------------------------------------------------------------------------

    def name(self, named: Named) -> str:
        """The name of something; the id as it stands where there is none."""
        kind, name = named
        if kind in PHRASES:
            return self._phrase(PHRASES[kind].format(name)) or name
        match kind:
            case "session" | "slot":
                return self._session(name)
            case "what":
                return self._anything(name)
            case "name":
                return self.wording.name(name)
            case "condition":
                return self.wording.condition(name)
            case "do":
                return self._line(name)
        ref = f"{kind}.{name}"
        return self.texts.get(ref, "name") if ref in self.knowledge.by_ref else name

    def _phrase(self, phrase: str, **values: object) -> str:
        """A phrase if there is one: a file that was edited by hand may hold any word."""
        try:
            return self.texts.phrase(phrase, **values)
        except UnknownIdError:
            return ""

    def _anything(self, name: str) -> str:
        """A session, product, layer or treatment, whichever it is."""
        if name in self.keys or name in self.slots:
            slot = self.keys.get(name) or self.slots[name]
            return self._treatment(slot)
        kinds = ("product", "layer", "treatment")
        ref = next((f"{kind}.{name}" for kind in kinds if f"{kind}.{name}" in self.knowledge.by_ref), None)
        return self.texts.get(ref, "name") if ref else name

    def _session(self, name: str) -> str:
        """A visit by its treatment and day; what the person has had done, in their own words."""
        slot = self.keys.get(name) or self.slots.get(name)
        if slot is None:
            return name
        on, treatment = day_of(slot), self._treatment(slot)
        return self.texts.phrase("detail.visit", name=treatment, day=day(on, self.texts)) if on else treatment

    def _treatment(self, slot: Slot) -> str:
        ref = f"treatment.{slot.treatment}"
        return self.texts.get(ref, "name") if ref in self.knowledge.by_ref else slot.treatment

    def _line(self, rule: str) -> str:
        """The name of a rule, or what it says where it has none, as most lines of preparation and after-care."""
        record = self.knowledge.by_ref.get(rule)
        field = next((each for each in ("name", "do") if record and each in record.texts), None)
        return self.texts.get(rule, field) if field else rule

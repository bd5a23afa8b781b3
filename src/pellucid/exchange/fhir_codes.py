"""What every resource of a FHIR bundle is made from: our code systems, ids that stay the same, references, periods.

The resources themselves are in ``fhir_answers``, ``fhir_issues`` and ``fhir_plan``; ``fhir`` puts the bundle together.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import NAMESPACE_URL, uuid5

from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.period import Period
from fhir.resources.R4B.reference import Reference

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.texts import Texts
from pellucid.model.care import Care
from pellucid.model.plan import CarePlan

BASE = "urn:pellucid"
"""Every system of ours starts with it. No web address: nobody has registered a domain for one."""

NAMESPACE = uuid5(NAMESPACE_URL, BASE)
"""Ids of resources are UUIDs of version 5 in it."""

LANGUAGE_TAGS = {"en": "en", "zh_hant": "zh-Hant"}
"""Language of the texts to its tag by BCP 47."""


@dataclass(frozen=True, eq=False)
class Export:
    """What one bundle is made from, and the ids in it."""

    care: Care
    plan: CarePlan
    knowledge: Knowledge
    texts: Texts

    @property
    def language(self) -> str:
        """The tag of the texts' language."""
        return LANGUAGE_TAGS[self.texts.language]

    @cached_property
    def _person(self) -> str:
        """Whose bundle it is; without a client reference the answers themselves tell people apart."""
        if self.care.profile.client:
            return f"client {self.care.profile.client}"
        answers = repr(sorted(self.care.profile.answers.items()))
        return f"answers {hashlib.sha256(answers.encode()).hexdigest()}"

    def id(self, kind: str, *key: object) -> str:
        """The id of a resource: the same for the same person, kind and key, whenever it is exported."""
        return str(uuid5(NAMESPACE, repr((self._person, kind, *map(str, key)))))

    def reference(self, kind: str, *key: object) -> Reference:
        """A reference to another resource of the bundle."""
        return Reference(reference=f"urn:uuid:{self.id(kind, *key)}", type=kind)

    @property
    def patient(self) -> Reference:
        """A reference to the person."""
        return self.reference("Patient")

    def treatment(self, treatment: str) -> CodeableConcept:
        """A treatment with its name."""
        return concept("treatment", treatment, self.texts.get(f"treatment.{treatment}", "name"))


def system(kind: str) -> str:
    """The system of one kind of code, such as ``urn:pellucid:code:treatment``."""
    return f"{BASE}:code:{kind}"


def identifier(kind: str, value: str) -> Identifier:
    """Something that is no resource of the bundle, or not only one, by the name that is used for it here."""
    return Identifier(system=f"{BASE}:id:{kind}", value=value)


def coding(kind: str, code: str, display: str) -> Coding:
    """One of our codes with its words."""
    return Coding(system=system(kind), code=code, display=display)


def concept(kind: str, code: str, display: str) -> CodeableConcept:
    """One of our codes as a concept."""
    return CodeableConcept(coding=[coding(kind, code, display)], text=display)


def period(start: date, end: date) -> Period:
    """Whole days, first and last included."""
    return Period.model_validate({"start": start, "end": end})

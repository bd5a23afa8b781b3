"""A result and its care plan as one FHIR R4B bundle, for systems that speak FHIR; see docs/guide/exchange_fhir.md.

Only the modules named ``fhir*`` import ``fhir.resources``, which takes a good part of a second to load.
"""

from datetime import UTC, date, datetime, time

from fhir.resources.R4B.bundle import Bundle, BundleEntry
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.consent import Consent
from fhir.resources.R4B.patient import Patient

from pellucid.exchange.fhir_answers import BIRTH_DATE, questionnaire_response
from pellucid.exchange.fhir_codes import Export, concept, identifier, system
from pellucid.exchange.fhir_issues import Issues
from pellucid.exchange.fhir_plan import appointments, care_plan
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.texts import Texts
from pellucid.model.care import Care
from pellucid.model.ids import AnswerPath
from pellucid.model.plan import CarePlan

SCOPES = "http://terminology.hl7.org/CodeSystem/consentscope"


def to_bundle(care: Care, plan: CarePlan, *, knowledge: Knowledge, texts: Texts, today: date) -> str:
    """Write a result and its plan as a FHIR R4B (4.3.0) bundle of type ``collection``.

    Args:
        care: what was worked out for the person.
        plan: a care plan for the same person.
        knowledge: the knowledge base that both were made with, with a clinic's rules if any.
        texts: the words of the report's language.
        today: the day of the export; the bundle is dated at its start, in UTC.

    Returns:
        JSON, the same byte for byte for the same arguments.
    """
    export = Export(care, plan, knowledge, texts)
    resources = [
        _patient(export),
        questionnaire_response(export),
        care_plan(export),
        *appointments(export),
        *Issues(export).all(),
        _consent(export),
    ]
    bundle = Bundle(
        id=export.id("Bundle", plan.start, plan.revision, today),
        language=export.language,
        type="collection",
        timestamp=datetime.combine(today, time(), UTC),
        entry=[BundleEntry(fullUrl=f"urn:uuid:{each.id}", resource=each) for each in resources],
    )
    return bundle.model_dump_json(indent=2)


def _patient(export: Export) -> Patient:
    """The person by the clinic's reference and year of birth, and by nothing else."""
    profile = export.care.profile
    born = profile.answers.get(AnswerPath(BIRTH_DATE))
    return Patient.model_validate(
        {
            "id": export.id("Patient"),
            "language": export.language,
            "identifier": [identifier("client", profile.client)] if profile.client else None,
            "birthDate": f"{born.year:04}" if born else None,
        }
    )


def _consent(export: Export) -> Consent:
    """The place for a consent, and that there is none: the intake asks for no agreement and nobody has signed."""
    texts = export.texts
    nothing_signed = Coding(system=system("consent"), code="nothing_signed")
    scope = Coding(system=SCOPES, code="treatment", display="Treatment")
    return Consent(
        id=export.id("Consent", export.plan.start),
        language=export.language,
        status="draft",
        scope=CodeableConcept(coding=[scope]),
        category=[concept("consent", "care_plan", texts.phrase("fhir.consent"))],
        patient=export.patient,
        policyRule=CodeableConcept(coding=[nothing_signed], text=texts.phrase("fhir.nothing_signed")),
    )

"""The answers of an intake as a FHIR QuestionnaireResponse; a link id is the path of the answer in an intake file.

Where people's names stand, and the day and month of birth, are held back; an empty list is the answer "none", since an
item without an answer would read as a question that nobody answered.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from fhir.resources.R4B.questionnaireresponse import (
    QuestionnaireResponse,
    QuestionnaireResponseItem,
    QuestionnaireResponseItemAnswer,
)

from pellucid.consult.intake import Entry
from pellucid.exchange.fhir_codes import BASE, Export, coding
from pellucid.knowledge.schema.people import Question
from pellucid.knowledge.texts import Texts
from pellucid.model.ids import AnswerPath

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
MASKED = "masked"
"""Given, and held back because it may name somebody."""
TO_BE_ASKED_AGAIN = "temp-unknown"
"""Given too long ago to count; it is asked again."""

BIRTH_DATE = "person.birth_date"
UNSURE = "unsure"


def questionnaire_response(export: Export) -> QuestionnaireResponse:
    """Every answer that was given, in the order of the questionnaire."""
    answered_on = export.care.profile.answered_on
    return QuestionnaireResponse.model_validate(
        {
            "id": export.id("QuestionnaireResponse", answered_on),
            "language": export.language,
            "questionnaire": f"{BASE}:questionnaire",
            "status": "completed",
            "subject": export.patient,
            "authored": answered_on,
            "item": list(_items(export)) or None,
        }
    )


def _items(export: Export) -> Iterator[QuestionnaireResponseItem]:
    profile, texts = export.care.profile, export.texts
    for question in export.knowledge.of(Question).values():
        path = AnswerPath(question.id)
        text = texts.get(question.ref, "ask")
        if path in profile.expired:
            yield _absent(path, text, TO_BE_ASKED_AGAIN)
        elif path not in profile.answers:
            continue
        elif question.record:
            yield from _entries(path, text, profile.answers[path], texts)
        else:
            yield _item(path, text, _answers(question, profile.answers[path], texts))
    unsure = profile.answers.get(AnswerPath(UNSURE), ())
    if unsure:
        yield _item(UNSURE, texts.phrase("fhir.unsure"), [_answer(name) for name in unsure])


def _answers(question: Question, given: Any, texts: Texts) -> list[QuestionnaireResponseItemAnswer]:
    if question.id == BIRTH_DATE:
        return [_value("valueDate", f"{given.year:04}")]
    if not question.options:
        return [_answer(given)]
    chosen = given if isinstance(given, list) else [given]
    return [_coded(question.id, option, texts.get(question.ref, f"options.{option}")) for option in chosen] or [
        _coded(question.id, "none_of_these", texts.phrase("fhir.none"))
    ]


def _entries(path: str, text: str, entries: list[Entry], texts: Texts) -> Iterator[QuestionnaireResponseItem]:
    """A group an entry, or one group that says there are none."""
    for entry in entries:
        yield QuestionnaireResponseItem(linkId=path, text=text, item=list(_fields(path, entry, texts)))
    if not entries:
        none = _item(f"{path}.none", texts.phrase("fhir.none"), [_answer(given=True)])
        yield QuestionnaireResponseItem(linkId=path, text=text, item=[none])


def _fields(path: str, entry: Entry, texts: Texts) -> Iterator[QuestionnaireResponseItem]:
    """What was written of one entry; what was left out stays out, even where it has a default."""
    for name, field in type(entry).model_fields.items():
        given = getattr(entry, name)
        if name not in entry.model_fields_set or given is None:
            continue
        label = field.alias or name
        link, text = f"{path}.{label}", texts.phrase(f"fhir_field.{label}")
        if _may_name_somebody(path, label, entry):
            yield _absent(link, text, MASKED)
        elif _has_options(field.annotation):
            yield _item(link, text, [_coded(link, given, _option(link, given, texts))])
        else:
            yield _item(link, text, [_answer(each) for each in (given if isinstance(given, list) else [given])])


def _may_name_somebody(path: str, field: str, entry: Entry) -> bool:
    """What an event or days away are called, and which parent or guardian signed: words that can name people."""
    if path == "papers.clearances":
        return field == "author" and getattr(entry, "kind", None) == "guardian_consent"
    return field == "name" and path in {"history.events", "wishes.away"}


def _has_options(annotation: Any) -> bool:
    return get_origin(annotation) is Literal or any(map(_has_options, get_args(annotation)))


def _option(link: str, option: str, texts: Texts) -> str:
    return texts.phrase(f"clearance.{option}" if link == "papers.clearances.kind" else f"fhir_option.{option}")


# --- small pieces -----------------------------------------------------------------------------------------


def _item(link: str, text: str, answers: list[QuestionnaireResponseItemAnswer]) -> QuestionnaireResponseItem:
    return QuestionnaireResponseItem(linkId=link, text=text, answer=answers)


def _absent(link: str, text: str, reason: str) -> QuestionnaireResponseItem:
    extension = {"url": ABSENT, "valueCode": reason}
    return QuestionnaireResponseItem.model_validate({"linkId": link, "text": text, "extension": [extension]})


def _answer(given: float | date | str) -> QuestionnaireResponseItemAnswer:
    match given:
        case bool():
            return _value("valueBoolean", given)
        case int():
            return _value("valueInteger", given)
        case float():
            return _value("valueDecimal", Decimal(str(given)))
        case date():
            return _value("valueDate", given)
        case str():
            return _value("valueString", given)


def _coded(path: str, option: str, display: str) -> QuestionnaireResponseItemAnswer:
    """A code is the name that conditions use: ``health.conditions.rosacea``."""
    return _value("valueCoding", coding("answer", f"{path}.{option}", display))


def _value(kind: str, value: object) -> QuestionnaireResponseItemAnswer:
    return QuestionnaireResponseItemAnswer.model_validate({kind: value})

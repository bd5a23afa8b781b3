"""One screen of the consultation as a form: the question's own kind of field, made of the questionnaire."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext as _

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import Question
from pellucid.knowledge.texts import Texts
from pellucid.model.errors import InputError
from pellucid.web.portal.consult_rows import NumberField, Rows, day_field
from pellucid.web.portal.consult_words import problem
from pellucid.web.records.questionnaire import Given, question_at
from pellucid.web.records.units import plain_number, unit

NONE: Final = "none_of_these"

ALONE: Final = frozenset({"none", "none_visible", "cannot_tell"})
"""Options that say "none of these" themselves."""


class WholeField(forms.IntegerField):
    """A whole number as people write it, in full-width digits too."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        """Read it."""
        return super().to_python(unicodedata.normalize("NFKC", str(value or "")).strip())


class SeveralField(forms.MultipleChoiceField):
    """Several options, or that none of them fits; knows the empty answer from no answer."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[str]:
        """The options chosen; none for "none of these".

        Raises:
            ValidationError: "none of these" beside others.
        """
        chosen: list[str] = super().clean(value)
        if NONE in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("“None of these” can't stand beside other answers."))
        return [each for each in chosen if each != NONE]


def field_of(question: Question, texts: Texts) -> forms.Field:
    """The field that takes a question's answer."""
    label = texts.get(f"question.{question.id}", "label")
    required = {"required": _missing(question)}
    match question.type:
        case "yes_no":
            choices = [("yes", _("Yes")), ("no", _("No"))]
            return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=required)
        case "choice":
            choices = options_of(question, texts)
            return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=required)
        case "multi":
            none = [] if ALONE & set(question.options) else [(NONE, _("None of these"))]
            choices = [*options_of(question, texts), *none]
            return SeveralField(label=label, choices=choices, error_messages=required)
        case "whole" | "number":
            return _number(question, label)
        case "day":
            return day_field(label=label, error_messages=required)
        case _:
            return forms.CharField(label=label, max_length=200, error_messages=required)


def _missing(question: Question) -> str:
    if question.type in {"yes_no", "choice", "multi"}:
        return _("Choose what fits. If you can't say, use one of the buttons below.")
    return _("Write your answer. If you can't say, use one of the buttons below.")


def _number(question: Question, label: str) -> forms.Field:
    """A field for a number within the question's bounds, with what is wrong in plain words."""
    bounds = [plain_number(each) for each in (question.minimum, question.maximum) if each is not None]
    between = _("Please give a number from %(low)s to %(high)s.") % {"low": bounds[0], "high": bounds[-1]}
    whole = question.type == "whole"
    made = WholeField if whole else NumberField
    field = made(label=label, help_text=unit(question), widget=_typed("numeric" if whole else "decimal"))
    field.validators += [MinValueValidator(question.minimum or 0)]
    field.validators += [MaxValueValidator(question.maximum)] if question.maximum is not None else []
    invalid = _("Please write a whole number, such as 3.") if whole else _("Please write a number, such as 3.5.")
    field.error_messages |= {"required": _missing(question), "invalid": invalid}
    field.error_messages |= {"min_value": between, "max_value": between}
    return field


def _typed(mode: str) -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": mode, "class": "input--short"})


def options_of(question: Question, texts: Texts) -> list[tuple[str, str]]:
    """A question's options with their words."""
    return [(each, texts.get(f"question.{question.id}", f"options.{each}")) for each in question.options]


class QuestionForm(forms.Form):
    """One question; on the face map there are several, each with its own prefix."""

    def __init__(
        self, question: Question, sent: QueryDict | None, *, texts: Texts, stored: Given, prefix: str | None
    ) -> None:
        """Give it the question's field, filled with what is stored."""
        initial = {"answer": shown(question, stored.value), "unsure_of": [_option(each) for each in stored.unsure]}
        super().__init__(sent, initial=initial, prefix=prefix)
        self.question = question
        self.fields["answer"] = field_of(question, texts)
        if question.type == "multi" and question.safety:
            label = _("Which of these are you not sure about?")
            choices = options_of(question, texts)
            several = forms.MultipleChoiceField(
                label=label, choices=choices, widget=forms.CheckboxSelectMultiple, required=False
            )
            self.fields["unsure_of"] = several

    def clean(self) -> dict[str, Any]:
        """What is chosen can't be unsure as well."""
        cleaned = super().clean() or self.cleaned_data
        unsure = cleaned.get("unsure_of")
        if unsure and set(unsure) & set(cleaned.get("answer") or ()):
            self.add_error("unsure_of", problem("is unsure as well"))
        return cleaned

    @property
    def filled(self) -> bool:
        """Whether anything was chosen or written."""
        return any(bool(self[name].data) for name in self.fields)

    @property
    def given(self) -> Given:
        """What was answered."""
        value = self.cleaned_data["answer"]
        unsure = tuple(f"{self.question.id}.{option}" for option in self.cleaned_data.get("unsure_of") or ())
        return Given(kept(self.question, value), unsure)


def _option(name: str) -> str:
    return name.rpartition(".")[2]


def shown(question: Question, value: Any) -> Any:
    """A stored answer as its field shows it."""
    if value is None:
        return None
    if question.type == "yes_no":
        return "yes" if value else "no"
    if question.type == "multi":
        return value or [NONE]
    return value


def kept(question: Question, value: Any) -> Any:
    """A field's value as an intake holds it."""
    match question.type:
        case "yes_no":
            return value == "yes"
        case "day":
            return value.isoformat()
        case _:
            return value


@dataclass
class Screen:
    """What one screen asks: one question, the rows of a list, or the zones of the face."""

    name: str
    questions: tuple[Question, ...]
    forms: tuple[QuestionForm, ...] = ()
    rows: Rows | None = None

    @property
    def first(self) -> Question:
        """The question that gives the screen its heading, unless it is the face map."""
        return self.questions[0]

    def valid(self) -> bool:
        """Whether everything on it can be taken; messages stand at the fields."""
        if self.rows is not None:
            return self.rows.sent_any and not self.rows.errors
        wanted = [form for form in self.forms if form.filled] or self.forms
        return not any([not form.is_valid() for form in wanted])  # noqa: C419 - each gets its messages

    @property
    def given(self) -> dict[str, Given]:
        """What was said to each question; a zone of the face without a mark was passed over."""
        if self.rows is not None:
            return {self.first.id: Given(self.rows.entries)}
        passed = Given(None, (), skipped=True)
        return {form.question.id: form.given if form.filled else passed for form in self.forms}

    def passed_over(self, do: str) -> dict[str, Given]:
        """What "I'm not sure", "skip" and "nothing to tell" mean."""
        if do == "unsure":
            return {each.id: Given(None, (each.id,)) for each in self.questions}
        if do == "none":
            return {each.id: Given([]) for each in self.questions}
        return {each.id: Given(None, (), skipped=True) for each in self.questions}

    def add_problems(self, error: InputError) -> None:
        """Put what the core says is wrong at the fields."""
        for each in error.problems:
            self._add_problem(each.where, problem(each.message))

    def _add_problem(self, where: str, message: str) -> None:
        path = question_at(where)
        if self.rows is not None:
            number, _bracket, field = where.removeprefix(f"{path}[").partition("]")
            self.rows.add_problem(int(number) if number.isdecimal() else 0, field.removeprefix("."), message)
        for form in self.forms:
            if form.question.id == path:
                form.add_error("answer", message)


def screen_for(
    name: str,
    questions: Iterable[Question],
    stored: Mapping[str, Given],
    *,
    texts: Texts,
    knowledge: Knowledge,
    sent: QueryDict | None = None,
) -> Screen:
    """A screen as stored, or as it was sent.

    Args:
        name: the path of the question, or ``questionnaire.FACE``.
        questions: what it asks.
        stored: path to what is stored of it.
        texts: words of the page's language.
        knowledge: for what is recognised.
        sent: what the browser sent.
    """
    asked = tuple(questions)
    if asked[0].record:
        entries = stored[asked[0].id].value or ()
        rows = Rows(asked[0], language=texts.language, knowledge=knowledge, stored=entries, sent=sent)
        return Screen(name, asked, rows=rows)
    made = [
        QuestionForm(
            each,
            sent,
            texts=texts,
            stored=stored[each.id],
            prefix=each.id.split(".")[1] if len(asked) > 1 else None,
        )
        for each in asked
    ]
    return Screen(name, asked, tuple(made))

"""What fields say that are empty or can't be read: ours in every form, in both languages."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.utils import translation

from pellucid.web.ui.field_words import WORDS

WEB = Path(__file__).parents[2] / "src" / "pellucid" / "web"
DJANGOS = ("This field", "Enter a", "Select a", "Ensure", "No file", "The submitted", "“%(pk)s”")


def every_form() -> Iterator[type[forms.BaseForm]]:
    """The forms of all parts."""
    for path in WEB.rglob("*.py"):
        if "forms" in path.as_posix().rpartition("web/")[2]:
            import_module(".".join(path.with_suffix("").relative_to(WEB.parents[1]).parts).removesuffix(".__init__"))
    waiting: list[type[forms.BaseForm]] = [forms.BaseForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith("pellucid."):
            yield form


def test_no_field_of_any_form_speaks_in_djangos_words() -> None:
    said = {
        (form.__name__, name, str(words))
        for form in every_form()
        for name, field in getattr(form, "base_fields", {}).items()
        for code, words in field.error_messages.items()
        if code not in {"max_length", "contradiction"} or not isinstance(field, forms.FileField)
    }
    assert len(said) > 100
    assert [each for each in said if each[2].startswith(DJANGOS)] == []


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        (forms.CharField(), "", "Please fill this in."),
        (forms.CharField(max_length=3), "four", "Please write no more than 3 characters; these are 4."),
        (forms.CharField(min_length=3), "no", "Please write at least 3 characters."),
        (forms.IntegerField(min_value=5), "4", "Please give 5 or more."),
        (forms.IntegerField(), "many", "Please write a whole number, such as 60."),
        (forms.DecimalField(decimal_places=2), "1.234", "Please write no more than 2 digits after the point."),
        (forms.ChoiceField(choices=[("a", "A")]), "", "Please choose one."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "Please choose one of those that are offered."),
        (forms.MultipleChoiceField(choices=[("a", "A")]), [], "Please choose at least one."),
        (forms.EmailField(), "nobody", "Please write an e-mail address, such as name@clinic.example."),
    ],
)
def test_it_says_what_to_do(field: forms.Field, typed: object, told: str) -> None:
    with pytest.raises(forms.ValidationError) as fault:
        field.clean(typed)
    assert fault.value.messages == [told]


def test_all_of_it_is_translated() -> None:
    for words in (each for kind in WORDS.values() for each in kind.values()):
        english = str(words)
        with translation.override("zh-hant"):
            assert str(words) != english

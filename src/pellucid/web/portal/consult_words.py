"""Words of the consultation: sections, what is wrong with an answer, and an answer as a person would say it."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pellucid.consult.dated import recognise
from pellucid.exchange import wording
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import Exposure, Question
from pellucid.knowledge.texts import Texts
from pellucid.web.records.questionnaire import Given
from pellucid.web.records.units import plain_number, with_unit

SECTIONS: Mapping[str, str | Promise] = {
    "consultation": gettext_lazy("The treatment"),
    "person": gettext_lazy("About you"),
    "health": gettext_lazy("Your health"),
    "now": gettext_lazy("Your skin right now"),
    "skin": gettext_lazy("How your skin behaves"),
    "pores": gettext_lazy("Your pores"),
    "lesions": gettext_lazy("Spots"),
    "cycle": gettext_lazy("Cycle and hormones"),
    "products": gettext_lazy("Products you use"),
    "history": gettext_lazy("What was done, and what is planned"),
    "habits": gettext_lazy("Everyday life"),
    "wishes": gettext_lazy("Your wishes"),
    "wellbeing": gettext_lazy("How you feel"),
    "instruments": gettext_lazy("Measurements"),
}
"""What the questions of a section are about."""

PROBLEMS: tuple[tuple[str, str | Promise], ...] = (
    (r"lies in the future", gettext_lazy("This day is still to come. Please check it.")),
    (r"lies outside .*", gettext_lazy("Please check the year.")),
    (r"is no date.*", gettext_lazy("Please write the day in full.")),
    (r"makes an age above .*", gettext_lazy("Please check the year of birth.")),
    (r"does not fit person\.birth_date", gettext_lazy("This age does not fit the date of birth.")),
    (r"does not fit the age", gettext_lazy("This does not fit the age you gave. Please check both.")),
    (r"lies before start", gettext_lazy("This day lies before the one on which it began.")),
    (r"lies before from", gettext_lazy("The last day lies before the first.")),
    (r"lies after stop", gettext_lazy("This day lies after the one on which you stopped.")),
    (r"lies before person\.birth_date", gettext_lazy("This day lies before the date of birth.")),
    (r"is true, but st\w+ lies in the future", gettext_lazy("You say it is over, but the day is still to come.")),
    (
        r"'\w+' can't stand beside other answers",
        gettext_lazy("This answer can't stand beside others. Choose it alone."),
    ),
    (r"diabetes can't be both .*", gettext_lazy("Diabetes can't be both well and not well under control. Choose one.")),
    (r"is not known here.*", gettext_lazy("Please choose one of the list.")),
    (r"is unsure as well", gettext_lazy("You marked the same thing as chosen and as not sure. Choose one of the two.")),
    (r"must be at least .*|must be at most .*", gettext_lazy("This number can't be right. Please check it.")),
    (r"has more than .* characters", gettext_lazy("This is too long. A few words are enough.")),
    (r"has more than .* entries", gettext_lazy("These are too many entries.")),
)
"""What the core says is wrong, as a pattern, and how it is said to a client."""

OTHERWISE = gettext_lazy("Something here does not fit. Please look at it again.")

KINDS = frozenset({"name", "kind"})
"""Parts of an entry that say what it is."""

CJK = "\u2e80"
"""The first character of the Chinese, Japanese and Korean scripts."""


def problem(message: str) -> str:
    """What is wrong with an answer, in kind words of the page's language."""
    return str(next((said for pattern, said in PROBLEMS if re.fullmatch(pattern, message)), OTHERWISE))


def section(question: Question) -> str:
    """What a question's section is about."""
    return str(SECTIONS[question.section])


def exposure_words(record: str, language: str, knowledge: Knowledge) -> list[tuple[str, str]]:
    """Kinds of medicine, product, procedure ... to choose from: a word that is recognised for sure, and its name."""
    found = [
        (own_word(each, language, knowledge), knowledge.texts(language).get(each.ref, "name"))
        for each in knowledge.of(Exposure).values()
        if each.id.startswith(f"{record}.") and not each.id.endswith((".unrecognised", ".no_rule"))
    ]
    return sorted(found, key=lambda each: each[1])


def own_word(exposure: Exposure, language: str, knowledge: Knowledge) -> str:
    """A word for a class in one language that means nothing else: its name, else what people write, else its id."""
    record, _dot, name = exposure.id.partition(".")
    chinese = language == "zh_hant"
    written = [each for each in exposure.names if any(letter >= CJK for letter in each) is chinese]
    candidates = (knowledge.texts(language).get(exposure.ref, "name"), *written)
    only: Callable[[str], bool] = lambda word: recognise(record, word, knowledge) == (exposure,)  # noqa: E731
    return next(filter(only, candidates), name.replace("_", " "))


def as_written(record: str, text: str, language: str, knowledge: Knowledge) -> str:
    """What to keep of a written name: the word that is recognised where it is the shown name of a class."""
    if recognise(record, text, knowledge):
        return text
    shown = {name.casefold(): word for word, name in exposure_words(record, language, knowledge)}
    return shown.get(text.casefold(), text)


class Said:
    """Answers in words of one language."""

    def __init__(self, texts: Texts, knowledge: Knowledge) -> None:
        """Remember the language."""
        self.texts, self.knowledge = texts, knowledge

    def lines(self, question: Question, given: Given) -> list[str]:
        """What was said to a question, a line a part."""
        lines = list(self._value(question, given.value)) if given.value is not None else []
        lines += [self._unsure(question, name) for name in given.unsure]
        return [*lines, _("Passed over")] if given.skipped else lines

    def _unsure(self, question: Question, name: str) -> str:
        if name == question.id:
            return _("Not sure")
        return _("Not sure: %(what)s") % {"what": self._option(question, name.rpartition(".")[2])}

    def _option(self, question: Question, option: str) -> str:
        return self.texts.get(f"question.{question.id}", f"options.{option}")

    def _value(self, question: Question, value: Any) -> Iterator[str]:
        match question.type:
            case "yes_no":
                yield _("Yes") if value else _("No")
            case "choice":
                yield self._option(question, value)
            case "multi":
                yield from map(partial(self._option, question), value)
                if not value:
                    yield _("None of these")
            case "records":
                yield from (self.entry(each) for each in value)
                if not value:
                    yield _("Nothing to tell")
            case "day":
                yield self._day(value)
            case "whole" | "number":
                yield with_unit(value, question)
            case _:
                yield str(value)

    def entry(self, entry: Mapping[str, Any]) -> str:
        """One entry of a list in a line: what, and what is known of it."""
        what = next((str(entry[key]) for key in ("name", "kind") if entry.get(key)), "")
        rest = [self._part(str(ENTRY_LABELS[key]), value) for key, value in entry.items() if key not in KINDS]
        joined = self.texts.phrase("words.list").join(each for each in rest if each)
        return f"{what} ({joined})" if what and joined else what or joined

    def _part(self, label: str, value: Any) -> str:
        if value is True:
            return label
        if value is False:
            no = _("No")
            return f"{label}: {no}"
        return f"{label}: {self._day(value) if _is_day(value) else entry_word(value)}"

    def _day(self, value: str) -> str:
        return wording.day(date.fromisoformat(value), self.texts)


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


WORDS: Mapping[str, str | Promise] = {
    "oral": gettext_lazy("by mouth"),
    "topical": gettext_lazy("on the skin"),
    "injected": gettext_lazy("injected"),
    "inhaled": gettext_lazy("inhaled"),
    "implant": gettext_lazy("as an implant"),
    "other": gettext_lazy("another way"),
    "leave_on": gettext_lazy("stays on the skin"),
    "rinse_off": gettext_lazy("is rinsed off"),
}
"""How something is taken or used."""


def entry_word(value: Any) -> str:
    """A part of an entry in words."""
    return str(WORDS[value]) if value in WORDS else plain_number(value) if isinstance(value, float) else str(value)


ENTRY_LABELS: Mapping[str, str | Promise] = {
    "name": gettext_lazy("What it is called"),
    "kind": gettext_lazy("What it was, or will be"),
    "route": gettext_lazy("How you take it"),
    "strength": gettext_lazy("Strength, if you know it"),
    "form": gettext_lazy("How you use it"),
    "start": gettext_lazy("In use since"),
    "stop": gettext_lazy("In use until"),
    "last_use": gettext_lazy("Used last on"),
    "stopped": gettext_lazy("I no longer use it"),
    "prescribed": gettext_lazy("Prescribed by a doctor"),
    "pause_agreed_from": gettext_lazy("Your prescriber agreed to a pause from"),
    "times_per_week": gettext_lazy("Times a week"),
    "date": gettext_lazy("On which day"),
    "area": gettext_lazy("Where on the body"),
    "from": gettext_lazy("First day"),
    "to": gettext_lazy("Last day"),
}
"""What the parts of an entry are called."""

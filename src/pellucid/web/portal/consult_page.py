"""What the pages of the consultation show, put together from a client's draft."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import Question
from pellucid.knowledge.texts import Texts
from pellucid.web.portal.consult_forms import Screen, screen_for
from pellucid.web.portal.consult_words import Said, problem, section
from pellucid.web.records.actions.consultations import Asker, stored
from pellucid.web.records.queries import consultations as queries
from pellucid.web.records.questionnaire import FACE, Given, Standing, asked_of, question_at, screen_of, zones
from pellucid.web.sites import knowledge as sites

QUESTION = re.compile(r"(.*?[?\uff1f])(?=\s|[^\s\x00-\x7f])", re.DOTALL)
"""Up to the first question mark that something follows."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question on a page that lists answers."""

    name: str
    """Its screen."""
    label: str
    lines: list[str]
    problems: list[str]


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one section."""

    title: str
    rows: list[Row]


class Visit:
    """A client at their draft."""

    def __init__(self, asker: Asker) -> None:
        """Look the draft up."""
        self.asker = asker
        self.draft = queries.draft_of(asker.client)
        self._standings: dict[int, Standing] = {}

    @cached_property
    def knowledge(self) -> Knowledge:
        """The clinic's knowledge."""
        return sites.current()

    @cached_property
    def texts(self) -> Texts:
        """Its words in the page's language."""
        return self.knowledge.texts(sites.KNOWLEDGE_LANGUAGE.get(get_language() or "en", "en"))

    @cached_property
    def said(self) -> Said:
        """Answers in the page's language."""
        return Said(self.texts, self.knowledge)

    @property
    def standing(self) -> Standing:
        """Where the draft stands now; worked out again once it has changed."""
        version = self.draft.version if self.draft else 0
        if version not in self._standings:
            self._standings[version] = queries.standing_of(
                self.draft, self.asker.client, today=self.asker.today, knowledge=self.knowledge
            )
        return self._standings[version]

    @property
    def first_count(self) -> int:
        """About how many questions there are to begin with."""
        return self.standing.likely_left

    def asked(self, name: str) -> tuple[Question, ...]:
        """The questions of a screen; none where there is no such screen."""
        if name == FACE:
            return tuple(zones(self.knowledge))
        question = asked_of(name, self.knowledge)
        return (question,) if question else ()

    def given(self, path: str) -> Given:
        """What the draft holds of a question."""
        return stored(self.draft, path, self.knowledge) if self.draft else Given()

    def screen(self, name: str, asked: tuple[Question, ...], sent: QueryDict | None = None) -> Screen:
        """A screen as stored, or as sent."""
        held = {each.id: self.given(each.id) for each in asked}
        return screen_for(name, asked, held, texts=self.texts, knowledge=self.knowledge, sent=sent)

    @property
    def untold(self) -> list[str]:
        """Urgent referrals that the client has not been shown yet."""
        told = self.draft.told if self.draft else []
        return [each.rule for each in self.standing.urgent if each.rule not in told]

    @property
    def urgent_words(self) -> list[dict[str, str]]:
        """What is urgent, and what to do."""
        return [
            {
                "rule": each.rule,
                "when": self.texts.phrase(f"urgency.{each.urgency}"),
                "reason": self._reason(each.rule),
                "do": self.texts.get(each.rule, "do"),
            }
            for each in self.standing.urgent
        ]

    def _reason(self, rule: str) -> str:
        if rule.startswith("lookalike."):
            return self.texts.phrase("finding.could_be", name=self.texts.get(rule, "name"))
        return self.texts.get(rule, "reason")

    def place(self, after: str | None = None) -> str:
        """The address at which to go on."""
        if self.untold:
            return reverse("portal:consultation_attention")
        name = self.standing.next_screen(after or self._last)
        return reverse("portal:consultation_question", args=[name]) if name else reverse("portal:consultation_check")

    @property
    def _last(self) -> str | None:
        """The screen that was answered last."""
        return screen_of(self.draft.trail[-1][0]) if self.draft and self.draft.trail else None

    def before(self, name: str) -> str | None:
        """The screen that was answered before this one."""
        if self.draft is None:
            return None
        trail = list(dict.fromkeys(screen_of(path) for path, _version in self.draft.trail))
        earlier = trail[: trail.index(name)] if name in trail else trail
        return earlier[-1] if earlier else None

    @property
    def touched(self) -> list[str]:
        """Every question with an answer, a doubt or a pass."""
        questions = self.knowledge.of(Question)
        return [
            path
            for path in questions
            if asked_of(path, self.knowledge) and self.said.lines(questions[path], self.given(path))
        ]

    @property
    def optional(self) -> list[str]:
        """What may be told as well, though no answer to it is waited for."""
        waiting = {each.path for each in self.standing.open} | {*self.touched}
        return [
            path
            for path, each in self.knowledge.of(Question).items()
            if path not in waiting
            and asked_of(path, self.knowledge)
            and each.ask_when is None
            and (not each.volunteer or each.section == "wishes")
        ]

    def groups(self, paths: Iterable[str]) -> list[Group]:
        """Questions by section, with what was said to each."""
        found: dict[str, list[Row]] = {}
        wanted = {*paths}
        for path, question in self.knowledge.of(Question).items():
            if path in wanted:
                found.setdefault(section(question), []).append(self._row(question))
        return [Group(title, rows) for title, rows in found.items()]

    def _row(self, question: Question) -> Row:
        wrong = [problem(each.message) for each in self.standing.problems if question_at(each.where) == question.id]
        label = self.texts.get(f"question.{question.id}", "label")
        return Row(screen_of(question.id), label, self.said.lines(question, self.given(question.id)), wrong)

    def in_words(self, screen: Screen) -> list[str]:
        """What a screen that was sent says."""
        return [line for each in screen.questions for line in self.said.lines(each, screen.given[each.id])]


def about_screen(visit: Visit, screen: Screen) -> dict[str, Any]:
    """What the page of one screen shows."""
    standing, first = visit.standing, screen.first
    face = screen.name == FACE
    paths = {each.id for each in screen.questions}
    done = len({screen_of(path) for path, _version in visit.draft.trail}) if visit.draft else 0
    previous = visit.before(screen.name)
    asked = visit.texts.get(f"question.{first.id}", "ask")
    title, hint = (_("What do your pores look like?"), _("Tick all that fit, part by part.")) if face else split(asked)
    return {
        "screen": screen,
        "draft": visit.draft,
        "section": section(first),
        "title": title,
        "hint": hint,
        "nothing": screen.rows is not None and screen.rows.sent is None and visit.given(first.id).value == [],
        "why": visit.texts.get(f"question.{first.id}", "why"),
        "face": face,
        "picked": [str(each.prefix) for each in screen.forms if face and each.question.id in visit.standing.answers],
        "done": done,
        "left": standing.likely_left,
        "all": max(done + standing.likely_left, 1),
        "previous": reverse("portal:consultation_question", args=[previous]) if previous else "",
        "clashes": [problem(each.message) for each in standing.problems if question_at(each.where) in paths],
        "empty_list": screen.rows is not None and screen.rows.sent is not None and not screen.rows.sent_any,
        "again": any(each.id in standing.stale for each in screen.questions),
        "carried": visit.draft is not None and any(each.id in visit.draft.carried for each in screen.questions),
    }


def split(asked: str) -> tuple[str, str]:
    """The question itself, and what is said beside it, such as "Tick all that fit."."""
    found = QUESTION.match(asked)
    return (found.group(1), asked[found.end() :].strip()) if found else (asked, "")


def both_answers(visit: Visit, screen: Screen, given: Mapping[str, Given]) -> list[dict[str, Any]]:
    """What is stored beside what was sent, question by question."""
    return [
        {
            "label": visit.texts.get(f"question.{each.id}", "label"),
            "stored": visit.said.lines(each, visit.given(each.id)) or [_("No answer")],
            "sent": visit.said.lines(each, given[each.id]),
        }
        for each in screen.questions
    ]


def sent_again(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent, to be sent once more by a button; without what the page sets anew."""
    anew = {"csrfmiddlewaretoken", "version"}
    return [(name, value) for name, values in request.POST.lists() if name not in anew for value in values]

"""Search over all that visitors can read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override as in_language
from django.views.decorators.http import require_safe

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.portal import public_catalogue, public_learning
from pellucid.web.portal.public_index import LONGEST_QUERY, Entry, Found, Index, groups
from pellucid.web.portal.public_learning import TOPICS, Statement
from pellucid.web.portal.public_page import Page, show
from pellucid.web.portal.public_reader import Reader, reader
from pellucid.web.sites import clock, knowledge, queries

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from pellucid.web.sites.models import Offer

OTHER = {"en": "zh-hant", "zh-hant": "en"}
MOST = 8
"""Entries of a group that are shown."""
GROUPS: dict[str, "_StrPromise"] = {
    "treatments": _("Treatments"),
    "questions": _("Questions people ask"),
    "read": _("To read"),
    "offers": _("Offers"),
    "pages": _("Pages"),
}
"""Group of an entry to its heading."""
PAGES: tuple[tuple[str, "_StrPromise", "_StrPromise"], ...] = (
    ("register", _("Register"), _("register sign up book appointment trial")),
    ("treatments", _("Treatments"), _("price cost fee how much treatments")),
    ("offers", _("Offers"), _("offer discount season price")),
    ("team", _("Team"), _("team practitioner esthetician doctor")),
    ("contact", _("Contact"), _("contact address opening hours phone e-mail where")),
    ("ask", _("Ask us"), _("ask question message")),
    ("sources", _("Sources"), _("sources evidence studies")),
    ("terms", _("Terms"), _("terms conditions")),
    ("privacy", _("Privacy"), _("privacy data cookies")),
    ("about", _("About this site"), _("about intended use diagnosis")),
)
"""Pages without a record behind them: view, title, and words that people use."""


@allow(Permission.PUBLIC)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found, in groups; only the results where htmx asks while somebody types."""
    query = " ".join(request.GET.get("q", "")[:LONGEST_QUERY].split())
    language = get_language() or "en"
    index = _index(language)
    found = index.search(query)
    if not found.entries and found.instead:
        found = Found(index.search(found.instead).entries, found.instead)
    shown = {GROUPS[group]: (entries[:MOST], len(entries)) for group, entries in groups(found.entries).items()}
    context = {"query": query, "groups": shown, "count": len(found.entries), "instead": found.instead}
    if request.headers.get("HX-Request") and request.headers.get("HX-Target") == "results":
        return render(request, "portal/public/_results.html", context)
    title = gettext("Search: %(query)s") % {"query": query} if query else gettext("Search")
    page = Page(title, gettext("Search treatments, questions, myths and everything else on this site."), indexed=False)
    return show(request, "search", page, **context)


def _index(language: str) -> Index:
    """Everything: what knowledge holds, worked out once, and today's offers."""
    known = knowledge.current()
    made: dict[str, list[Entry]] = known.memo.setdefault("public_entries", {})
    if language not in made:
        own, other = reader(known, language), reader(known, OTHER[language])
        made[language] = list(_known_entries(own, other))
    today = clock.day(clock.now(), queries.clinic_zone())
    offers = tuple(_offer(each, language) for each in queries.offers_running(today))
    indexes: dict[tuple[str, tuple[Entry, ...]], Index] = known.memo.setdefault("public_indexes", {})
    key = (language, offers)
    if key not in indexes:
        for old in [each for each in indexes if each[0] == language]:
            indexes.pop(old, None)
        indexes[key] = Index([*made[language], *offers])
    return indexes[key]


def _offer(offer: "Offer", language: str) -> Entry:
    def said(by_language: dict[str, str]) -> str:
        return by_language.get(language) or next(iter(by_language.values()), "")

    also = " ".join((*offer.title.values(), *offer.text.values()))
    with in_language(language):
        return Entry("offers", said(offer.title), said(offer.text), f"{reverse('portal:offers')}#{offer.slug}", also)


def _known_entries(own: Reader, other: Reader) -> Iterator[Entry]:
    with in_language(own.language):
        yield from _treatments(own, other)
        yield from _questions(own, other)
        yield from _statements(own, other)
        yield from _pages(own.language, other.language)


def _treatments(own: Reader, other: Reader) -> Iterator[Entry]:
    theirs = public_catalogue.cards(other)
    for card in public_catalogue.cards(own).values():
        told, also = public_catalogue.story(own, card.id), theirs[card.id]
        text = f"{told.suits} {told.how} {told.result}"
        url = reverse("portal:treatment", args=[card.slug])
        yield Entry("treatments", card.name, f"{card.short} {text}", url, f"{also.name} {also.short}")


def _questions(own: Reader, other: Reader) -> Iterator[Entry]:
    theirs = public_learning.questions(other)
    for mine, also in zip(public_learning.questions(own), theirs, strict=True):
        url = f"{reverse('portal:questions')}#{mine.anchor}"
        yield Entry("questions", mine.title, mine.text, url, f"{also.title} {also.text}")


def _statements(own: Reader, other: Reader) -> Iterator[Entry]:
    for topic in TOPICS.values():
        page = reverse("portal:learn_topic", args=[topic.slug])
        yield Entry("read", str(topic.title), str(topic.lead), page)
        pairs = zip(public_learning.sections(topic, own), public_learning.sections(topic, other), strict=True)
        for mine, theirs in pairs:
            for statement, also in zip(mine.statements, theirs.statements, strict=True):
                if statement.paragraphs:  # a family only lists treatments, which are found by themselves
                    yield _statement(statement, also, page)


def _statement(statement: Statement, also: Statement, page: str) -> Entry:
    url, both = f"{page}#{statement.anchor}", f"{also.title} {also.text}"
    if statement.ref.startswith("disagreement."):  # what we do comes first: the sides are only what others say
        text = f"{statement.paragraphs[-1].text} {statement.text}"
        return Entry("read", statement.title, text, url, both, gettext("sources disagree"))
    return Entry("read", statement.title, statement.text, url, both, str(statement.note))


def _pages(own: str, other: str) -> Iterator[Entry]:
    for view, title, said in PAGES:
        try:
            url = reverse(f"portal:{view}")
        except NoReverseMatch:
            continue
        with in_language(other):
            also = f"{title} {said}"
        with in_language(own):
            yield Entry("pages", str(title), "", url, f"{also} {said}")

"""Pages to read: topics, questions people ask, sources."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.portal import public_described, public_learning
from pellucid.web.portal.public_learning import TOPICS
from pellucid.web.portal.public_page import Page, current_reader, show


@allow(Permission.PUBLIC)
@require_safe
def learn(request: HttpRequest) -> HttpResponse:
    """All topics."""
    said = _("Pores, their looks and causes, skin types, techniques, daily habits and myths, each with its sources.")
    page = Page(_("Learn about pores"), said, [public_described.trail([("learn", "", _("Learn"))])])
    return show(request, "learn", page, topics=list(TOPICS.values()))


@allow(Permission.PUBLIC)
@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """One topic with its statements."""
    found = TOPICS.get(slug)
    if found is None:
        raise Http404
    crumbs = [("learn", "", _("Learn")), ("learn_topic", slug, str(found.title))]
    page = Page(str(found.title), str(found.lead), [public_described.trail(crumbs)], kind="article")
    sections = public_learning.sections(found, current_reader())
    return show(request, "topic", page, topic=found, sections=sections, others=_others(slug))


def _others(slug: str) -> list[public_learning.Topic]:
    return [topic for topic in TOPICS.values() if topic.slug != slug]


@allow(Permission.PUBLIC)
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """The questions people ask, each with a link of its own."""
    statements = public_learning.questions(current_reader())
    said = _("Does it hurt, how long does it take, how often, what about steam: short answers with their sources.")
    crumbs = public_described.trail([("questions", "", _("Questions"))])
    page = Page(_("Questions people ask"), said, [public_described.questions(statements), crumbs])
    return show(request, "questions", page, statements=statements)


@allow(Permission.PUBLIC)
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Everything that the statements rest on."""
    reader = current_reader()
    entries = public_learning.sources(reader)
    groups = [(strength, reader.say(f"strength.{strength}"), found) for strength, found in entries.items()]
    said = _("Where every statement on this site comes from, how strong the source is, and how much of it was read.")
    crumbs = public_described.trail([("learn", "", _("Learn")), ("sources", "", _("Sources"))])
    page = Page(_("Sources"), said, [crumbs])
    return show(request, "sources", page, groups=groups, count=sum(len(found) for found in entries.values()))

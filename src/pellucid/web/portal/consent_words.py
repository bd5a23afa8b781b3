"""The sentences that stand beside the boxes of consent: as they are shown, with links, and as they are kept."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pellucid.web.sites.models import Document


def sentence(box: str, documents: Mapping[str, Document]) -> str:
    """What stands beside a box, as it is kept with the consent.

    Args:
        box: ``agree`` (terms and privacy), ``photos`` or ``marketing``.
        documents: the wordings, by kind.
    """
    return _words(box).format(**{kind: each.title for kind, each in documents.items()})


def linked(box: str, documents: Mapping[str, Document]) -> SafeString:
    """The same with a link at each title."""
    links: dict[str, Any] = {kind: _link(each) for kind, each in documents.items()}
    return format_html(_words(box), **links)


def _words(box: str) -> str:
    return {
        "agree": _("I agree to “{terms}” and have read “{privacy}”."),
        "photos": _("You may take photos of my skin and keep them with my record, as “{photos}” says."),
        "marketing": _("You may write to me about offers now and then, as “{marketing}” says."),
    }[box]


def _link(document: Document) -> SafeString:
    """In a new tab, so that what was typed beside it stays."""
    address = reverse("portal:document", args=[document.kind, document.version])
    return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', address, document.title)

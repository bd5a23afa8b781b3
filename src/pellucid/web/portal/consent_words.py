"""The sentences that stand beside the boxes of consent, as they are shown and kept, and the wordings to read with them.

A sentence holds no link: a tap anywhere on it is meant for its box.
"""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pellucid.web.sites.models import Document

NAMED = {"agree": ("terms", "privacy"), "photos": ("photos",), "marketing": ("marketing",)}
"""Box to the wordings that its sentence names."""


def sentence(box: str, documents: Mapping[str, Document]) -> str:
    """What stands beside a box, and is kept with the consent.

    Args:
        box: ``agree`` (terms and privacy), ``photos`` or ``marketing``.
        documents: the wordings, by kind.
    """
    words = {
        "agree": _("I agree to “{terms}” and have read “{privacy}”."),
        "photos": _("You may take photos of my skin and keep them with my record, as “{photos}” says."),
        "marketing": _("You may write to me about offers now and then, as “{marketing}” says."),
    }[box]
    return words.format(**{kind: each.title for kind, each in documents.items()})


def to_read(box: str, documents: Mapping[str, Document]) -> SafeString:
    """Links to the wordings that a sentence names."""
    links = format_html_join(" · ", "{}", ((_link(documents[kind]),) for kind in NAMED[box]))
    return format_html(_("To read: {links}"), links=links)


def _link(document: Document) -> SafeString:
    """In a new tab, so that what was typed beside it stays."""
    address = reverse("portal:document", args=[document.kind, document.version])
    return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', address, document.title)

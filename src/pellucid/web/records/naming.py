"""What services are called, for every page that names one."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pellucid.model.errors import UnknownIdError
from pellucid.web.sites import knowledge
from pellucid.web.sites.models import CONSULTATION


def service_name(treatment: str) -> str:
    """A service in the page's language; its id where the knowledge no longer has it."""
    if treatment == CONSULTATION:
        return _("Consultation at the clinic")
    try:
        return knowledge.texts(get_language() or "en").get(f"treatment.{treatment}", "name")
    except UnknownIdError:
        return treatment

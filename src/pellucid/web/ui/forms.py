"""How forms are drawn: label, help and error beside each field, tied to it for screen readers."""

from pathlib import Path

from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.backends.django import DjangoTemplates as Backend
from django.utils.functional import cached_property

OWN = Path(__file__).parent / "templates"
DJANGO = Path(forms.__file__).parent / "templates"


class Renderer(DjangoTemplates):
    """Draws forms with this part's templates, and with Django's own where there is none."""

    form_template_name = "ui/form.html"
    formset_template_name = "ui/formset.html"
    field_template_name = "ui/field.html"

    @cached_property
    def engine(self) -> Backend:
        """Ours first, so that a widget's template of the same name replaces Django's."""
        builtins = ["pellucid.web.ui.templatetags.ui", "django.templatetags.i18n", "django.templatetags.static"]
        return Backend(
            {"APP_DIRS": True, "DIRS": [OWN, DJANGO], "NAME": "pellucid_forms", "OPTIONS": {"builtins": builtins}}
        )

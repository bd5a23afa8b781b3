"""The style page, and what people see when something went wrong."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from pellucid.web.ui.styleguide import shown


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, and every picture."""
    return render(request, "ui/styleguide.html", shown())


styleguide.permission = "see_styleguide"  # type: ignore[attr-defined] # the middleware of accounts, above, reads it


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what came in could not be read; nothing more is read of it for the page."""
    return HttpResponseBadRequest(render_to_string("ui/errors/400.html"))


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: somebody else may, this person may not."""
    return render(request, "ui/errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing of this person's."""
    return render(request, "ui/errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without the request, so that neither database nor session is asked again."""
    return HttpResponseServerError(render_to_string("ui/errors/500.html"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that was open for too long, or came from elsewhere."""
    return render(request, "ui/errors/csrf_failure.html", status=403)

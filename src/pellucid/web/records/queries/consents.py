"""What a client agreed to."""

from pellucid.web.records.models import Client, Consent


def held(client: Client) -> dict[str, Consent]:
    """Consents that hold, by kind, with their wordings; one query."""
    found = Consent.objects.filter(client=client, withdrawn_at=None).select_related("document")
    return {each.kind: each for each in found}


def past(client: Client) -> list[Consent]:
    """Consents that ended, newest first, with their wordings."""
    found = Consent.objects.filter(client=client, withdrawn_at__isnull=False).select_related("document")
    return list(found.order_by("-withdrawn_at"))

"""Who works at the clinic, as the public page shows it."""

from pellucid.web.accounts.models import Membership


def shown() -> list[Membership]:
    """Active staff who are shown, with their names and locations: those with the highest licence level first."""
    found = Membership.objects.filter(active=True, shown=True, user__is_active=True)
    return list(found.select_related("user", "location").order_by("-level", "user__name", "pk"))

"""What the frame of every page shows of the clinic."""

from pellucid.web.sites import clock, queries
from pellucid.web.sites.models import Clinic, Offer


def clinic() -> Clinic:
    """The clinic."""
    return queries.clinic()


def banners() -> list[Offer]:
    """Offers to show as a banner today by the clinic's clock, the one that ends soonest first."""
    return queries.banner_offers(clock.day(clock.now(), queries.clinic_zone()))

"""What the tests of the public pages share: a clinic that is open, every page there is, and the words on one."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

from pellucid.knowledge.load import load
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.web.portal.public_learning import TOPICS
from pellucid.web.sites.models import Clinic, Location, Offer, Service
from pellucid.web.sites.publish import publish_starting_texts

ELSEWHERE = re.compile(r'<details class="basis">.*?</details>|<ul class="links.*?</ul>|<script.*?</script>', re.DOTALL)
NOW = datetime(2026, 5, 5, 2, 0, tzinfo=UTC)
"""Ten in the morning of Tuesday, 5 May in Taipei."""
TODAY = date(2026, 5, 5)
TREATMENTS = [f"treatments/{treatment.replace('_', '-')}/" for treatment in load().of(Treatment)]
PLAIN = ["", "treatments/", "learn/", "learn/sources/", "questions/", "search/", "search/?q=steam", "offers/", "team/"]
PLAIN += [
    "contact/",
    "ask/",
    "ask/thanks/",
    "terms/",
    "privacy/",
    "documents/photos/1/",
    "documents/marketing/1/",
    "about/",
]
PAGES = [*PLAIN, *(f"learn/{slug}/" for slug in TOPICS), *TREATMENTS]
"""Every public page, without the language in front."""


def open_clinic(clinic: Clinic, location: Location) -> None:
    """Sell something, offer something, publish the wordings."""
    location.hours = {"mon": ["09:00-18:00"], "tue": ["09:00-12:00", "14:00-18:00"]}
    location.save()
    publish_starting_texts(by="system", now=NOW)
    facial = Service.objects.create(treatment="pore_cleanup_facial", price=Decimal(1800))
    Service.objects.create(treatment="aha_peel")
    clinic.strapline = {"en": "Calm care for pores.", "zh-hant": "溫和照顧毛孔。"}
    clinic.save()
    make_offer("spring", TODAY, date(2026, 5, 31), service=facial)


def make_offer(slug: str, starts: date, ends: date, **more: object) -> Offer:
    """An offer in both languages."""
    title = {"en": f"Offer {slug}", "zh-hant": f"優惠 {slug}"}
    text = {"en": "Less for a while.", "zh-hant": "限時優惠。"}
    return Offer.objects.create(slug=slug, title=title, text=text, starts=starts, ends=ends, **more)


def said(html: str) -> str:
    """The words of a page's main part; without sources and links elsewhere, whose titles are not our words."""
    main = html[html.index("<main") : html.index("</main>")]
    main = ELSEWHERE.sub(" ", main)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())

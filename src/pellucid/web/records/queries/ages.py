"""Which treatments an age rules out, by the knowledge's own rules. Everything else about a person is asked later."""

from datetime import date

from pellucid.consult.profile import make_profile
from pellucid.consult.screen import Screening, usual_performer
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.levels import Status

OF_AGE = 18


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 28 February where there is no 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def is_under_age(born: date, on: date) -> bool:
    """Whether somebody is not yet of age on a day."""
    return born > years_before(on, OF_AGE)


class Ages:
    """What an age allows, for somebody born on a day, on a day, where a region's law holds."""

    def __init__(self, born: date, on: date, region: str, knowledge: Knowledge) -> None:
        """Screen with nothing known but age and region, a guardian's consent being given."""
        intake = {
            "consultation": {"date": on, "region": region},
            "person": {"birth_date": born, "guardian_consent": True},
        }
        self._knowledge = knowledge
        self._on = on
        self._screening = Screening(make_profile(intake, knowledge=knowledge, today=on), knowledge)

    def rules_against(self, treatment: str) -> list[str]:
        """Age rules that make a treatment wait or refer it, such as ``age.laser_age``; the strongest first."""
        performer = usual_performer(self._knowledge.of(Treatment)[treatment], None)
        decision = self._screening.decide(treatment, on=self._on, performer=performer)
        reasons = [each for each in decision.reasons if each.rule.startswith("age.") and each.status >= Status.DEFER]
        return [each.rule for each in reasons]


def needs_age(treatment: str, on: date, region: str, knowledge: Knowledge) -> bool:
    """Whether even somebody who has just come of age may be too young for a treatment."""
    return bool(Ages(years_before(on, OF_AGE), on, region, knowledge).rules_against(treatment))

"""What a plan file holds besides the plan: faults of the answers and of the calendar in it come together."""

from pathlib import Path

import pytest
from tests.sample_clinic import content
from tests.sample_plan import START, sample_plan, sample_profile

from pellucid.cli.plan import run_check
from pellucid.exchange.plan_file import plan_to_file
from pellucid.knowledge.base import Knowledge
from pellucid.model.errors import InputError


def test_answers_and_calendar_are_told_at_once(knowledge: Knowledge, tmp_path: Path) -> None:
    calendar = content()
    calendar["locations"][0]["zone"] = "Europe/Madrit"
    del calendar["services"][0]["price"], calendar["services"][0]["currency"]  # a number that JSON has no word for
    plan = sample_plan(sample_profile(knowledge), knowledge)
    file = plan_to_file(
        plan,
        today=START,
        language="en",
        version="1.2",
        intake={"person": {"age": "old"}},
        clinic_rules=None,
        calendar=calendar,
    )
    place = tmp_path / "plan.json"
    place.write_text(file.text, "utf-8")
    with pytest.raises(InputError) as caught:
        run_check(place, language=None)
    assert {problem.where for problem in caught.value.problems} == {"person.age", "calendar: locations[0].zone"}

"""Numbers from photos and instruments beside the answers: they replace what they measure and nothing else."""

from datetime import date
from typing import Any

import pytest

from pellucid.consult.assess import assess
from pellucid.consult.measured import with_measurement
from pellucid.consult.profile import make_profile
from pellucid.knowledge.base import Knowledge
from pellucid.model.measurement import Measurement, ZoneMeasurement
from pellucid.model.profile import Profile

TODAY = date(2026, 11, 20)


def told(knowledge: Knowledge, **sections: dict[str, Any]) -> Profile:
    return make_profile(sections, knowledge=knowledge, today=TODAY)


def zone(name: str, **measured: Any) -> Measurement:
    return Measurement(zones={name: ZoneMeasurement(**measured)})


def test_a_measured_shape_replaces_the_answer_about_it(knowledge: Knowledge) -> None:
    profile = told(knowledge, pores={"cheeks": {"look": ["oval"]}})
    seen = with_measurement(profile, zone("cheeks", shape_share={"round": 0.7, "oval": 0.2, "teardrop": 0.1}))
    assert seen.says("pores.cheeks.look.round") is True
    assert seen.says("pores.cheeks.look.oval") is False
    assert seen.says("pores.cheeks.look.teardrop") is False


def test_measured_pores_are_visible(knowledge: Knowledge) -> None:
    profile = told(knowledge, pores={"nose": {"look": ["none_visible"]}})
    seen = with_measurement(profile, zone("nose", shape_share={"round": 1.0}))
    assert seen.says("pores.nose.look.none_visible") is False


@pytest.mark.parametrize(("share", "there"), [(0.0, False), (0.29, False), (0.3, True), (1.0, True)])
def test_a_shape_is_there_from_three_tenths_of_the_pores_on(share: float, *, there: bool, knowledge: Knowledge) -> None:
    seen = with_measurement(told(knowledge), zone("chin", shape_share={"oval": share}))
    assert seen.says("pores.chin.look.oval") is there


def test_what_was_not_measured_stays_as_answered(knowledge: Knowledge) -> None:
    profile = told(knowledge, pores={"cheeks": {"look": ["oval", "red_rim"]}, "t_zone_plugs": ["dark"]})
    seen = with_measurement(profile, zone("cheeks", mean_diameter_mm=0.2, pores_per_cm2=40.0))
    assert seen.facts == profile.facts
    rims = with_measurement(profile, zone("cheeks", red_rim_share=0.1))
    assert rims.says("pores.cheeks.look.red_rim") is False
    assert rims.says("pores.cheeks.look.oval") is True


def test_the_worst_zone_of_the_t_zone_decides_on_plugs(knowledge: Knowledge) -> None:
    profile = told(knowledge, pores={"t_zone_plugs": ["none"]})
    clear = ZoneMeasurement(dark_plug_share=0.0, light_plug_share=0.1)
    full = ZoneMeasurement(dark_plug_share=0.6, light_plug_share=0.1)
    seen = with_measurement(profile, Measurement(zones={"forehead": clear, "nose": full}))
    assert seen.says("pores.t_zone_plugs.dark") is True
    assert seen.says("pores.t_zone_plugs.light") is False
    assert seen.says("pores.t_zone_plugs.none") is False
    assert seen.says("pores.cheek_plugs.dark") is None


def test_no_plugs_measured_means_none(knowledge: Knowledge) -> None:
    seen = with_measurement(told(knowledge), zone("cheeks", dark_plug_share=0.0, light_plug_share=0.0))
    assert seen.says("pores.cheek_plugs.none") is True


def test_half_a_measurement_does_not_say_that_there_are_no_plugs(knowledge: Knowledge) -> None:
    seen = with_measurement(told(knowledge), zone("cheeks", dark_plug_share=0.0))
    assert seen.says("pores.cheek_plugs.dark") is False
    assert seen.says("pores.cheek_plugs.none") is None


def test_readings_replace_numbers_that_were_typed_in(knowledge: Knowledge) -> None:
    profile = told(knowledge, instruments={"sebum_t_zone": 80, "sebum_cheek": 60})
    seen = with_measurement(profile, Measurement(sebum_t_zone=260.0, corneometer=28.0))
    assert seen.numbers["instruments.sebum_t_zone"] == (260.0, 260.0)
    assert seen.numbers["instruments.sebum_cheek"] == (60.0, 60.0)
    assert seen.numbers["instruments.corneometer"] == (28.0, 28.0)


def test_the_profile_itself_stays_as_it_was(knowledge: Knowledge) -> None:
    profile = told(knowledge, pores={"cheeks": {"look": ["oval"]}})
    with_measurement(profile, zone("cheeks", shape_share={"round": 1.0}))
    assert profile.says("pores.cheeks.look.oval") is True


def test_no_measurement_touches_a_safety_fact(knowledge: Knowledge) -> None:
    profile = told(knowledge, health={"implants": ["pacemaker"], "pregnancy": "pregnant"}, lesions={"papules": 40})
    everything = ZoneMeasurement(40.0, 0.2, {"round": 1.0}, 1.0, 1.0, 1.0)
    zones = dict.fromkeys(("forehead", "nose", "cheeks", "chin", "jaw"), everything)
    seen = with_measurement(profile, Measurement(zones, 300.0, 300.0, 20.0))
    changed = {name for name in seen.facts if seen.facts[name] != profile.truth(name)}
    assert {name.partition(".")[0] for name in changed} == {"pores"}
    assert seen.numbers["lesions.papules"] == profile.numbers["lesions.papules"]


def test_assessment_goes_by_what_was_measured(knowledge: Knowledge) -> None:
    profile = told(
        knowledge,
        pores={"cheeks": {"look": ["oval"]}},
        skin={"late_day": ["dull", "tight_though_shiny"]},
    )
    said = assess(profile, knowledge=knowledge, today=TODAY)
    assert [found.id for found in said.pore_types] == ["dehydrated"]
    round_nose = ZoneMeasurement(shape_share={"round": 0.9}, dark_plug_share=0.8, light_plug_share=0.4)
    measurement = Measurement(
        zones={"nose": round_nose, "forehead": round_nose, "cheeks": ZoneMeasurement(shape_share={"round": 0.9})}
    )
    seen = assess(profile, measurement, knowledge=knowledge, today=TODAY)
    assert seen.pore_types[0].id == "oily"

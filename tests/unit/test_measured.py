"""Numbers from photos and instruments beside the answers: they support, contradict or add, and replace no answer."""

from datetime import date
from typing import Any

import pytest

from pellucid.consult.assess import assess
from pellucid.consult.measured import observe, with_measurement
from pellucid.consult.profile import make_profile
from pellucid.knowledge.base import Knowledge
from pellucid.model.assessment import Observation
from pellucid.model.measurement import Measurement, ZoneMeasurement
from pellucid.model.photo import Interval
from pellucid.model.profile import Profile

TODAY = date(2026, 11, 20)
ROUND = {"round": 0.7, "oval": 0.2, "teardrop": 0.1}
NONE_LARGE = Interval(0.0, 0.0, 4.0)


def told(knowledge: Knowledge, **sections: dict[str, Any]) -> Profile:
    return make_profile(sections, knowledge=knowledge, today=TODAY)


def zone(name: str, **measured: Any) -> Measurement:
    return Measurement(zones={name: ZoneMeasurement(**measured)})


def seen(profile: Profile, measurement: Measurement) -> Profile:
    return with_measurement(profile, measurement, observe(profile, measurement))


def bearings(profile: Profile, measurement: Measurement) -> dict[str, str]:
    return {each.name: each.bearing for each in observe(profile, measurement)}


# --- shapes -----------------------------------------------------------------------------------------------


def test_a_shape_that_nobody_was_asked_about_is_taken_from_the_photo(knowledge: Knowledge) -> None:
    facts = seen(told(knowledge), zone("cheeks", shape_share=ROUND))
    assert facts.says("pores.cheeks.look.round") is True
    assert facts.says("pores.cheeks.look.oval") is False
    assert facts.says("pores.cheeks.look.none_visible") is False


def test_where_answer_and_photo_differ_neither_counts(knowledge: Knowledge) -> None:
    profile = told(knowledge, pores={"cheeks": {"look": ["oval"]}})
    facts = seen(profile, zone("cheeks", shape_share=ROUND))
    assert facts.says("pores.cheeks.look.round") is None
    assert facts.says("pores.cheeks.look.oval") is None
    assert facts.says("pores.cheeks.look.teardrop") is False  # nobody saw any


def test_what_was_said_and_what_was_measured_are_both_kept(knowledge: Knowledge) -> None:
    profile = told(knowledge, pores={"cheeks": {"look": ["oval"]}})
    found = assess(profile, zone("cheeks", shape_share=ROUND, shapes_told=200), knowledge=knowledge, today=TODAY)
    assert found.observed[:2] == (
        Observation("pores.cheeks.look.oval", "cheeks", True, False, 0.2, 200),
        Observation("pores.cheeks.look.round", "cheeks", False, True, 0.7, 200),
    )
    assert [each.bearing for each in found.observed] == ["contradicts", "contradicts", "supports"]


def test_an_answer_that_the_photo_bears_out_stays_as_it_is(knowledge: Knowledge) -> None:
    profile = told(knowledge, pores={"cheeks": {"look": ["round"]}})
    measurement = zone("cheeks", shape_share=ROUND)
    assert set(bearings(profile, measurement).values()) == {"supports"}
    assert seen(profile, measurement).facts == profile.facts


def test_hard_to_tell_is_no_answer(knowledge: Knowledge) -> None:
    profile = told(knowledge, pores={"cheeks": {"look": ["cannot_tell"]}})
    measurement = zone("cheeks", shape_share=ROUND)
    assert set(bearings(profile, measurement).values()) == {"adds"}
    assert seen(profile, measurement).says("pores.cheeks.look.round") is True


@pytest.mark.parametrize(("share", "there"), [(0.0, False), (0.29, False), (0.3, True), (1.0, True)])
def test_a_shape_is_there_from_three_tenths_of_the_pores_on(share: float, *, there: bool, knowledge: Knowledge) -> None:
    facts = seen(told(knowledge), zone("chin", shape_share={"oval": share}))
    assert facts.says("pores.chin.look.oval") is there


@pytest.mark.parametrize(
    ("share", "pores", "there"),
    [(0.5, 10, None), (0.5, 100, True), (0.0, 8, None), (0.0, 10, False), (0.2, 40, None), (0.2, 400, False)],
)
def test_a_few_pores_settle_nothing(share: float, pores: int, *, there: bool | None, knowledge: Knowledge) -> None:
    facts = seen(told(knowledge), zone("chin", shape_share={"oval": share}, shapes_told=pores))
    assert facts.says("pores.chin.look.oval") is there


# --- none visible -----------------------------------------------------------------------------------------


def test_many_large_pores_contradict_that_none_is_visible(knowledge: Knowledge) -> None:
    profile = told(knowledge, pores={"nose": {"look": ["none_visible"]}})
    measurement = zone("nose", shape_share={"round": 1.0}, pores_250_per_cm2=Interval(14.0, 10.5, 18.0))
    assert bearings(profile, measurement) == {"pores.nose.look.none_visible": "contradicts"}
    facts = seen(profile, measurement)
    assert facts.says("pores.nose.look.none_visible") is None
    assert facts.says("pores.nose.look.round") is None


@pytest.mark.parametrize(
    "large", [None, Interval(4.0, 1.0, 12.0), Interval(14.0, 9.0, 20.0), Interval(0.0, 0.0, 900.0)]
)
def test_an_unsure_count_says_nothing_of_whether_pores_show(large: Interval | None, knowledge: Knowledge) -> None:
    profile = told(knowledge, pores={"nose": {"look": ["none_visible"]}})
    measurement = zone("nose", shape_share={"round": 1.0}, pores_250_per_cm2=large)
    assert observe(profile, measurement) == ()
    assert seen(profile, measurement).facts == profile.facts
    nobody_asked = observe(told(knowledge), measurement)
    assert "pores.nose.look.none_visible" not in {each.name for each in nobody_asked}


def test_no_large_pores_bear_out_that_none_is_visible(knowledge: Knowledge) -> None:
    measurement = zone("nose", shape_share={"round": 1.0}, pores_250_per_cm2=NONE_LARGE)
    profile = told(knowledge, pores={"nose": {"look": ["none_visible"]}})
    assert bearings(profile, measurement) == {"pores.nose.look.none_visible": "supports"}
    assert bearings(told(knowledge), measurement) == {"pores.nose.look.none_visible": "adds"}


def test_who_sees_small_round_pores_is_not_contradicted(knowledge: Knowledge) -> None:
    profile = told(knowledge, pores={"nose": {"look": ["round"]}})
    measurement = zone("nose", shape_share={"round": 1.0}, pores_250_per_cm2=NONE_LARGE)
    assert set(bearings(profile, measurement).values()) == {"supports"}


# --- plugs and rims ---------------------------------------------------------------------------------------


def test_one_zone_with_plugs_is_enough(knowledge: Knowledge) -> None:
    clear = ZoneMeasurement(dark_plug_share=0.0, light_plug_share=0.1)
    full = ZoneMeasurement(dark_plug_share=0.6, light_plug_share=0.1)
    measurement = Measurement(zones={"forehead": clear, "nose": full})
    facts = seen(told(knowledge), measurement)
    assert facts.says("pores.t_zone_plugs.dark") is True
    assert facts.says("pores.t_zone_plugs.none") is False
    assert facts.says("pores.cheek_plugs.dark") is None
    assert {each.zone for each in observe(told(knowledge), measurement)} == {"nose"}


def test_no_plugs_are_said_only_where_every_zone_was_photographed(knowledge: Knowledge) -> None:
    clear = ZoneMeasurement(dark_plug_share=0.0, light_plug_share=0.0)
    profile = told(knowledge, pores={"t_zone_plugs": ["dark"]})
    part = Measurement(zones={"forehead": clear, "nose": clear})
    assert observe(profile, part) == ()
    whole = Measurement(zones={"forehead": clear, "nose": clear, "chin": clear})
    assert bearings(profile, whole) == {
        "pores.t_zone_plugs.dark": "contradicts",
        "pores.t_zone_plugs.light": "supports",
    }
    assert seen(profile, whole).says("pores.t_zone_plugs.dark") is None
    assert seen(profile, whole).says("pores.t_zone_plugs.none") is None


def test_no_plugs_measured_means_none(knowledge: Knowledge) -> None:
    facts = seen(told(knowledge), zone("cheeks", dark_plug_share=0.0, light_plug_share=0.0))
    assert facts.says("pores.cheek_plugs.none") is True


def test_half_a_measurement_does_not_say_that_there_are_no_plugs(knowledge: Knowledge) -> None:
    facts = seen(told(knowledge), zone("cheeks", dark_plug_share=0.0))
    assert facts.says("pores.cheek_plugs.dark") is False
    assert facts.says("pores.cheek_plugs.none") is None


def test_plugs_that_were_seen_stay_beside_others_that_are_contested(knowledge: Knowledge) -> None:
    profile = told(knowledge, pores={"cheek_plugs": ["light"]})
    facts = seen(profile, zone("cheeks", dark_plug_share=0.5, light_plug_share=0.4))
    assert facts.says("pores.cheek_plugs.light") is True
    assert facts.says("pores.cheek_plugs.dark") is None
    assert facts.says("pores.cheek_plugs.none") is False


def test_what_was_not_measured_stays_as_answered(knowledge: Knowledge) -> None:
    profile = told(knowledge, pores={"cheeks": {"look": ["oval", "red_rim"]}, "t_zone_plugs": ["dark"]})
    assert seen(profile, zone("cheeks", mean_diameter_mm=0.2, pores_per_cm2=40.0)).facts == profile.facts
    rims = seen(profile, zone("cheeks", red_rim_share=0.1))
    assert rims.says("pores.cheeks.look.red_rim") is None
    assert rims.says("pores.cheeks.look.oval") is True


# --- readings, and the whole ------------------------------------------------------------------------------


def test_readings_replace_numbers_that_were_typed_in(knowledge: Knowledge) -> None:
    profile = told(knowledge, instruments={"sebum_t_zone": 80, "sebum_cheek": 60})
    facts = seen(profile, Measurement(sebum_t_zone=260.0, corneometer=28.0))
    assert facts.numbers["instruments.sebum_t_zone"] == (260.0, 260.0)
    assert facts.numbers["instruments.sebum_cheek"] == (60.0, 60.0)
    assert facts.numbers["instruments.corneometer"] == (28.0, 28.0)


def test_the_profile_itself_stays_as_it_was(knowledge: Knowledge) -> None:
    profile = told(knowledge, pores={"cheeks": {"look": ["oval"]}})
    seen(profile, zone("cheeks", shape_share={"round": 1.0}))
    assert profile.says("pores.cheeks.look.oval") is True


def test_no_measurement_touches_a_safety_fact(knowledge: Knowledge) -> None:
    profile = told(knowledge, health={"implants": ["pacemaker"], "pregnancy": "pregnant"}, lesions={"papules": 40})
    everything = ZoneMeasurement(40.0, 0.2, {"round": 1.0}, 1.0, 1.0, 1.0, Interval(20.0, 15.0, 26.0))
    zones = dict.fromkeys(("forehead", "nose", "cheeks", "chin", "jaw"), everything)
    facts = seen(profile, Measurement(zones, 300.0, 300.0, 20.0))
    changed = {name for name in facts.facts if facts.facts[name] != profile.truth(name)}
    assert {name.partition(".")[0] for name in changed} == {"pores"}
    assert facts.numbers["lesions.papules"] == profile.numbers["lesions.papules"]


def test_a_photo_that_contradicts_makes_a_finding_less_sure(knowledge: Knowledge) -> None:
    profile = told(
        knowledge,
        pores={"cheeks": {"look": ["oval"]}, "nose": {"look": ["oval"]}, "forehead": {"look": ["oval"]}},
        skin={"late_day": ["dull", "tight_though_shiny"]},
    )
    said = assess(profile, knowledge=knowledge, today=TODAY)
    assert said.pore_types[0].id == "dehydrated"
    against = assess(profile, zone("nose", shape_share=ROUND), knowledge=knowledge, today=TODAY)
    assert against.pore_types[0].id == "dehydrated"
    assert against.pore_types[0].confidence < said.pore_types[0].confidence
    assert against.pore_types[0].points < said.pore_types[0].points


def test_a_photo_can_add_what_nobody_answered(knowledge: Knowledge) -> None:
    profile = told(knowledge, skin={"late_day": ["dull"]})
    round_nose = ZoneMeasurement(shape_share={"round": 0.9}, dark_plug_share=0.8, light_plug_share=0.4)
    measurement = Measurement(zones={"nose": round_nose, "forehead": round_nose})
    found = assess(profile, measurement, knowledge=knowledge, today=TODAY)
    assert found.pore_types[0].id == "oily"
    assert {each.bearing for each in found.observed} == {"adds"}


def test_without_a_measurement_nothing_is_observed(knowledge: Knowledge) -> None:
    assert assess(told(knowledge), knowledge=knowledge, today=TODAY).observed == ()

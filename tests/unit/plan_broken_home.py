"""One small change for each way to break a rule about care at home, and all such changes together."""

from tests.sample_plan import home_day
from tests.unit.plan_broken import PAIRS, SESSIONS, WHOLE
from tests.unit.plan_mutations import (
    ACID,
    ACIDS,
    CLAY,
    FIRST,
    RETINOID,
    SECOND,
    Mutation,
    acid,
    at,
    both,
    brought_in,
    day,
    days,
    evening,
    introduction,
    irritated,
    put,
    ramp_of_acid,
    stages,
    take,
    whole,
    wishes,
)

from pellucid.model.plan import Standing

DAYS = (
    Mutation("a day left out", days(lambda each: (*each[:40], *each[41:])), "day_missing 40"),
    Mutation("no days", days(lambda _each: ()), "day_missing 83", "pin"),
    Mutation("a day twice", days(lambda each: (*each[:41], *each[40:])), "day_twice 40"),
    Mutation("a day before the first", days(lambda each: (home_day(at(-1)), *each)), "day_outside -1"),
    Mutation("a day after the last", days(lambda each: (*each, home_day(at(84)))), "day_outside 84"),
    Mutation("days out of order", days(lambda each: (*each[:40], each[41], each[40], *each[42:])), "day_order 40"),
    Mutation("a day that is over before it comes", day(40, standing=Standing.DONE), "standing 40"),
    Mutation("a day at home that is booked", day(40, standing=Standing.BOOKED), "standing 40"),
    Mutation(
        "a morning with no sunscreen",
        take(40, "am_sunscreen", part="morning"),
        "sunscreen 40 am_sunscreen layer.am_sunscreen",
    ),
    Mutation(
        "sunscreen with nothing in it",
        both(take(40, "am_sunscreen", part="morning"), put(40, "am_sunscreen", "", 9, part="morning")),
        "sunscreen 40 am_sunscreen layer.am_sunscreen",
    ),
    Mutation(
        "cream where sunscreen belongs",
        both(take(40, "am_sunscreen", part="morning"), put(40, "am_sunscreen", "light_moisturiser", 9, part="morning")),
        "sunscreen 40 am_sunscreen layer.am_sunscreen",
        "layer",
    ),
    Mutation(
        "a session's morning with no sunscreen",
        take(FIRST, "am_sunscreen", part="morning"),
        "sunscreen 15 am_sunscreen layer.am_sunscreen",
    ),
    Mutation(
        "moisturiser on the morning of a session",
        put(FIRST, "am_moisturiser", "light_moisturiser", part="morning"),
        "aside 15 light_moisturiser precare.arrive_bare",
    ),
    Mutation("a product that isn't there", put(40, "pm_serum", "moon_dust"), "product_unknown 40 moon_dust"),
    Mutation(
        "a layer that isn't there", put(40, "pm_glitter", "light_moisturiser"), "layer_unknown 40 pm_glitter", "layer"
    ),
    Mutation(
        "a product in a layer of others",
        put(40, "pm_serum", "barrier_cream"),
        "layer 40 barrier_cream product.barrier_cream",
    ),
    Mutation(
        "an evening layer in the morning",
        put(40, "pm_serum", "hyaluronic_serum", part="morning"),
        "half 40 pm_serum layer.pm_serum",
    ),
    Mutation(
        "a deep-clean layer on a plain evening",
        put(40, "dc_toner", "hydrating_toner"),
        "half 40 dc_toner layer.dc_toner",
    ),
    Mutation(
        "an evening layer on a deep-clean evening",
        put(41, "pm_serum", "hyaluronic_serum"),
        "half 41 pm_serum layer.pm_serum",
    ),
    Mutation("a deep clean that isn't marked as one", day(41, deep_clean=False), "half 41 dc_mask layer.dc_mask"),
    Mutation("serum after cream", put(40, "pm_serum", "hyaluronic_serum", 9), "layer_order 40 pm_serum layer.pm_serum"),
    Mutation(
        "one step twice",
        put(40, "pm_moisturiser", "light_moisturiser"),
        "step_twice 40 light_moisturiser layer.pm_moisturiser",
    ),
    Mutation(
        "a retinoid in the morning",
        put(60, "am_treatment", RETINOID, 1, part="morning"),
        "retinoid_morning 60 retinoid_cosmetic product.retinoid_cosmetic",
        "introduction layer",
    ),
    Mutation(
        "a retinoid on a deep-clean evening",
        put(55, "dc_exfoliate", RETINOID, 1),
        "retinoid_deep_clean 55 retinoid_cosmetic product.retinoid_cosmetic",
        "introduction layer minutes pair",
    ),
    Mutation(
        "two actives", put(51, "pm_active", "hydrating_mask", 3), "one_of 51 pm_active layer.pm_active", "introduction"
    ),
    Mutation(
        "two cleansers",
        put(40, "am_cleanse", "cream_cleanser", 1, part="morning"),
        "one_of 40 am_cleanse layer.am_cleanse",
    ),
    Mutation("two masks", put(41, "dc_mask", "hydrating_mask", 2), "one_of 41 dc_mask layer.dc_mask", "introduction"),
    Mutation(
        "two treatments in the morning",
        both(
            put(40, "am_treatment", "azelaic_acid", 1, part="morning"),
            put(40, "am_treatment", "bpo_treatment", 1, part="morning"),
        ),
        "one_of 40 am_treatment layer.am_treatment",
        "introduction window",
    ),
    Mutation(
        "an acid and a wash with acid",
        both(put(55, "dc_second_cleanse", "salicylic_wash", 1), put(55, "dc_exfoliate", ACID, 2)),
        "acid_wash 55 salicylic_wash layer.dc_second_cleanse",
        "introduction minutes pair",
    ),
    Mutation(
        "a deep clean of nothing", take(41, "dc_mask"), "deep_clean_empty 41 home_deep_clean treatment.home_deep_clean"
    ),
    Mutation(
        "a mask layer with no mask",
        both(take(41, "dc_mask"), put(41, "dc_mask", "", 1)),
        "deep_clean_empty 41 home_deep_clean treatment.home_deep_clean",
    ),
    Mutation("a deep clean away from home", evening(34, deep_clean=True), "away_deep_clean 34 home_deep_clean"),
    Mutation("fewer minutes than the mask takes", wishes(minutes_per_day=18), "minutes 41"),
    Mutation(
        "fewer minutes than a mask on a plain evening takes",
        both(put(50, "pm_active", CLAY), wishes(minutes_per_day=17)),
        "minutes 50",
        "cap",
    ),
    Mutation("fewer minutes than the acid leaves", wishes(minutes_per_day=5), "minutes 51"),
)

USES = (
    Mutation(
        "an acid on the evening after a facial",
        acid(SECOND + 2),
        "permitted_screening 45 bha_leave_on contraindication.gx27d_home_care_after_facial",
        "window",
    ),
    Mutation(
        "a deep clean on the day after a facial",
        evening(FIRST + 1, deep_clean=True),
        "permitted_deep_clean 16 home_deep_clean contraindication.gx27d_home_care_after_facial",
        "cap cap_deep_clean",
    ),
    Mutation(
        "a pore strip while a retinoid is in use",
        both(
            put(48, "dc_exfoliate", "pore_strip", 1),
            brought_in(RETINOID, 45),
            put(47, "pm_active", RETINOID),
            put(50, "pm_active", RETINOID),
        ),
        "permitted 48 pore_strip product.pore_strip",
        "introduction_gap introduction_many introduction_ramp minutes",
    ),
    Mutation(
        "an acid on the first day of the pause", acid(SECOND - 3), "window 40 bha_leave_on window.strong_active_before"
    ),
    Mutation(
        "an acid on the day itself, before it",
        acid(SECOND),
        "window 43 bha_leave_on window.strong_active_before",
        "permitted_screening screening",
    ),
    Mutation(
        "an acid on the day itself, after it",
        acid(SECOND),
        "window 43 bha_leave_on window.strong_active_after",
        "permitted_screening screening",
    ),
    Mutation(
        "an acid on the last day of the pause", acid(SECOND + 3), "window 46 bha_leave_on window.strong_active_after"
    ),
    Mutation(
        "an acid in the wash before a session",
        both(take(SECOND - 1, "pm_cleanse"), put(SECOND - 1, "pm_cleanse", "salicylic_wash", 1)),
        "window 42 salicylic_wash window.strong_active_before",
        "introduction screening",
    ),
    Mutation("a third acid in a week", acid(53, 56), "cap 56 bha_leave_on cap.exfoliation", "ramp"),
    Mutation(
        "a scrub from the same budget",
        both(put(55, "dc_exfoliate", "scrub", 1), acid(53)),
        "cap 55 scrub cap.exfoliation",
        "minutes",
    ),
    Mutation(
        "two scrubs in a week",
        both(put(55, "dc_exfoliate", "scrub", 1), evening(59, deep_clean=True), put(59, "dc_exfoliate", "scrub", 1)),
        "cap 59 scrub cap.scrub",
        "cap_deep_clean minutes",
    ),
    Mutation("two clay masks in a week", put(50, "pm_active", CLAY), "cap 50 clay_mask cap.clay_mask"),
    Mutation(
        "two pore strips in two weeks",
        both(put(55, "dc_exfoliate", "pore_strip", 1), put(62, "dc_exfoliate", "pore_strip", 1)),
        "cap 62 pore_strip cap.pore_strip",
        "minutes",
    ),
    Mutation(
        "two deep cleans in a week",
        evening(59, deep_clean=True),
        "cap_deep_clean 59 home_deep_clean cap.deep_clean",
        "cap",
    ),
    Mutation("an acid faster than its ramp-up", acid(25), "ramp 25 bha_leave_on ramp.exfoliating_acid"),
    Mutation("an acid on two evenings of its last slow week", acid(35), "ramp 35 bha_leave_on ramp.exfoliating_acid"),
    Mutation(
        "a retinoid every evening from the start",
        both(
            introduction(
                1,
                product=RETINOID,
                ramp="retinoid_a",
                stages=stages(22, (0, 2), (1, 3), (2, 4), (3, 5), (4, 6), (5, 7)),
            ),
            *(take(number, "pm_active") for number in sorted(ACIDS)),
            *(day(number, tests=(RETINOID,)) for number in range(15, 22)),
            *(put(number, "pm_active", RETINOID) for number in (22, 23, 24)),
        ),
        "ramp 24 retinoid_cosmetic ramp.retinoid_a",
    ),
    Mutation(
        "washing twice at rest", irritated(), "cap_cleanse 36 am_cleanse cap.cleanse", "permitted_never rest_deep_clean"
    ),
    Mutation(
        "an acid on a day of rest",
        irritated(),
        "permitted_never 37 bha_leave_on cap.exfoliation",
        "cap_cleanse rest_deep_clean",
    ),
    Mutation(
        "clay on the last day of rest",
        irritated(28),
        "permitted_never 41 clay_mask cap.clay_mask",
        "cap_cleanse rest_deep_clean",
    ),
)

NEW = (
    Mutation(
        "an acid with no introduction",
        introduction(1, product="aha_leave_on", ramp="exfoliating_acid"),
        "introduction 23 bha_leave_on product.bha_leave_on",
        "test_missing test_stray",
    ),
    Mutation(
        "a mask with no introduction",
        whole(introductions=()),
        "introduction 13 clay_mask product.clay_mask",
        "test_stray",
    ),
    Mutation(
        "an acid before its first use", acid(21), "introduction_early 21 bha_leave_on product.bha_leave_on", "ramp"
    ),
    Mutation(
        "a test of six days",
        introduction(1, tested_from=at(16)),
        "introduction_test 16 bha_leave_on home_number.use_test",
        "test_stray",
    ),
    Mutation("a test that a day doesn't tell", day(18, tests=()), "test_missing 18 bha_leave_on home_number.use_test"),
    Mutation("a test on its last day", day(21, tests=()), "test_missing 21 bha_leave_on home_number.use_test"),
    Mutation(
        "a test that goes on for a day", day(22, tests=(ACID,)), "test_stray 22 bha_leave_on home_number.use_test"
    ),
    Mutation("a test of nothing", day(40, tests=("moon_dust",)), "product_unknown 40 moon_dust", "test_stray"),
    Mutation(
        "a test before the plan",
        introduction(0, tested_from=at(-1), first_use=at(6)),
        "introduction_past -1 clay_mask",
        "test_stray",
    ),
    Mutation(
        "a second test a day too soon",
        introduction(1, tested_from=at(13), first_use=at(20), stages=ramp_of_acid(20)),
        "introduction_gap 13 bha_leave_on home_number.between_new_actives",
        "test_missing test_stray",
    ),
    Mutation(
        "a test too soon after an acid",
        brought_in("niacinamide_serum", 15 + 27 + 7),
        "introduction_gap 42 niacinamide_serum ramp.exfoliating_acid",
        "introduction_many",
    ),
    Mutation("a third new product", brought_in("niacinamide_serum", 72), "introduction_many 65 niacinamide_serum"),
    Mutation(
        "a test that starts on a day away",
        introduction(1, tested_from=at(34), first_use=at(41), stages=ramp_of_acid(41)),
        "introduction_away 34 bha_leave_on",
        "introduction_early test_missing test_stray",
    ),
    Mutation(
        "a first use on a day away",
        introduction(1, tested_from=at(24), first_use=at(31), stages=ramp_of_acid(31)),
        "introduction_away 31 bha_leave_on",
        "introduction_early test_missing test_stray",
    ),
    Mutation(
        "a test at rest",
        irritated(10),
        "introduction_rest 15 bha_leave_on home_number.rest_after_irritation",
        "cap_cleanse permitted_never rest_deep_clean rest_new",
    ),
    Mutation(
        "a first use on the last day of rest",
        irritated(9),
        "introduction_rest 22 bha_leave_on home_number.rest_after_irritation",
        "cap_cleanse permitted_never rest_deep_clean rest_new",
    ),
    Mutation(
        "a test going on at rest",
        irritated(16),
        "rest_new 16 bha_leave_on home_number.rest_after_irritation",
        "cap_cleanse introduction_rest permitted_never rest_deep_clean",
    ),
    Mutation(
        "a deep clean at rest",
        irritated(41),
        "rest_deep_clean 41 home_deep_clean home_number.rest_after_irritation",
        "cap_cleanse permitted_never",
    ),
    Mutation(
        "one product brought in twice",
        brought_in(CLAY, 57),
        "introduction_twice 50 clay_mask",
        "introduction_early introduction_many",
    ),
    Mutation(
        "an introduction of nothing",
        introduction(0, product="moon_dust"),
        "product_unknown 0 moon_dust",
        "introduction test_missing test_stray",
    ),
    Mutation(
        "stages of one's own",
        introduction(1, stages=stages(22, (0, 1), (1, 2))),
        "introduction_ramp 22 bha_leave_on ramp.exfoliating_acid",
    ),
    Mutation(
        "no ramp-up where there is one",
        introduction(1, ramp=None, stages=()),
        "introduction_ramp 22 bha_leave_on ramp.exfoliating_acid",
    ),
)

MUTATIONS = (*SESSIONS, *WHOLE, *DAYS, *USES, *NEW, *PAIRS)

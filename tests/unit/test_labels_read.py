"""Reading one list: names that hold separators come out whole, and what is printed around them is understood."""

import pytest

from pellucid.labels.link import Linker
from pellucid.labels.normalise import normalise
from pellucid.labels.read import MISSPELLINGS_LEFT, read_label
from pellucid.labels.tokenise import MOST_MET, Tokeniser
from pellucid.labels.vocabulary import Vocabulary, key
from pellucid.model.label import Ingredient, LabelState, Method

NAMES = (
    "WATER",
    "GLYCERIN",
    "1,2-HEXANEDIOL",
    "CAPRYLIC/CAPRIC TRIGLYCERIDE",
    "CAPRYLYL GLYCOL",
    "FRAGRANCE",
    "CI 77891",
    "CI 77491",
    "CI 77492",
    "TITANIUM DIOXIDE",
    "PEG-40 HYDROGENATED CASTOR OIL",
    "BUTYROSPERMUM PARKII BUTTER",
    "SALICYLIC ACID",
    "PHENOXYETHANOL",
    "MICA",
    "LINALOOL",
    "CITRAL",
    "SODIUM HYALURONATE",
    "GLYCERYL STEARATE",
    "PEG-100 STEARATE",
    "SESAMUM INDICUM SEED OIL",
    "EUGENOL",
    "CITRONELLOL",
    "PHENOL",
    "RETINOL",
    "RETINAL",
    "METHYLPARABEN",
    "ETHYLPARABEN",
    "ALCOHOL DENAT.",
    "ALOE BARBADENSIS LEAF JUICE",
    "N,N-DIMETHYLGLYCINE",
    "BUTYLENE GLYCOL",
    "TOCOPHEROL",
    "TRANS, TRANS-TRIMETHYLPENTADECATRIENONE",
    "CI 60725",
    "CI 60730",
    "SERICIN",
    "SILK EXTRACT",
    "YEAST",
    "YEAST EXTRACT",
    "MOLASSES EXTRACT",
    "SACCHARUM OFFICINARUM EXTRACT",
    "SACCHAROMYCES",
    "RICE",
    "MICA FERMENT FILTRATE",
    "RICE FERMENT FILTRATE",
    "LAVANDULA ANGUSTIFOLIA OIL",
)
SYNONYMS = {
    "AQUA": "WATER",
    "EAU": "WATER",
    "PARFUM": "FRAGRANCE",
    "SHEA BUTTER": "BUTYROSPERMUM PARKII BUTTER",
    "VITAMIN E": "TOCOPHEROL",
    "PHENOL, 2-METHOXY-4-(2-PROPENYL)-": "EUGENOL",
    "(±) 3,7-DIMETHYL-6-OCTEN-1-OL": "CITRONELLOL",
    "VIOLET 2": "CI 60725",
    "EXT. VIOLET 2": "CI 60730",
    "FAEX": "YEAST",
    "EXTRAIT DE LEVURE": "YEAST EXTRACT",
    "EXTRAIT DE MELASSE": "MOLASSES EXTRACT",
    "SACCHARUM OFFICINARUM": "SACCHARUM OFFICINARUM EXTRACT",
    "LAVENDER OIL": "LAVANDULA ANGUSTIFOLIA OIL",
}
VOCABULARY = Vocabulary(NAMES, SYNONYMS)


def read(text: str, *, misspelling: bool = True) -> list[Ingredient]:
    """The ingredients of a text that is a list and nothing else."""
    normal = normalise(text)
    return Tokeniser(Linker(VOCABULARY, misspelling=misspelling)).tokens(normal.text)


def names(text: str) -> list[str | None]:
    return [one.inci for one in read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Water, 1,2-Hexanediol, Glycerin", ["WATER", "1,2-HEXANEDIOL", "GLYCERIN"]),
        ("Water,1, 2-Hexanediol,Glycerin", ["WATER", "1,2-HEXANEDIOL", "GLYCERIN"]),
        ("Water/Aqua/Eau, Glycerin", ["WATER", "GLYCERIN"]),
        ("Water\\Aqua\\Eau, Glycerin", ["WATER", "GLYCERIN"]),
        ("Caprylic/Capric Triglyceride", ["CAPRYLIC/CAPRIC TRIGLYCERIDE"]),
        ("Parfum (Fragrance), Fragrance/Parfum", ["FRAGRANCE", "FRAGRANCE"]),
        ("CI 77891 (Titanium Dioxide), Titanium Dioxide (CI 77891)", ["CI 77891", "TITANIUM DIOXIDE"]),
        ("C.I. 77891, Ci77491, 77492", ["CI 77891", "CI 77491", "CI 77492"]),
        ("PEG-40 Hydrogenated Castor Oil", ["PEG-40 HYDROGENATED CASTOR OIL"]),
        ("Butyrospermum Parkii (Shea) Butter", ["BUTYROSPERMUM PARKII BUTTER"]),
        ("Butyrospermum Parkii (Shea Butter)", ["BUTYROSPERMUM PARKII BUTTER"]),
        ("Sesamum Indicum (Sesame Seed) Oil", ["SESAMUM INDICUM SEED OIL"]),
        ("Water/Aqua/Eau Glycerin Mica", ["WATER", "GLYCERIN", "MICA"]),
        ("Water / Aqua / Eau Glycerin", ["WATER", "GLYCERIN"]),
        ("Water/Aqua/Frob", ["WATER"]),
        ("Glycerin/Frob/Extrait de Frob, Mica", ["GLYCERIN", "MICA"]),
        ("Trans, Trans-Trimethylpentadecatrienone, Mica", ["TRANS, TRANS-TRIMETHYLPENTADECATRIENONE", "MICA"]),
        ("N,N-Dimethylglycine", ["N,N-DIMETHYLGLYCINE"]),
        ("Phenol, 2-Methoxy-4-(2-Propenyl)-, Phenol, Mica", ["EUGENOL", "PHENOL", "MICA"]),
        ("(±) 3,7-Dimethyl-6-octen-1-ol", ["CITRONELLOL"]),
        ("Glyceryl Stearate (and) PEG-100 Stearate", ["GLYCERYL STEARATE", "PEG-100 STEARATE"]),
        ("Glyceryl Stearate & PEG-100 Stearate and Mica", ["GLYCERYL STEARATE", "PEG-100 STEARATE", "MICA"]),
        ("Water, Glycerin, and Phenoxyethanol", ["WATER", "GLYCERIN", "PHENOXYETHANOL"]),
        ("Alcohol Denat., Mica", ["ALCOHOL DENAT.", "MICA"]),
        ("Fragrance (Linalool, Citral)", ["FRAGRANCE", "LINALOOL", "CITRAL"]),
        ("Retinol (Vitamin E)", ["RETINOL"]),
        ("Vitamin E (Retinol)", ["RETINOL"]),
        ("Retinol (Glycerin)", ["RETINOL", "GLYCERIN"]),
        # a list in brackets that translates the name in front of it
        ("Aqua (Water, Eau), Glycerin", ["WATER", "GLYCERIN"]),
        ("Water (Aqua, Eau), Glycerin", ["WATER", "GLYCERIN"]),
        # a colour number that is printed is the one that is meant
        ("Violet 2 (CI 60730), Ext. Violet 2 (Ci 60730), Ext. Violet 2", ["CI 60730", "CI 60730", "CI 60730"]),
        # what a substance is taken from, in brackets or in another language
        ("Sericin (Silk Extract), Mica", ["SERICIN", "MICA"]),
        ("Faex/Yeast Extract/Extrait De Levure, Mica", ["YEAST EXTRACT", "MICA"]),
        ("Molasses Extract/Saccharum Officinarum/Extrait De Melasse", ["MOLASSES EXTRACT"]),
        # a ferment of several is none of them
        ("Saccharomyces/Rice/Mica Ferment Filtrate, Mica", [None, "MICA"]),
        ("Glycerin/Rice Ferment Filtrate", [None]),
        ("Glycerin (and) Retinol 1,2-Hexanediol", ["GLYCERIN", "RETINOL", "1,2-HEXANEDIOL"]),
        # a comma that parts a name, where one of the two is no name
        ("Butylene, Glycol, Mica", ["BUTYLENE GLYCOL", "MICA"]),
        ("Mica, Sesamum Indicum (Sesame), Seed Oil", ["MICA", "SESAMUM INDICUM SEED OIL"]),
        ("Caprylic, Capric Triglyceride", ["CAPRYLIC/CAPRIC TRIGLYCERIDE"]),
        ("Mica, Phenol, Retinol", ["MICA", "PHENOL", "RETINOL"]),
    ],
)
def test_names_come_out_whole(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize("separator", [", ", ",", "; ", " • ", " | ", "\n", " · ", "、", ". ", " - ", " "])
def test_lists_are_separated_in_many_ways(separator: str) -> None:
    printed = ["Water", "Glycerin", "Butylene Glycol", "Sodium Hyaluronate", "1,2-Hexanediol", "Phenoxyethanol"]

    assert names(separator.join(printed)) == [one.upper() for one in printed]


def test_a_name_wrapped_before_its_remark_is_one_name() -> None:
    found = read("Water, Lavandula Angustifolia\n(Lavender) Oil, Mica")

    assert [(one.text, one.inci) for one in found] == [
        ("Water", "WATER"),
        ("Lavandula Angustifolia\n(Lavender) Oil", "LAVANDULA ANGUSTIFOLIA OIL"),
        ("Mica", "MICA"),
    ]


def test_the_full_stop_of_a_name_is_a_part_of_it() -> None:
    found = read("Alcohol Denat., Mica., alcohol denat.")

    assert [(one.text, one.method) for one in found] == [
        ("Alcohol Denat.", Method.EXACT),
        ("Mica", Method.EXACT),
        ("alcohol denat.", Method.EXACT),
    ]


def test_what_a_page_prints_before_the_first_name_is_no_part_of_it() -> None:
    assert [one.text for one in read("Division: Cl (Frob)Mica, Water")] == ["Mica", "Water"]
    assert [(one.text, one.inci) for one in read("Cl (Frob)Mica")] == [("Cl (Frob)", None), ("Mica", "MICA")]


def test_each_footnote_sign_has_its_own_meaning() -> None:
    label = read_label(
        "Ingredients: Water, Glycerin*†, Mica†, Citral*, Linalool**. * organic † Fair Trade", vocabulary=VOCABULARY
    )

    assert [sorted(one.marks) for one in label.ingredients] == [
        [],
        ["fair_trade", "organic"],
        ["fair_trade"],
        ["organic"],
        ["footnote"],  # two stars, which nobody explains, are another sign than one
    ]


def test_an_organic_name_behind_a_sign_is_no_footnote() -> None:
    found = read("Mica, *CO Lavandula Angustifolia (Lavender) Oil, *Organic Glycerin")

    assert [one.inci for one in found] == ["MICA", "LAVANDULA ANGUSTIFOLIA OIL", "GLYCERIN"]
    assert [("organic" in one.marks) for one in found] == [False, True, True]
    assert found[1].text == "Lavandula Angustifolia (Lavender) Oil"


def test_of_very_many_entries_the_last_are_known_as_a_whole_or_not_at_all() -> None:
    printed = [f"Frob{number} Quux" for number in range(MOST_MET + 10)]
    found = read(", ".join(["Mica (Frob)", *printed, "Glycerin (Frobber)", "Mica* Water (Zyzzy) Glycerin"]))

    assert len(found) == len(printed) + 3
    assert [one.inci for one in found[-2:]] == ["GLYCERIN", None]


def test_a_wrapped_name_is_one_name() -> None:
    assert names("Water, Sodium\nHyaluronate, Phenoxy-\nethanol") == ["WATER", "SODIUM HYALURONATE", "PHENOXYETHANOL"]


@pytest.mark.parametrize(
    ("text", "percents"),
    [
        ("Salicylic Acid 2 %, Water", [2.0, None]),
        ("Salicylic Acid (0.5%) Water", [0.5, None]),
        ("Salicylic Acid 0,5 %, Water", [0.5, None]),
        ("2% Salicylic Acid, Water", [2.0, None]),
        ("Titanium Dioxide 1.5%Water", [1.5, None]),
        ("Salicylic Acid 2% w/w, Titanium Dioxide 10%", [2.0, 10.0]),
    ],
)
def test_strengths_belong_to_their_names(text: str, percents: list[float | None]) -> None:
    found = read(text)

    assert [one.percent for one in found] == percents
    assert all(one.inci for one in found)


def test_what_stands_between_two_strengths_is_kept() -> None:
    assert [(one.text, one.percent) for one in read("Mica 2% C 3%")] == [("Mica", 2.0), ("C", 3.0)]


@pytest.mark.parametrize("text", ["Frob (&) Quux (Zyzzy)", "Frob (and) Quux", "Frob [&] Quux, Mica"])
def test_the_text_of_an_entry_is_what_is_printed(text: str) -> None:
    assert all(one.text == text[one.start : one.end] for one in read(text))


def test_marks_are_read() -> None:
    found = read(
        "Titanium Dioxide (nano), Glycerin*, Organic Aloe Barbadensis Leaf Juice, Mica**, Citral. *organic **fair trade"
    )

    assert [sorted(one.marks) for one in found] == [["nano"], ["organic"], ["organic"], ["fair_trade"], []]


def test_a_footnote_nobody_explains_is_kept_as_such() -> None:
    assert [one.marks for one in read("Glycerin*, Water")] == [{"footnote"}, set()]


@pytest.mark.parametrize(
    "text",
    [
        "Active ingredients: Salicylic Acid 2 %. Inactive ingredients: Water. May contain: Mica, CI 77491",
        "Active ingredients: Salicylic Acid 2 %\nIngredients: Water\n[+/- Mica, CI 77491]",
        "Active ingredient Salicylic Acid 2 %. Ingredients: Water. May contain (+/-): Mica, CI 77491.",
    ],
)
def test_headings_inside_a_list_mark_what_follows(text: str) -> None:
    assert [(one.inci, set(one.marks)) for one in read(text)] == [
        ("SALICYLIC ACID", {"active"}),
        ("WATER", set()),
        ("MICA", {"may_contain"}),
        ("CI 77491", {"may_contain"}),
    ]


def test_methods_say_how_a_name_was_found() -> None:
    found = read("Glycerin, Butylene-Glycol, Vitamin E, Phenoxyethanl, Frobnicated Quux")

    assert [one.method for one in found] == [
        Method.EXACT,
        Method.KEY,
        Method.SYNONYM,
        Method.MISSPELLING,
        Method.UNKNOWN,
    ]
    assert [one.confidence for one in found] == sorted((one.confidence for one in found), reverse=True)
    assert found[-1].text == "Frobnicated Quux"
    assert found[-1].confidence == 0


def test_names_that_are_unknown_with_their_words_are_not_taken_apart() -> None:
    assert names("Hydrolyzed Mica Glycerin Polymer, Water") == [None, "WATER"]
    assert names("Frob Butylene Glycol Phenoxyethanol, Water") == [None, "WATER"]


def test_unknown_words_inside_a_run_of_names_are_shown() -> None:
    found = read("Water Glycerin Frobnicated Quux Sodium Hyaluronate Butylene Glycol Phenoxyethanol")

    assert [one.text for one in found if one.inci is None] == ["Frobnicated Quux"]
    assert len(found) == 6


def test_an_unknown_polymer_is_not_its_first_half() -> None:
    assert names("Glycerin/Vinyl Frobnicate Crosspolymer") == [None]


def test_places_are_those_of_the_text_that_was_given() -> None:
    text = (
        "\u200bIngredients: Ｗater, Sodium Hya\u00adluronate², &amp; Glycerin<br>Butylene Glycol, ﬁzz, "
        "Phenoxyethanol, Mica"
    )
    label = read_label(text, vocabulary=VOCABULARY)

    assert [one.text for one in label.ingredients] == [text[one.start : one.end] for one in label.ingredients]
    assert "Sodium Hya\u00adluronate" in [one.text for one in label.ingredients]
    assert label.names == {
        "WATER",
        "SODIUM HYALURONATE",
        "GLYCERIN",
        "BUTYLENE GLYCOL",
        "PHENOXYETHANOL",
        "MICA",
    }
    assert "ﬁzz" in [one.text for one in label.unknown]


def test_not_on_the_list_and_no_list_are_different_answers() -> None:
    label = read_label("Ingredients: Water, Glycerin, Mica, Citral", vocabulary=VOCABULARY)
    empty = read_label("", vocabulary=VOCABULARY)

    assert label.state is LabelState.READ
    assert (label.has("MICA"), label.has("RETINOL")) == (True, False)
    assert (empty.state, empty.has("RETINOL")) == (LabelState.NO_LIST, None)


def test_misspellings_are_left_alone_when_they_are_not_wanted_or_the_text_is_no_label() -> None:
    text = "Ingredients: Water, Glycerin, Butylene Glycol, Phenoxyethanl, Mica, Citral, Linalool, Retinol"
    without = read_label(text, vocabulary=VOCABULARY, misspelling=False)
    long = read_label(text + ", Mica" * 4000, vocabulary=VOCABULARY)

    assert [one.text for one in without.unknown] == ["Phenoxyethanl"]
    assert without.notes == ()
    assert [one.text for one in long.unknown] == ["Phenoxyethanl"]
    assert long.notes == (MISSPELLINGS_LEFT,)
    assert not read_label(text, vocabulary=VOCABULARY).unknown


def test_the_shipped_names_are_the_default() -> None:
    label = read_label("Ingredients: Aqua, Glycerin, Niacinamide, Phenoxyethanol")

    assert label.names == {"WATER", "GLYCERIN", "NIACINAMIDE", "PHENOXYETHANOL"}


def test_keys_keep_digits_apart() -> None:
    assert key("1,2-Hexanediol") == key("1, 2 hexanediol") != key("12-Hexanediol")
    assert key("Crème β-Glucan") == "cremebetaglucan"


def test_a_wider_vocabulary_keeps_what_was_known() -> None:
    wide = VOCABULARY.widened(["AQUA", "FROBNICATE"])

    assert wide.find("Aqua") == VOCABULARY.find("Aqua")
    assert wide.find("Frobnicate") is not None
    assert VOCABULARY.find("Frobnicate") is None


@pytest.mark.parametrize(
    "ending",
    [
        "*Aloe Barbadensis Leaf Juice. *organic",
        "*Aloe Barbadensis Leaf Juice *organic",
        "*Organic Aloe Barbadensis Leaf Juice. *organic",
        "*Zorbium Extract. *from organic farming",
    ],
)
def test_a_starred_name_right_before_its_footnote_is_not_lost(ending: str) -> None:
    found = read_label(f"Ingredients: Water, Glycerin, Urea, {ending}").ingredients
    assert len(found) == 4
    assert found[-1].text in ending

"""Misspelled names: what is a slip of one known name is linked, what could be two is left alone."""

import pytest

from pellucid.knowledge.name_parts import NameParts
from pellucid.labels.lexicon import Lexicon, shipped_lexicon
from pellucid.labels.link import Linker
from pellucid.labels.misspell import SURE, Speller
from pellucid.labels.vocabulary import Vocabulary
from pellucid.model.label import Method

VOCABULARY = Vocabulary(
    [
        "RETINOL",
        "RETINAL",
        "METHYLPARABEN",
        "ETHYLPARABEN",
        "SODIUM HYALURONATE",
        "PHENOXYETHANOL",
        "PEG-40 STEARATE",
        "PEG-100 STEARATE",
        "SODIUM CHLORIDE",
        "POTASSIUM CHLORITE",
        "1,2-HEXANEDIOL",
        "NIACINAMIDE",
        "TALC",
        "METHYLISOTHIAZOLINONE",
        "SODIUM GLUCONATE",
        "SODIUM GLYCOLATE",
        "CALCIUM CARBONATE",
        "URTICA EXTRACT",
        "PEG-20",
        "ACACIA SENEGAL GUM",
        "OLEA EUROPAEA FRUIT OIL",
        "PASSIFLORA EDULIS SEED OIL",
        "CI 15985",
        "2,6-NONADIEN-1-OL",
    ],
    {"GLYCERINE": "GLYCERIN", "YELLOW NO. 6": "CI 15985", "FDC YELLOW NO. 6": "CI 15985"},
)
SPELLER = Speller(VOCABULARY)


@pytest.mark.parametrize(
    ("printed", "inci", "edits"),
    [
        ("Sodium Hyaluronte", "SODIUM HYALURONATE", 1),
        ("Sodium Hyalruonate", "SODIUM HYALURONATE", 1),
        ("Phenoxyetanool", "PHENOXYETHANOL", 2),
        ("Sodjum Hyaluromate", "SODIUM HYALURONATE", 2),
        ("Sodjum Hylurornate", "SODIUM HYALURONATE", 3),
        ("PEG-40 Sterate", "PEG-40 STEARATE", 1),
        ("1,2-Hexandiol", "1,2-HEXANEDIOL", 1),
        ("Glicerine", "GLYCERIN", 1),
        ("Olea Europaea Frit Oil", "OLEA EUROPAEA FRUIT OIL", 1),
        ("Passiflora Edulis Seed Ol", "PASSIFLORA EDULIS SEED OIL", 1),
        ("Sodium Glucnate", "SODIUM GLUCONATE", 1),
    ],
)
def test_slips_are_linked(printed: str, inci: str, edits: int) -> None:
    link = SPELLER.correct(printed)

    assert link == (inci, Method.MISSPELLING, SURE[edits])


@pytest.mark.parametrize(
    "printed",
    [
        "Retinel",  # Retinal or Retinol
        "Retinyl",
        "Methylpraben",  # one letter further it is Ethylparaben
        "PEG-4 Stearate",  # a digit is never put right
        "PEG-400 Stearate",
        "PEG-10 Stearate",
        "1,3-Hexanediol",
        "Sodium Chlorite",  # every word is a right one, so it is another name
        "Tlc",  # too short to tell
        "Talcc",
        "",
        "é" * 200,
        "Something Else Entirely",
        # names of other ingredients, made of the parts that names are made of
        "Octylisothiazolinone",
        "Sodium Glucuronate",
        "Sodium Diglycolate",
        "Calcium Threonate",
        "Myrtle Extract",  # a word of English
        "PEG-20M",  # a thousand times as large
        "Acacia Segol Gum",  # another species: three letters in a word of five
        "HC Yellow No. 6",  # a hair dye
    ],
)
def test_what_could_be_meant_is_left_alone(printed: str) -> None:
    assert SPELLER.correct(printed) is None


@pytest.mark.parametrize("name", ["Retinal", "Retinol", "Methylparaben", "Ethylparaben", "PEG-40 Stearate"])
def test_names_with_near_neighbours_are_themselves(name: str) -> None:
    link = Linker(VOCABULARY).known(name)

    assert link is not None
    assert (link.inci, link.method) == (name.upper(), Method.EXACT)


def test_without_misspelling_nothing_is_guessed() -> None:
    assert Linker(VOCABULARY).guess("Phenoxyethanl").inci == "PHENOXYETHANOL"
    assert Linker(VOCABULARY, misspelling=False).guess("Phenoxyethanl").inci is None


def test_a_word_is_one_of_english_or_made_of_parts_and_a_slip_is_neither() -> None:
    parts = NameParts(
        frozenset({"di"}),
        frozenset({"octyl", "methyl", "chalcon"}),
        frozenset({"ane", "ol"}),
        frozenset({"hc"}),
        frozenset(),
    )
    lexicon = Lexicon(parts, frozenset({"myrtle", "tea"}))

    assert all(word in lexicon for word in ("octyl", "dioctyl", "methyloctyl", "octylane", "hc"))
    assert not any(word in lexicon for word in ("octy", "octyldi", "olmethyl", "ol", "dichalcon", "myrtle", ""))
    assert lexicon.is_english("myrtle")
    assert not lexicon.is_english("tea")  # short words are as often slips of each other


def test_the_shipped_parts_make_names_that_are_not_shipped() -> None:
    lexicon = shipped_lexicon()

    assert all(word in lexicon for word in ("octylisothiazolinone", "glucuronate", "threonate", "diglycolate"))
    assert not any(word in lexicon for word in ("hyaluronte", "phenoxyetanool", "glycern", "tocopherl", "niacinamde"))

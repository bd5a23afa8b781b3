"""The printed report: red flags first, what a practitioner said, and nothing that a person typed read as markup."""

import io
import re
from datetime import date
from pathlib import Path

import pypdf
import pytest

from pellucid.care import care
from pellucid.consult.intake import read_intake
from pellucid.exchange.build import build_report
from pellucid.exchange.model import Report
from pellucid.exchange.report_pdf import Reviewed, report_pdf
from pellucid.knowledge.load import load

EXAMPLES = Path(__file__).parents[2] / "examples" / "intakes"
DAY = date(2026, 11, 20)


def report(name: str, language: str, **more: object) -> Report:
    """The report of an example, with more answers."""
    intake = {**read_intake(EXAMPLES / f"{name}.toml"), **more}
    return build_report(care(intake, today=DAY, knowledge=load()), language=language, knowledge=load())


def text_of(paper: bytes) -> str:
    """What stands on the paper, without blanks."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages))


@pytest.mark.parametrize("language", ["en", "zh_hant"])
@pytest.mark.parametrize("name", ["almost_nothing_answered", "itchy_forehead_after_antibiotics", "nothing_wrong"])
def test_it_says_what_the_report_says(name: str, language: str) -> None:
    made = report(name, language)
    text = text_of(report_pdf(made, texts=load().texts(language)))
    for found in made.findings:
        if found.kind != "concern":
            assert re.sub(r"\s+", "", found.name) in text
    for sentence in made.summary:
        assert re.sub(r"\s+", "", sentence) in text


def test_what_is_urgent_comes_first() -> None:
    made = report("nothing_wrong", "en", now={"warning_signs": ["vision_change"], "skin": []})
    text = text_of(report_pdf(made, texts=load().texts("en")))
    assert text.index(re.sub(r"\s+", "", made.referral[0].do)) < text.index("Yourporecarereport")


def test_what_it_could_be_is_never_said_as_a_fact() -> None:
    made = report("itchy_forehead_after_antibiotics", "en")
    likely = [each for each in made.referral if each.rule.startswith("lookalike.")]
    assert likely
    text = text_of(report_pdf(made, texts=load().texts("en")))
    for each in likely:
        assert re.sub(r"\s+", "", f"Could be: {each.text}") in text


def test_a_practitioner_holds_back_and_says_why() -> None:
    made = report("oily_t_zone_student", "en")
    treatment = next(each for each in made.options if each.status in {"allowed", "caution"})
    said = Reviewed(
        "Signed by Doris.",
        "#strong[Hello] \\ *you*",
        {treatment.treatment: ("blocked", "Not for you", "We $wait$ first.")},
    )
    text = text_of(report_pdf(made, texts=load().texts("en"), reviewed=said))
    assert "SignedbyDoris." in text
    assert "#strong[Hello]\\*you*" in text
    assert "We$wait$first." in text


def test_the_same_report_makes_the_same_bytes() -> None:
    made = report("nothing_wrong", "en")
    assert report_pdf(made, texts=load().texts("en")) == report_pdf(made, texts=load().texts("en"))

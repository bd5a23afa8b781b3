"""The drawings: described in both languages, at home in both schemes, and never with two things of one id."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from pellucid.web.ui.icons import ICONS, svg
from pellucid.web.ui.pictures import ZONES, names

TITLE = re.compile(r'<title id="([\w-]+)">(.+?)</title>\s*<desc id="([\w-]+)">(.+?)</desc>', re.DOTALL)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|rgb\(|\b(?:fill|stroke)=")


def picture(name: str, options: str = "") -> str:
    template = engines["django"].from_string(f'{{% picture "{name}" {options} %}}')
    return str(template.render({"picked": ["nose", "jaw"]}, RequestFactory().get("/")))


@pytest.mark.parametrize("name", names())
def test_every_picture_is_described_in_both_languages(name: str) -> None:
    said = {}
    for language in ("en", "zh-hant"):
        with translation.override(language):
            drawing = picture(name)
        ET.fromstring(drawing)  # noqa: S314 - our own drawing
        found = TITLE.search(drawing)
        assert found, f"{name} has no title and description"
        assert f'aria-labelledby="{found[1]} {found[3]}"' in drawing
        assert 'role="img"' in drawing
        said[language] = found[2] + found[4]
    assert not CHINESE.search(said["en"])
    assert CHINESE.search(said["zh-hant"])


@pytest.mark.parametrize("name", names())
def test_a_picture_takes_its_colours_from_the_tokens(name: str) -> None:
    without_links = re.sub(r'url\(#[\w-]+\)|fill-rule="\w+"', "", picture(name))
    assert not COLOUR.search(without_links)


@pytest.mark.parametrize("name", names())
def test_a_picture_drawn_twice_has_ids_of_its_own(name: str) -> None:
    template = engines["django"].from_string(f'{{% picture "{name}" %}}{{% include inner %}}')
    inner = engines["django"].from_string(f'{{% picture "{name}" %}}')
    html = str(template.render({"inner": inner}, RequestFactory().get("/")))
    ids = [each for each in re.findall(r'\bid="([\w-]+)"', html) if not each.startswith("zone-")]
    assert len(ids) == len(set(ids))


def test_the_face_map_marks_what_was_picked_and_says_it() -> None:
    drawing = picture("face_map", "picked=picked")
    for zone in ZONES:
        picked = zone.name in {"nose", "jaw"}
        assert f'id="zone-{zone.name}" class="zone{" zone--picked" if picked else ""}"' in drawing
    assert "Marked: Nose, Jaw." in drawing


def test_the_face_map_can_be_a_map_of_links() -> None:
    drawing = picture("face_map", "picked=picked link='?zone='")
    assert drawing.count("<a ") == len(ZONES)
    assert '<a href="?zone=chin" aria-label="Chin">' in drawing
    assert '<a href="?zone=nose" aria-label="Nose" aria-current="true">' in drawing
    assert 'role="img"' not in drawing


def test_the_layers_of_the_evening_have_no_sunscreen() -> None:
    assert "Sunscreen" in picture("layer_order")
    assert "unscreen" not in picture("layer_order", "time='evening'")


@pytest.mark.parametrize("name", sorted(ICONS))
def test_an_icon_is_a_drawing_without_colours_of_its_own(name: str) -> None:
    drawing = svg(name)
    ET.fromstring(drawing)  # noqa: S314 - our own drawing
    assert not COLOUR.search(drawing)


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(KeyError):
        svg("no_such_icon")

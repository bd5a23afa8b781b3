"""Words that show where an ingredient list starts, what stands around one, and what is none: languages, no facts.

Everything is matched at the start of a short stretch of text with patterns that can't backtrack far.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from pellucid.model.label import Kind


class Sense(StrEnum):
    """What a heading says of the text below it."""

    LIST = "list"
    NO_LIST = "no_list"
    """Key ingredients, directions, what a product is free of: names there are not the list."""


class Heading(NamedTuple):
    """A heading at the start of a stretch."""

    end: int
    """Where the text below it starts."""
    sense: Sense
    kind: Kind = Kind.INGREDIENTS


_BEFORE = r"[\s\W_]{0,6}"
_MAY_CONTAIN = (
    r"may(?: also)? contain(?:s)?(?: one or more of)?|peut contenir|kann enthalten|puede contener|può contenere"
    r"|pode conter|kan bevatten|może zawierać|可能含有|可能含|可能包含|含まれる可能性"
)
_INACTIVE = (
    r"(?:inactive|other|non-?active) ingredients?|inactives?(?= ?:)|ingrédients? inactifs?|autres ingrédients"
    r"|ingredientes inactivos|otros ingredientes|(?:sonstige|weitere|inaktive) (?:inhaltsstoffe|bestandteile)"
    r"|excipients?(?= ?:)|excipientes|hilfsstoffe|(?:非活性|其他|其它|その他の?)成[分份]"
)
_ACTIVE = (
    r"active ingredients?|actives?(?= ?:)|ingrédients? actifs?|principes? actifs?|ingredientes? activos?"
    r"|wirkstoffe?|(?:活性|有效)成[分份]|有効成分"
)
_KEY = (
    r"(?:(?:key|hero|star|main|featured|power|spotlight|highlighted|notable|signature|our|the)[ \-]{1,2}){1,3}"
    r"(?:\w{1,20} ){0,1}?(?:ingredients?|actives)|highlights?(?= ?:)|ingredients? (?:highlights?|spotlight|we love)"
    r"|(?:ingrédients|actifs) (?:clés?|phares?|principaux)|ingredientes (?:clave|principales|destacados)"
    r"|(?:wichtigste|wertvolle|ausgewählte|zentrale) (?:inhaltsstoffe|wirkstoffe)|schlüssel(?:inhalts|wirk)stoffe"
    r"|(?:主要|关键|關鍵|核心|明星)成[分份]|主要有効成分"
)
_LIST = (
    r"(?:(?:full|complete|all|entire|total|list of|product|inci)[ \-]{1,2}){0,2}"
    r"(?:ingredients?(?![ ]{1,2}(?:are|is|may|in|that|which|from|and|to|for|we|can|with|known|such|of)\b)"
    r"|ingr[ée]dients?|inhaltsstoffe|bestandteile|ingredientes|ingredienti|ingrediënten|ingrediensar|ingredienser"
    r"|składniki|složení|összetevők|состав|ингредиенты|zusammensetzung|composition(?= ?:)|composición|composizione"
    r"|inci\b|全成[分份]|成[分份]|配合成分|原材料名|전성분|성분)"
    r"(?:[ /]{1,3}(?:ingr[ée]dients?|ingredientes|ingredienti|inhaltsstoffe|bestandteile|composition|inci\b|list[ae]?\b"
    r"|liste|declaration)){0,4}(?:liste?\b|表|列表)?(?:[ ]?\(inci\)|[ ]\([^()]{1,30}\)(?= ?:))?"
)
_NO_LIST = (
    r"directions?\b|how to (?:use|apply)|usage\b|instructions?\b|warnings?\b|cautions?\b|precautions?\b|storage\b"
    r"|benefits?\b|why (?:we|you|it)\b|uses?(?= ?:)|purpose(?= ?:)|questions\b|other information|about\b|description\b"
    r"|free[ \-](?:of|from)\b|(?:formulated|made|created) without\b|without\b|does not contain|contains no\b|no (?=\w)"
    r"|not tested\b|shopping list|recipe\b|method(?= ?:)"
    r"|mode d'emploi|conseils? d'utilisation|utilisation(?= ?:)|avertissements?\b|précautions?\b|sans\b|bienfaits\b"
    r"|anwendung\b|anwendungshinweise?|hinweise?\b|warnhinweise?|ohne\b|frei von|zutaten für"
    r"|modo de (?:empleo|uso)|advertencias?\b|precauciones\b|sin\b|libre de|beneficios\b"
    r"|modo d'uso|avvertenze\b|senza\b|使用方法|用法|使い方|ご使用方法|注意事项|注意事項|使用上の注意"
    r"|警告|功效|不含|无添加|無添加"
)
_MAY_SIGN = rf"(?:{_MAY_CONTAIN}|\+ ?/ ?-|±)"
_MAY_SIGNS = rf"{_MAY_SIGN}(?:[\s/:()\[\]]{{0,3}}{_MAY_SIGN}){{0,4}}"
"""In several languages, with the sign for it."""
_HEADING = re.compile(
    _BEFORE + rf"(?:(?P<may>{_MAY_SIGNS})|(?P<inactive>{_INACTIVE})|(?P<no>{_KEY}|{_NO_LIST})"
    rf"|(?P<active>{_ACTIVE})|(?P<list>{_LIST}))(?:[ ]\([^()]{{1,30}}\)(?=[ ]?:)|[ ]{{1,3}}purposes?\b)?",
    re.IGNORECASE,
)
_MAY = re.compile(_BEFORE + _MAY_SIGNS, re.IGNORECASE)
_MAY_ANYWHERE = re.compile(_MAY_SIGN, re.IGNORECASE)
_ALONE = re.compile(r"[ ]?[)\]](?![ ]?[:\w])")
"""Closes a bracket that holds nothing but the sign, behind which no name stands."""
_MENTION = re.compile(
    "ingr|inhalt|bestand|wirkst|a[ck]ti|inci|excip|hilfs|compos|zusam|[分份]|skład|соста|cont[ei]n|enthalt|含|[+] ?/|±"
    "|purpose|direction|warning|caution",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[\s)\]]{0,3}(?P<mark>[:\-=.]?)[\s\[(]{0,3}(?:\+ ?/ ?-|±)?[ )\]]{0,2}[:\-]?[\s\[(]{0,2}")
_WITHOUT = re.compile(
    r"[\s\W_]{0,6}(?:free|frei|libre|(?:\w{4,10} )?without|sans|ohne|sin|senza|no|不含|[无無]添加)\b", re.IGNORECASE
)
_FIRST = re.compile(r"\b(?:Water|Aqua|WATER|AQUA)\b(?:[ /(][^,.:]{0,40})?$")
_WORDED = re.compile(r"[^\W\d_]")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SHORTEST = 4
"""No heading in Latin letters is shorter."""
_HEADS = 90
"""No heading is longer."""


def opens_may_contain(text: str, start: int) -> bool:
    """Whether colours that a product may contain stand there, and not only the sign for it behind a name."""
    found = _MAY.match(text, start, start + _HEADS)
    return bool(found and not _ALONE.match(text, found.end()))


def colours_below(text: str, start: int) -> int:
    """Where a heading of what a product may contain ends that starts there; 0 if there is none."""
    found = _MAY.match(text, start, start + _HEADS)
    after = _AFTER.match(text, found.end(), found.end() + _HEADS) if found else None
    return after.end() if after else 0


def says_without(text: str, start: int, end: int) -> bool:
    """Whether the heading of a region is of what a product is free of."""
    return bool(_WITHOUT.match(text, start, end))


def list_start(text: str, start: int, end: int) -> int | None:
    """Where a list starts in a stretch that ends in water, the usual first name, behind words of a sentence."""
    found = _FIRST.search(text, max(start, end - _HEADS), end)
    return found.start() if found and text[start : found.start()].strip() else None


def mentions_colours(text: str) -> bool:
    """Whether the sign for what a product may contain is in a text, or words for it."""
    return bool(_MAY_ANYWHERE.search(text))


def mentions_list(text: str, start: int, end: int) -> bool:
    """Whether a heading that others can stand before is in a stretch."""
    return bool(_MENTION.search(text, start, end))


def heading(text: str, start: int, end: int, *, inside: bool = False) -> Heading | None:
    """The heading at the start of a stretch, of known words; ``inside`` a list only of what a product may contain."""
    if end - start < _SHORTEST and text[start:end].isascii():
        return None
    found = (_MAY if inside else _HEADING).match(text, start, min(end, start + _HEADS))
    if not found:
        return None
    after = _AFTER.match(text, found.end(), min(end, found.end() + _HEADS))
    below = after.end() if after else found.end()
    if found.lastgroup == "no":
        return Heading(found.end(), Sense.NO_LIST)
    if inside or found.lastgroup == "may":
        return Heading(below, Sense.LIST, Kind.MAY_CONTAIN)
    if not _is_separate(text, found, below, end):
        return None
    kind = {"inactive": Kind.INACTIVE, "active": Kind.ACTIVE}.get(str(found.lastgroup), Kind.INGREDIENTS)
    return Heading(below, Sense.LIST, kind)


def _is_separate(text: str, found: re.Match[str], below: int, end: int) -> bool:
    """Whether the words are a heading and not the start of a sentence about ingredients."""
    if ":" in text[found.end() : below] or below >= end or "\n" in text[found.end() : below]:
        return True
    if not text[found.end()].isalpha() or _CJK.match(text[found.end()]):
        return text[below].isupper() or text[below].isdigit() or bool(_CJK.match(text[below]))
    return False


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


STOP_WORDS = _set(
    """
    the is are was were be been for your you with this that these those it its our we they them helps help
    helping which from while when where who will can may must should have has into onto over after before until
    all any every each more most very than then also as at by if on or to not only skin skin's apply use using
    used formula product keep avoid contact eyes looks look looking feel feeling leaves leaving leave provides
    provide supports support reduces reduce improves improve visibly protects protect soothes soothe hydrates
    hydrate hydrating hydration moisturizes moisturize nourishes nourish appearance wrinkles boosts boost made
    tested dermatologist dermatologically suitable against shields shield gives giving deliver delivers relieve
    relieves lasting long-lasting immediate contains contain rich including infused enriched please refer
    packaging ingredients ingredient list free of in a an and pour les avec est sont votre vos peau une dans sur
    aide aux cette ces qui que ou elle il nos plus für und die der das ist sind mit haut sie ihre zum zur bei
    nicht auf ein eine von hilft para los las con piel una que su sus por más ayuda del esta este per della
    delle con pelle una che il
    """
)
"""Words of sentences, which stand in few names of ingredients."""

WEAK_WORDS = _set("of in a an and or as at by to die der das les una sin von con per il par")
"""Those of them that stand in names as well."""

KITCHEN = _set(
    """
    water aqua eau wasser agua sugar salt seasalt honey milk butter cream egg eggs flour oliveoil sunfloweroil
    coconutoil vinegar lemonjuice rice oats corn starch cornstarch cocoa yeast bakingsoda bakingpowder
    citricacid coffee tea cinnamon vanilla ginger garlic onion tomato potato soy banana apple strawberry lemon
    orange lecithin caramel maltodextrin glucose fructose dextrose whey gelatin pectin agar ice oil vegetableoil
    palmoil rapeseedoil lactose glucosesyrup ascorbicacid ethanol cucumber avocado almonds oatmeal
    """
)
"""Keys of names that a recipe or a food's list holds as well: a list of nothing else is no cosmetic's."""

MEASURE = re.compile(
    r"^[\W_]{0,3}(?:[0-9]{1,4}(?:[.,/][0-9]{1,3})?|[½¼¾]|a|an|one|two|three|half)[ ]?(?:-[ ]?)?"
    r"(?:g|kg|mg|ml|cl|dl|l|oz|lb|lbs|cups?|tsps?|tbsps?|teaspoons?|tablespoons?|drops?|pinch|handful|slices?|cloves?"
    r"|packs?|bottles?|cans?|x|el|tl|esslöffel|teelöffel|tassen?|cuillères?|cucharadas?|克|毫升|勺)\b(?![ ]?/)",
    re.IGNORECASE,
)
"""An amount as recipes and shopping lists give it; labels give percent."""

SHAPE = re.compile(
    r"(?:ate|ol|ide|one|ine|in|ene|ane|eth|yl|acid|gum|oil|extract|butter|wax|polymer|crosspolymer|powder|protein|parfum"
    r"|filtrate|ferment|lysate|juice|water|aqua|glucoside|cellulose|silica|peptide"
    r"|-[0-9]{1,4}|ci [0-9]{5})[\s)*.\]]{0,4}$",
    re.IGNORECASE,
)
"""How names of cosmetic ingredients end."""


GARBLED = re.compile(r"[A-Za-z][0-9#@$!?&~^|][A-Za-z]|[0-9][A-Za-z][0-9][A-Za-z]")
"""Signs inside words that printed names don't have there."""


def is_worded(text: str) -> bool:
    """Whether a text holds a letter."""
    return bool(_WORDED.search(text))

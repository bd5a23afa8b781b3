"""The words of each language: one folder a language, one file a topic, read when first needed."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Any

from pellucid.knowledge.schema import TOPIC_OF
from pellucid.model.errors import UnknownIdError

LANGUAGES = ("en", "zh_hant")
DEFAULT_LANGUAGE = "en"

PHRASE_FILES = ("interface", "photos")
"""Files that hold sentences by an id of their own rather than a record's; ``photo.…`` stand in the second."""


class Texts:
    """Texts of one language, addressed by record (``treatment.aha_peel``) and field (``name``)."""

    def __init__(self, folder: Traversable, language: str, own: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
        """Remember where the files are, and a clinic's own words; nothing is read yet."""
        if language not in LANGUAGES:
            raise UnknownIdError(f"no language {language!r}; there is {', '.join(LANGUAGES)}")
        self.language = language
        self._own = own
        self._folder = folder / "text" / language
        self._topics: dict[str, Mapping[str, Any]] = {}

    def topic(self, topic: str) -> Mapping[str, Any]:
        """All texts of one topic, as read."""
        if topic not in self._topics:
            file = self._folder / f"{topic}.toml"
            self._topics[topic] = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
        return self._topics[topic]

    def get(self, ref: str, field: str, **parameters: object) -> str:
        """The text of a record's field; ``field`` may be nested, as in ``options.pacemaker``.

        Raises:
            UnknownIdError: this language has no such text.
        """
        if ref in self._own:
            return self._own_text(ref, field)
        kind, _, name = ref.partition(".")
        node: Any = self.topic(TOPIC_OF[kind]).get(kind, {}).get(name)
        for part in field.split("."):
            node = node.get(part) if isinstance(node, Mapping) else None
        if not isinstance(node, str):
            raise UnknownIdError(f"no text {field!r} for {ref} in {self.language}")
        return node.format(**parameters) if parameters else node

    def has(self, ref: str, field: str) -> bool:
        """Whether a record's field has words; those of some fields are optional."""
        kind, _, name = ref.partition(".")
        return field in self._own.get(ref, {}) or field in self.topic(TOPIC_OF[kind]).get(kind, {}).get(name, {})

    def _own_text(self, ref: str, field: str) -> str:
        """A clinic's own words in this language, else in another; a field without words is empty."""
        words = self._own[ref]
        languages = (self.language, *words)
        return next((words[each][field] for each in languages if field in words.get(each, {})), "")

    def phrase(self, phrase: str, **parameters: object) -> str:
        """A sentence of the interface.

        Raises:
            UnknownIdError: this language has no such phrase.
        """
        interface, photos = PHRASE_FILES
        entry = self.topic(photos if phrase.startswith("photo.") else interface).get("phrase", {}).get(phrase)
        if entry is None:
            raise UnknownIdError(f"no phrase {phrase!r} in {self.language}")
        text: str = entry["text"]
        return text.format(**parameters) if parameters else text


def leaves(node: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every text below a node, as (dotted path, text)."""
    for key, value in node.items():
        path = f"{prefix}.{key}" if prefix else key
        if isinstance(value, Mapping):
            yield from leaves(value, path)
        else:
            yield path, value

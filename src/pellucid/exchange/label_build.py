"""From a ``Label`` and its ``Verdict`` to a ``LabelReport``: ids become words, and every source is listed once."""

from collections.abc import Iterable

from pellucid import __version__
from pellucid.exchange import label_model as out
from pellucid.exchange.build import CONFIDENCE, Builder
from pellucid.exchange.verdict_words import VerdictWords
from pellucid.knowledge.base import Knowledge
from pellucid.model.label import Ingredient, Label, Part
from pellucid.model.verdict import Line, Mention, Note, ProductGuess, Verdict


def build_label(
    label: Label, verdict: Verdict, *, language: str, knowledge: Knowledge, imported_names: int
) -> out.LabelReport:
    """Lay out one label that was read and judged.

    Args:
        label: as ``read_label`` read it.
        verdict: as ``judge`` judged it.
        language: ``en`` or ``zh_hant``.
        knowledge: for names, words and sources.
        imported_names: how many names of a user's own inventory were in use.
    """
    builder = Builder(knowledge, language, ())
    judged = _Verdict(builder).verdict(verdict)
    disagreements = builder.disagreements()
    return out.LabelReport(
        schema_version=out.SCHEMA_VERSION,
        product="Pellucid",
        version=__version__,
        language=language,
        intended_use=builder.texts.phrase("notice.intended_use"),
        text=label.text,
        imported_names=imported_names,
        state=label.state.value,
        notes=list(label.notes),
        lists=[_list(part) for part in label.parts],
        ingredients=[ingredient_out(each) for each in label.ingredients],
        verdict=judged,
        disagreements=disagreements,
        sources=builder.all_sources(),
    )


def ingredient_out(ingredient: Ingredient) -> out.IngredientOut:
    """One entry of a list."""
    fields = ingredient._asdict()
    return out.IngredientOut(**{**fields, "method": ingredient.method.value, "marks": sorted(ingredient.marks)})


def _list(part: Part) -> out.ListOut:
    return out.ListOut(kind=part.kind.value, start=part.start, end=part.end, heading=part.heading, product=part.product)


class _Verdict:
    """Lays out one verdict; remembers its sources in the builder."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.words = VerdictWords(builder.knowledge, builder.texts)

    def verdict(self, verdict: Verdict) -> out.VerdictOut:
        return out.VerdictOut(
            state=verdict.state.value,
            today=verdict.today,
            product=self.product(verdict.product),
            lines=[self.line(line) for line in verdict.lines],
            notes=[self.note(note) for note in verdict.notes],
            unknown=_mentions(verdict.unknown),
            layers=list(verdict.layers),
            stands_for=verdict.stands_for,
            names=verdict.names,
            knowledge=verdict.knowledge,
        )

    def product(self, guess: ProductGuess) -> out.ProductOut:
        word = next(word for least, word in CONFIDENCE if guess.confidence >= least)
        return out.ProductOut(
            kind=guess.kind,
            name=self.words.product(guess),
            confidence=guess.confidence,
            confidence_text=self.builder.texts.phrase(f"confidence.{word}"),
            given=guess.given,
            because=list(guess.because),
            rinse_off=guess.rinse_off,
        )

    def line(self, line: Line) -> out.OnePercentOut:
        (marker,) = _mentions([line.marker])
        return out.OnePercentOut.model_validate(
            {
                "product": line.product,
                "position": line.position,
                "marker": marker,
                "basis": line.basis,
                "rule": line.rule,
                "sources": self.builder.sources(line.sources),
            }
        )

    def note(self, note: Note) -> out.NoteOut:
        return out.NoteOut(
            section=note.section,
            section_text=self.words.section(note.section),
            code=note.code,
            tone=note.tone.value,
            said=list(self.words.note(note)),
            rule=note.rule,
            sources=self.builder.sources(note.sources),
            about=_mentions(note.about),
            personal=note.personal,
            unknown=note.unknown,
            asks=list(note.asks),
            since=note.since,
            until=note.until,
            days=list(note.days),
            strength=note.strength,
            verified=note.verified,
            disagreement=self.builder.disagreement(note.disagreement),
        )


def _mentions(mentions: Iterable[Mention]) -> list[out.MentionOut]:
    return [
        out.MentionOut(
            index=each.index,
            position=each.position,
            text=each.text,
            inci=each.inci,
            percent=each.percent,
            low=each.low,
        )
        for each in mentions
    ]

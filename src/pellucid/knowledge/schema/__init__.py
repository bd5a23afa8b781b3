"""The shape of every knowledge record, and the file in which each kind lives."""

from pellucid.knowledge.schema.base import Record
from pellucid.knowledge.schema.home import (
    Cap,
    HomeNumber,
    Layer,
    Pair,
    PatchStep,
    PregnancyRule,
    Product,
    Ramp,
    SunRule,
)
from pellucid.knowledge.schema.ingredients import (
    AllergenRule,
    ComedogenicityFinding,
    ComedogenicityGrade,
    IngredientLimit,
    IngredientNote,
    IngredientPregnancy,
    IngredientStatement,
    LimitWording,
    ProductScope,
    UsefulStrength,
)
from pellucid.knowledge.schema.labels import (
    ByAmount,
    KindCue,
    LabelMedicine,
    LineMarker,
    ProductKind,
    VerdictNote,
    VerdictSection,
)
from pellucid.knowledge.schema.learn import Advice, Fact, Faq, Group, Instrument, Myth, Source
from pellucid.knowledge.schema.people import (
    Cause,
    Concern,
    Exposure,
    LookAlike,
    Modifier,
    PhototypePoint,
    PoreType,
    Question,
    Referral,
    Scoring,
    SeedItem,
    Severity,
    SkinType,
)
from pellucid.knowledge.schema.planning import PlanGoal
from pellucid.knowledge.schema.roles import IngredientRole
from pellucid.knowledge.schema.rules import Age, Contraindication, Disagreement, Region, Scope, Signal, Window
from pellucid.knowledge.schema.treatments import Aftercare, Precare, Protocol, StopSign, Treatment

TOPICS: dict[str, tuple[type[Record], ...]] = {
    "sources": (Source,),
    "seed_items": (SeedItem,),
    "disagreements": (Disagreement,),
    "families": (Group,),
    "questionnaire": (Question,),
    "exposures": (Exposure,),
    "signals": (Signal,),
    "scoring": (Scoring,),
    "phototype": (PhototypePoint,),
    "skin_types": (SkinType, Modifier),
    "pore_types": (PoreType,),
    "causes": (Cause,),
    "concerns": (Concern,),
    "lookalikes": (LookAlike,),
    "referral": (Referral, Severity),
    "treatments": (Treatment,),
    "protocols": (Protocol, StopSign),
    "aftercare": (Aftercare, Precare),
    "contraindications": (Contraindication,),
    "windows": (Window,),
    "levels": (Region, Scope, Age),
    "home_care": (Layer, Cap, Ramp, Pair, PregnancyRule, SunRule, PatchStep, Product, HomeNumber),
    "planning": (PlanGoal,),
    "ingredient_roles": (IngredientRole,),
    "ingredient_limits": (
        ProductScope,
        LimitWording,
        IngredientLimit,
        UsefulStrength,
        IngredientNote,
        IngredientPregnancy,
        AllergenRule,
        ComedogenicityGrade,
        ComedogenicityFinding,
        IngredientStatement,
    ),
    "labels": (ProductKind, KindCue, LineMarker, ByAmount, LabelMedicine, VerdictSection, VerdictNote),
    "lifestyle": (Advice,),
    "instruments": (Instrument,),
    "facts": (Fact,),
    "myths": (Myth,),
    "faq": (Faq,),
}
"""Topic (the file's name without ending) to the records it holds; the table name is the record's kind."""

TOPIC_OF: dict[str, str] = {record.kind: topic for topic, records in TOPICS.items() for record in records}
"""Kind of a record to its topic."""

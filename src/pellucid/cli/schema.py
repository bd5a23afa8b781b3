"""``pellucid schema``: the published JSON Schemas."""

import json

import click

from pellucid.consult.intake import intake_model
from pellucid.exchange.model import Report
from pellucid.knowledge.load import load


def run(what: str) -> None:
    """Print one schema."""
    click.echo(schema_text(what), nl=False)


def schema_text(what: str) -> str:
    """The JSON Schema of one kind of file or output, as published in docs/reference."""
    if what == "plan":
        from pellucid.exchange.plan_file import plan_schema

        schema = plan_schema()
    elif what == "label":
        from pellucid.exchange.label_model import LabelReport

        schema = LabelReport.model_json_schema()
    elif what in {"photo", "change"}:
        from pellucid.exchange.photo_model import ChangeReport, PhotoReport

        schema = (PhotoReport if what == "photo" else ChangeReport).model_json_schema()
    else:
        schema = (Report if what == "report" else intake_model(load())).model_json_schema()
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"

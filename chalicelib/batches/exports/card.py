"""The data card: a README that says how a data set was made. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict

from chalicelib.batches.exports.model import Export, Progress
from chalicelib.batches.runs.model import Batch, Wanted
from chalicelib.wire import iso

_CELL = str.maketrans({"|": r"\|", "\n": " ", "\r": " "})
_COLUMNS = """\
One record is one picture; a row without a picture has one record as well. `data` is the row's own
data, `outputs` what text steps answered, and `judgements` what judges said of the picture (`score`
from 1 to 5 and `reason`), all as JSON text. `cost_micros` is what the record's
picture cost in millionths of a US dollar, null where nobody knows; a row without pictures has the
cost of its texts. `picture` is `stored`, `missing` or `damaged`."""


def card_of(batch: Batch, export: Export, progress: Progress, now: int) -> str:
    """Return the card as Markdown, with the heading that libraries of data sets read."""
    wanted = batch.wanted
    name = json.dumps(wanted.name, ensure_ascii=False)
    sections = [
        f"---\npretty_name: {name}\n---",
        f"# {_plain(wanted.name)}",
        f"Made by Pixel Prompt from batch `{batch.id}`, exported at {iso(now)}.",
        "\n".join(_facts(batch, export, progress)),
        "## Columns\n\n" + _COLUMNS,
        "## Models\n\n" + "\n".join(_models(wanted)),
        "## Cost\n\n" + "\n".join(_costs(batch)),
        "## Template\n\n" + _fenced(json.dumps(_template(wanted), ensure_ascii=False, indent=1)),
    ]
    return "\n\n".join(sections) + "\n"


def _facts(batch: Batch, export: Export, progress: Progress) -> Iterator[str]:
    wanted, chosen = batch.wanted, batch.wanted.selection
    yield "| | |"
    yield "|---|---|"
    yield f"| template | `{wanted.template_id}`, version {wanted.version} |"
    sample = "" if chosen.sample is None else f", a sample of {chosen.sample} (seed {chosen.seed})"
    rows = f"rows {chosen.first} to {chosen.last}{sample}, {chosen.repeat} times each"
    yield f"| seed data | `{wanted.seed_data_id}`, {rows} |"
    yield f"| seeds of pictures | {_list(wanted.axes.seeds) or 'as each record says'} |"
    if wanted.axes.aspect_ratios:
        yield f"| aspect ratios | {_list(wanted.axes.aspect_ratios)} |"
    if wanted.axes.guidances:
        yield f"| guidance | {_list(wanted.axes.guidances)} |"
    yield f"| batch made | {iso(batch.created_ms)}, now {batch.state} |"
    yield f"| rows of the batch | {batch.total}: {batch.done} done, {batch.failed} failed |"
    exported = f"{progress.rows} rows ({export.spec.rows}), {progress.records} records"
    yield f"| in this export | {exported} |"
    yield f"| pictures missing or damaged | {progress.lacking} |"
    if export.spec.pictures == "url":
        yield "| addresses of pictures | on the installation's own origin; private ones end |"


def _models(wanted: Wanted) -> Iterator[str]:
    yield "| step | model | id |"
    yield "|---|---|---|"
    for step in wanted.template.steps:
        for model in wanted.models.get(step.id, ()):
            yield f"| {step.id} | {_plain(model.name)} | {_plain(model.model_id)} |"


def _costs(batch: Batch) -> Iterator[str]:
    yield "| step | model | calls | US dollars | basis |"
    yield "|---|---|---|---|---|"
    for spent in batch.spent_by:
        amount = "?" if spent.basis == "unknown" else dollars(spent.micros)
        yield f"| {spent.step} | {_plain(spent.model)} | {spent.calls} | {amount} | {spent.basis} |"
    known = sum(spent.micros for spent in batch.spent_by if spent.basis != "unknown")
    yield f"| **all** | | {sum(s.calls for s in batch.spent_by)} | {dollars(known)} | |"


def dollars(micros: int) -> str:
    """Return an amount exactly."""
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


def _template(wanted: Wanted) -> dict[str, object]:
    steps = [
        {name: value for name, value in asdict(step).items() if value not in (None, {})}
        for step in wanted.template.steps
    ]
    return {"name": wanted.template.name, "steps": steps}


def _fenced(text: str) -> str:
    """Return a block of code whose fence is longer than any in the text."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}json\n{text}\n{fence}"


def _list(values: tuple[object, ...]) -> str:
    return ", ".join(str(value) for value in values)


def _plain(text: str) -> str:
    return text.translate(_CELL)

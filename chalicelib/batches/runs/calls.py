"""One call of one model for a cell, from what it is asked to what is kept of its answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.batches.runs.answers import Unfit, check_answer, instruction
from chalicelib.batches.runs.grid import Place, parameters
from chalicelib.batches.runs.items import cell_of, cell_text
from chalicelib.batches.runs.model import Batch, Cell
from chalicelib.batches.templates.renderer import Renderer
from chalicelib.generation.call import Call
from chalicelib.generation.model import StoredImage
from chalicelib.generation.service import Generator
from chalicelib.images.store import METADATA_LIMIT, ImageStore, picture_stem
from chalicelib.providers.base import Completion, Deferred, EndsAt, SeeingProvider, Shown
from chalicelib.providers.errors import BadRequest, BadResponse, Interrupted, ProviderError
from chalicelib.providers.models.catalog import dearest_text, most_for_image, rates_of
from chalicelib.providers.models.prices import most_for_text
from chalicelib.providers.registry import Slot, TextSlot
from chalicelib.spend.model import micros

SLACK_BYTES = 256
"""What providers put around a prompt, counted as tokens of one byte each."""
SHOWN_TOKENS = 8_000
"""More than any provider here counts a picture for; read from their pages, not measured."""
SHOWN_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif")
TOKENS_MARGIN = 1.25
"""How much dearer than usual a picture may come that is billed by the tokens it takes."""
PAUSES_S = (2.0, 4.0, 8.0)
"""Before a call is made again that was certainly not billed."""
LONGEST_PAUSE_S = 30.0
STORE_AGAIN_S = 0.5
STORING_MS = 4_000
"""After its deadline, a picture that came in time may still be stored so long."""
AGAIN = ("RATE_LIMITED", "UNAVAILABLE")
_CELL = "cell"
_NOT_STORED = "The picture came, but could not be stored, and is lost. Retry to ask again."
_OURS = "Something went wrong on our side. Retry to ask again."


class TextProviders(Protocol):
    """The configured text models as things that complete."""

    def text_at(self, index: int) -> SeeingProvider:
        """Return the model's provider; raise the ProviderError that the settings leave."""
        ...


class Settings(Protocol):
    """The configured models as they are now."""

    @property
    def slots(self) -> Sequence[Slot]: ...

    @property
    def texts(self) -> Sequence[TextSlot]: ...


@dataclass(frozen=True)
class Asked:
    """One cell on its way: `deadline_ms` in epoch milliseconds; `ticket` resumes an earlier call.

    `picture` is what a judge is to look at.
    """

    batch: Batch
    row: int
    place: Place
    cell: Cell
    prompt: str
    deadline_ms: int
    save_ticket: Callable[[str], None]
    picture: StoredImage | None = None


@dataclass(frozen=True)
class Calls:
    """Calls models. `clock` in epoch milliseconds, `sleep` in seconds."""

    generator: Generator
    texts: TextProviders
    models: Settings
    images: ImageStore
    clock: Callable[[], int]
    sleep: Callable[[float], None]

    def worst(self, place: Place, prompt: str) -> int:
        """Return the most micro-dollars that a call may come to."""
        now = self.clock()
        if place.step.kind == "image":
            return self._worst_picture(self.slot(place), prompt, now)
        slot = self.text(place)
        sent = f"{instruction(place.step)}{prompt}".encode(errors="replace")
        shown = SHOWN_TOKENS if place.step.kind == "judge" else 0
        size, out = len(sent) + SLACK_BYTES + shown, place.step.max_tokens
        rates = slot.model.rates(now)
        if rates is None:
            return micros(dearest_text(slot.model.provider, slot.model.model_id, size, out, now))
        return micros(most_for_text([rates], size, out))

    def _worst_picture(self, slot: Slot, prompt: str, now: int) -> int:
        """What is billed by tokens costs what the table says and a little more or less."""
        usual = most_for_image(slot.model.price, now)
        rates = rates_of(slot.model.provider, slot.model.model_id, now)
        if rates is None:
            return micros(usual)
        read = (len(prompt.encode(errors="replace")) + SLACK_BYTES) * rates.text_in / 1_000_000
        return micros(usual * TOKENS_MARGIN + read)

    def slot(self, place: Place) -> Slot:
        """Return the image model as it is configured; raise LookupError where it has changed."""
        for slot in self.models.slots:
            if slot.index == place.model.index and slot.model.model_id == place.model.model_id:
                return slot
        raise LookupError(place.model.name)

    def text(self, place: Place) -> TextSlot:
        """Return the text model as it is configured; raise LookupError where it has changed."""
        for slot in self.models.texts:
            if slot.index == place.model.index and slot.model.model_id == place.model.model_id:
                return slot
        raise LookupError(place.model.name)

    def seconds(self, place: Place) -> float:
        """Return how long a call may take."""
        slot = self.slot(place) if place.step.kind == "image" else self.text(place)
        return slot.timeout

    def make(self, asked: Asked, renderer: Callable[[], Renderer]) -> Cell:
        """Call the model and return the cell as it has ended. Never raises."""
        try:
            return self._again_if_free(asked, renderer)
        except ProviderError as error:
            return self._failed(asked.cell, error)
        except Exception:
            logs.failure("cell_failed", batchId=asked.batch.id, row=asked.row, cell=asked.cell.id)
            return self._failed(asked.cell, Interrupted(_OURS))

    def _again_if_free(self, asked: Asked, renderer: Callable[[], Renderer]) -> Cell:
        """A call that was not billed and may do better is made again while there is time."""
        act = self._draw if asked.place.step.kind == "image" else self._write
        for pause_s in PAUSES_S:
            try:
                return act(asked, renderer)
            except ProviderError as error:
                wait_s = min(error.retry_after or pause_s, LONGEST_PAUSE_S)
                late = self.clock() + wait_s * 1000 >= asked.deadline_ms
                if error.billed != "no" or error.code not in AGAIN or late:
                    raise
                self.sleep(wait_s)
        return act(asked, renderer)

    def _draw(self, asked: Asked, _: Callable[[], Renderer]) -> Cell:
        slot, batch, cell = self.slot(asked.place), asked.batch, asked.cell
        call = Call(
            slot=slot,
            prompt=asked.prompt,
            parameters=parameters(asked.place.step, batch.wanted.axes.points, cell.point),
            stem=stem_of(batch.id, asked.row, asked.place, cell.attempt),
            deadline_ms=min(asked.deadline_ms, self.clock() + int(slot.timeout * 1000)),
            ticket=cell.ticket or None,
            save_ticket=asked.save_ticket,
            name=f"{batch.id}-{asked.row}-{cell.attempt}-{cell.id}"[:64],
            log={"batchId": batch.id, "row": asked.row, "slot": slot.index},
        )
        try:
            drawn = self.generator.generate(call)
        except Deferred:
            raise BadResponse("This model answers by callback only.", billed="unknown") from None
        cost = None if drawn.cost.amount is None else micros(drawn.cost.amount)
        done = replace(
            cell,
            state="done",
            ended_ms=self.clock(),
            image=drawn.image,
            cost=cost,
            basis=drawn.cost.basis,
            ticket="",
        )
        try:
            self._store(done, drawn.data, asked.deadline_ms + STORING_MS)
        except (ClientError, BotoCoreError):
            logs.failure("picture_not_stored", batchId=batch.id, row=asked.row, cell=cell.id)
            failed = self._failed(cell, Interrupted(_NOT_STORED, billed="yes"))
            return replace(failed, cost=cost, basis=drawn.cost.basis)
        return done

    def _store(self, done: Cell, data: bytes, until_ms: int) -> None:
        """Store a picture with its cell, again and again while there is time: it was paid for."""
        assert done.image is not None
        told = cell_text(done)["S"]
        if len(told) > METADATA_LIMIT:
            told = cell_text(replace(done, image=replace(done.image, revised_prompt=None)))["S"]
        while True:
            try:
                self.images.put(done.image.key, data, done.image.content_type, {_CELL: told})
            except (ClientError, BotoCoreError):
                if self.clock() + STORE_AGAIN_S * 1000 >= until_ms:
                    raise
                self.sleep(STORE_AGAIN_S)
            else:
                return

    def stored(self, batch_id: str, row: int, place: Place, cell: Cell) -> Cell | None:
        """Return the cell of a picture that was stored and never recorded."""
        key = self.images.find(stem_of(batch_id, row, place, cell.attempt))
        told = self.images.metadata(key).get(_CELL) if key else None
        return cell_of(told) if told else None

    def _write(self, asked: Asked, renderer: Callable[[], Renderer]) -> Cell:
        slot, step = self.text(asked.place), asked.place.step
        ends_ms = min(asked.deadline_ms, self.clock() + int(slot.timeout * 1000))
        deadline = EndsAt(ends_ms / 1000, lambda: self.clock() / 1000)
        shown = self._shown(slot, asked.picture) if asked.picture else None
        began = self.clock()
        try:
            provider = self.texts.text_at(slot.index)
            answer = provider.complete(
                instruction(step), asked.prompt, step.max_tokens, deadline, shown
            )
        except ProviderError as error:
            _log(slot, error.code, self.clock() - began, None)
            raise
        _log(slot, "TEXT", self.clock() - began, answer)
        cost = None if answer.cost.amount is None else micros(answer.cost.amount)
        cell = replace(
            asked.cell,
            ended_ms=self.clock(),
            cost=cost,
            basis=answer.cost.basis,
            tokens_in=answer.input_tokens,
            tokens_out=answer.output_tokens,
        )
        try:
            return replace(
                cell, state="done", text=check_answer(answer.text, step.answers, renderer())
            )
        except Unfit as problem:
            cut = "" if answer.finished else " It was cut off: raise max_tokens."
            sentence = f"{slot.name}'s answer {problem}.{cut}"
            return replace(cell, state="failed", code=BadResponse.code, error=sentence)

    def _shown(self, slot: TextSlot, picture: StoredImage) -> Shown:
        """Return the picture for a judge; raise BadRequest for one that it does not take."""
        if picture.content_type not in SHOWN_TYPES:
            raise BadRequest(f"{slot.name} cannot be shown {picture.content_type}.", billed="no")
        most = slot.model.largest_shown
        if picture.size > most:
            has, takes = picture.size / 1_000_000, most / 1_000_000
            sentence = f"The picture has {has:.2f} MB; {slot.name} takes {takes:g} MB."
            raise BadRequest(sentence, billed="no")
        return Shown(self.images.get(picture.key), picture.content_type)

    def _failed(self, cell: Cell, error: ProviderError) -> Cell:
        free = error.billed == "no"
        return replace(
            cell,
            state="failed",
            ended_ms=self.clock(),
            cost=0 if free else None,
            basis="exact" if free else "unknown",
            code=error.code,
            error=error.sentence,
            ticket="",
        )

    def lost(self, cell: Cell) -> Cell:
        """Return the end of a call whose answer nobody has: what it cost is unknown."""
        sentence = "The call was interrupted on our side; it may have been billed. Retry it."
        return self._failed(cell, Interrupted(sentence))

    def too_late(self, cell: Cell) -> Cell:
        """Return the end of a call that did not end in time."""
        sentence = "The model did not answer in time; the call may have been billed. Retry it."
        return replace(self._failed(cell, Interrupted(sentence)), code="TIMEOUT")


def stem_of(batch_id: str, row: int, place: Place, attempt: int) -> str:
    """Return the key, without extension, of a cell's picture."""
    target = f"batch-{batch_id}/{row:09d}-{place.step.id}-{place.point}"
    return picture_stem(target, place.model.name, place.model.index, attempt)


def folder_of(batch_id: str) -> str:
    """Return what the keys of all pictures of a batch begin with."""
    return f"group-images/batch-{batch_id}/"


def _log(slot: TextSlot, outcome: str, took_ms: int, answer: Completion | None) -> None:
    logs.measure(
        "text_call",
        {
            "ProviderLatency": took_ms,
            "ProviderFailures": int(outcome != "TEXT"),
            "ProviderCost": (answer.cost.amount or 0.0) if answer else 0.0,
        },
        {"provider": slot.model.provider, "outcome": outcome},
        modelId=slot.model.model_id,
    )

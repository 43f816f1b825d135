"""A pipeline of the library diffusers, from a folder and from nowhere else.

torch and diffusers are imported when it is loaded, so that everything else runs without them.
"""

import inspect
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from model.errors import ContentFiltered, InvalidInput, OutOfMemory, Stopping
from model.order import Order
from model.picture import Drawn, Parameter

INDEX = "model_index.json"
NAMES = {
    "negative_prompt": "negativePrompt",
    "width": "width",
    "height": "height",
    "num_inference_steps": "steps",
    "guidance_scale": "guidance",
}
"""How diffusers calls what an order may ask for."""
TOLD_DEFAULTS = ("num_inference_steps", "guidance_scale")
SEEDS = 2**32 - 1
"""How many there are to choose from: those that the product takes as well."""
AMPERE = 8
"""The first generation of NVIDIA's devices that computes in bfloat16 by itself."""


class NoPipelineError(Exception):
    """The folder holds nothing that diffusers could load."""


class DiffusersPipeline:
    """Any text-to-image pipeline that was saved with `save_pretrained`, as safetensors."""

    def __init__(self, pipeline: Any, torch: Any) -> None:
        self._pipeline = pipeline
        self._torch = torch
        self._takes = inspect.signature(pipeline.__call__).parameters

    @classmethod
    def load(cls, folder: Path) -> "DiffusersPipeline":
        """Raises NoPipelineError, and what diffusers raises for files that are broken.

        Weights are read from safetensors only: other formats run code when they are read.
        """
        if not (folder / INDEX).is_file():
            raise NoPipelineError(f"{folder} has no {INDEX}: it is no folder of diffusers.")
        import torch
        from diffusers import DiffusionPipeline

        _hush()
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.backends.cudnn.benchmark = False
        device, kind = _device(torch)
        pipeline = DiffusionPipeline.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, torch_dtype=kind
        )
        if "prompt" not in inspect.signature(pipeline.__call__).parameters:
            raise NoPipelineError(f"{type(pipeline).__name__} draws nothing from a prompt.")
        pipeline.set_progress_bar_config(disable=True)
        return cls(pipeline.to(device), torch)

    def draw(self, order: Order, is_given_up: Callable[[], bool]) -> Drawn:
        """Raises ContentFiltered, InvalidInput, OutOfMemory, Stopping.

        What a pipeline does not take is left out, and told as `ignored`.
        """
        asked = self._asked(order)
        taken = {name: value for name, value in asked.items() if name in self._takes}
        seed = secrets.randbelow(SEEDS) if order.seed is None else order.seed
        made = self._call(order.prompt, taken, seed, is_given_up)
        image = made.images[0]
        if (getattr(made, "nsfw_content_detected", None) or [False])[0]:
            raise ContentFiltered
        told: dict[str, Parameter] = {
            "model": type(self._pipeline).__name__,
            "prompt": order.prompt,
            **{NAMES[name]: value for name, value in (self._defaults() | taken).items()},
            "width": image.width,
            "height": image.height,
            "seed": seed,
        }
        ignored = [NAMES[name] for name in asked if name not in taken]
        return Drawn(image, told | ({"ignored": ignored} if ignored else {}))

    def _call(
        self, prompt: str, taken: Mapping[str, Any], seed: int, is_given_up: Callable[[], bool]
    ) -> Any:
        # A generator of the processor draws the same noise whatever the device.
        generator = self._torch.Generator("cpu").manual_seed(seed)
        options = {**taken, "generator": generator, **self._asking(is_given_up)}
        try:
            with self._torch.inference_mode():
                return self._pipeline(prompt=prompt, **options)
        except (self._torch.OutOfMemoryError, MemoryError):
            self._torch.cuda.empty_cache()
            raise OutOfMemory from None
        except ValueError as error:
            # Pipelines refuse so what they cannot draw; their sentence holds figures, no prompt.
            raise InvalidInput(f"The model refuses this: {error}") from None

    def _asked(self, order: Order) -> dict[str, Any]:
        """What the order names, as diffusers calls it."""
        fields = order.model_dump(exclude_none=True)
        return {name: fields[field] for name, field in NAMES.items() if field in fields}

    def _defaults(self) -> dict[str, Parameter]:
        """What the pipeline uses where an order names nothing."""
        known = [name for name in TOLD_DEFAULTS if name in self._takes]
        return {name: self._takes[name].default for name in known}

    def _asking(self, is_given_up: Callable[[], bool]) -> dict[str, Any]:
        """Asks after each step, in a pipeline that lets itself be asked."""

        def ask(pipeline: Any, step: int, timestep: int, kept: dict[str, Any]) -> dict[str, Any]:
            if is_given_up():
                raise Stopping
            return kept

        return {"callback_on_step_end": ask} if "callback_on_step_end" in self._takes else {}


def _device(torch: Any) -> tuple[str, Any]:
    """The device and the kind of numbers that it computes fast."""
    if not torch.cuda.is_available():
        return "cpu", torch.float32
    generation, _ = torch.cuda.get_device_capability()
    return "cuda", torch.bfloat16 if generation >= AMPERE else torch.float16


def _hush() -> None:
    """The libraries' warnings repeat parts of prompts, and their progress bars are no log."""
    from diffusers.utils import logging as of_diffusers
    from transformers.utils import logging as of_transformers

    for logging in (of_diffusers, of_transformers):
        logging.set_verbosity_error()
        logging.disable_progress_bar()

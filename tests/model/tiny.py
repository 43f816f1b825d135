"""Tiny pipelines with random weights, made in code: `python -m tests.model.tiny FOLDER [lcm]`.

They prove that pipelines load, draw and end. What they draw is noise, whatever the prompt.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

SEED = 7
LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]
START, END = "<|startoftext|>", "<|endoftext|>"
LONGEST_PROMPT = 77
CHANNELS = (8, 8, 16, 16)
"""Of the autoencoder: four blocks, so that the latents of 256 pixels are 32."""


def make(folder: Path, kind: str = "stable-diffusion") -> None:
    """Write one, as `save_pretrained` does: `stable-diffusion`, or `lcm`, which knows no
    negative prompt."""
    import torch
    from diffusers import (
        DDIMScheduler,
        LatentConsistencyModelPipeline,
        LCMScheduler,
        StableDiffusionPipeline,
    )

    torch.manual_seed(SEED)
    is_lcm = kind == "lcm"
    made = LatentConsistencyModelPipeline if is_lcm else StableDiffusionPipeline
    pipeline = made(
        unet=_unet(is_lcm),
        vae=_autoencoder(),
        text_encoder=_text_encoder(),
        tokenizer=_tokenizer(),
        scheduler=LCMScheduler() if is_lcm else DDIMScheduler(steps_offset=1, clip_sample=False),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(folder, safe_serialization=True)


def _unet(is_lcm: bool) -> Any:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=32,
        block_out_channels=(16, 32),
        layers_per_block=1,
        norm_num_groups=8,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=32,
        attention_head_dim=4,
        time_cond_proj_dim=32 if is_lcm else None,
    )


def _autoencoder() -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=CHANNELS,
        norm_num_groups=8,
        down_block_types=("DownEncoderBlock2D",) * len(CHANNELS),
        up_block_types=("UpDecoderBlock2D",) * len(CHANNELS),
        latent_channels=4,
        sample_size=256,
    )


def _text_encoder() -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel

    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(_vocabulary()),
            hidden_size=32,
            intermediate_size=37,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=LONGEST_PROMPT,
            bos_token_id=_vocabulary()[START],
            eos_token_id=_vocabulary()[END],
            pad_token_id=_vocabulary()[END],
        )
    )


def _tokenizer() -> Any:
    from transformers import CLIPTokenizer

    return CLIPTokenizer(vocab=_vocabulary(), merges=[], model_max_length=LONGEST_PROMPT)


def _vocabulary() -> dict[str, int]:
    words = [*LETTERS, *(f"{letter}</w>" for letter in LETTERS), START, END]
    return {word: number for number, word in enumerate(words)}


if __name__ == "__main__":
    make(Path(sys.argv[1]), *sys.argv[2:])

"""Documented answers of openai: pictures."""

from tests.contract.case import Answer, Replay

REPLAYS = (
    Replay(
        "picture with usage",
        "gpt-image-2.5-flare",
        (
            Answer(
                200,
                {
                    "created": 1795000000,
                    "background": "opaque",
                    "output_format": "png",
                    "quality": "medium",
                    "size": "1024x1024",
                    "data": [{"b64_json": "{png}"}],
                    "usage": {
                        "input_tokens": 20,
                        "input_tokens_details": {"text_tokens": 20, "image_tokens": 0},
                        "output_tokens": 439,
                        "total_tokens": 459,
                        "output_tokens_details": {"image_tokens": 439, "text_tokens": 0},
                    },
                },
            ),
        ),
        cost=0.01327,
    ),
    Replay(
        "picture without usage",
        "gpt-image-2.5-flare",
        (
            Answer(
                200,
                {
                    "created": 1795000000,
                    "data": [{"b64_json": "{png}", "revised_prompt": "A calmer sea"}],
                },
            ),
        ),
        revised_prompt="A calmer sea",
    ),
    Replay(
        "usage without its details",
        "gpt-image-2.5-flare",
        (
            Answer(
                200,
                {
                    "created": 1,
                    "data": [{"b64_json": "{png}", "revised_prompt": {"a": 1}}],
                    "usage": {"output_tokens": "many"},
                },
            ),
        ),
    ),
)

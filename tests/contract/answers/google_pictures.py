"""Documented answers of google: pictures."""

from tests.contract.case import Answer, Replay

REPLAYS = (
    Replay(
        "picture after a draft in the thoughts",
        "gemini-nano-banana-2.1",
        (
            Answer(
                200,
                {
                    "candidates": [
                        {
                            "content": {
                                "role": "model",
                                "parts": [
                                    {
                                        "thought": True,
                                        "inlineData": {"mimeType": "image/png", "data": "AAAA"},
                                    },
                                    {"text": "Here it is."},
                                    {
                                        "inlineData": {"mimeType": "image/png", "data": "{png}"},
                                        "thoughtSignature": "AAAA",
                                    },
                                ],
                            },
                            "finishReason": "STOP",
                        }
                    ],
                    "usageMetadata": {
                        "promptTokenCount": 10,
                        "candidatesTokenCount": 1130,
                        "thoughtsTokenCount": 100,
                        "totalTokenCount": 1240,
                        "candidatesTokensDetails": [
                            {"modality": "IMAGE", "tokenCount": 1120},
                            {"modality": "TEXT", "tokenCount": 10},
                        ],
                    },
                },
            ),
        ),
        cost=0.03444,
    ),
    Replay(
        "usage that does not tell pictures from words",
        "gemini-nano-banana-2.1",
        (
            Answer(
                200,
                {
                    "candidates": [
                        {
                            "content": {
                                "role": "model",
                                "parts": [
                                    {"inlineData": {"mimeType": "image/png", "data": "{png}"}}
                                ],
                            },
                            "finishReason": "STOP",
                        }
                    ],
                    "usageMetadata": {
                        "promptTokenCount": 10,
                        "candidatesTokenCount": 1120,
                        "totalTokenCount": 1130,
                    },
                },
            ),
        ),
    ),
)

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
    Replay(
        "counts and words that the client does not know",
        "gemini-nano-banana-2.1",
        (
            Answer(
                200,
                {
                    "candidates": [
                        {
                            "content": {
                                "parts": [
                                    {"inlineData": {"mimeType": "image/png", "data": "{png}"}},
                                    {"thoughtSignature": "not base64!", "newThing": {"a": 1}},
                                ]
                            },
                            "finishReason": "A_NEW_END",
                            "safetyRatings": "none",
                        }
                    ],
                    "promptFeedback": None,
                    "usageMetadata": {
                        "promptTokenCount": "10",
                        "candidatesTokenCount": 1130,
                        "thoughtsTokenCount": None,
                        "candidatesTokensDetails": [
                            {"modality": "IMAGE", "tokenCount": "1120"},
                            {"modality": "SCENT", "tokenCount": []},
                        ],
                    },
                },
            ),
        ),
        cost=0.03369,
    ),
    Replay(
        "no count that makes sense",
        "gemini-nano-banana-2.1",
        (
            Answer(
                200,
                {
                    "candidates": [
                        {
                            "content": {"parts": [{"inline_data": {"data": "{png}"}}]},
                            "finishReason": 1,
                        }
                    ],
                    "usageMetadata": [{"promptTokenCount": "ten"}],
                    "createTime": "yesterday",
                },
            ),
        ),
    ),
)

"""Pictures that came in yet other ways, of every provider: each is paid for, and taken."""

from tests.contract.case import Answer, Replay

MODEL = "some-image-model"
PNG_FILE = Answer(200, picture=True, headers={"Content-Type": "image/png"})
AT_URL = Answer(200, {"data": [{"url": "{origin}/files/1.png"}]})
DATA_URL = "data:image/png;base64,{png}"
DEFLATED = Answer(200, picture=True, deflate=True, headers={"Content-Encoding": "deflate"})
NO_PICTURE_INLINE = {"url": "{origin}/files/1.png", "b64_json": "bm8gcGljdHVyZQ=="}


def _later(name: str, *before: Answer) -> Replay:
    return Replay(name, MODEL, (AT_URL, *before, PNG_FILE), requests=2 + len(before))


GENERIC = (
    _later("a url that is 403 for a moment", Answer(403, raw="")),
    _later("a url that is 425 for a moment", Answer(425, raw="")),
    _later("a url that is 429 for a moment", Answer(429, raw="")),
    _later("a url that is 503 for a moment", Answer(503, raw=""), Answer(503, raw="")),
    _later("a url that breaks off once", Answer(200, drop=True)),
    _later("a url that redirects", Answer(302, raw="", headers={"Location": "/files/2.png"})),
    Replay("a picture that is deflated by force", MODEL, (AT_URL, DEFLATED)),
    Replay(
        "a picture called a text",
        MODEL,
        (AT_URL, Answer(200, picture=True, headers={"Content-Type": "text/plain"})),
    ),
    Replay(
        "a url and base64 of no picture",
        MODEL,
        (Answer(200, {"data": [NO_PICTURE_INLINE]}), PNG_FILE),
        requests=2,
    ),
    Replay(
        "an empty url and base64",
        MODEL,
        (Answer(200, {"data": [{"url": "", "b64_json": "{png}"}]}),),
    ),
    Replay(
        "a data url of another type",
        MODEL,
        (Answer(200, {"data": [{"url": "data:application/octet-stream;base64,{png}"}]}),),
    ),
    Replay(
        "a url without a scheme",
        MODEL,
        (Answer(200, {"data": [{"url": "//{host}/files/1.png"}]}), PNG_FILE),
    ),
    Replay(
        "a size that is unknown",
        MODEL,
        (
            Answer(422, {"detail": "Extra inputs are not permitted: size"}),
            Answer(200, {"data": [{"b64_json": "{png}"}]}),
        ),
    ),
    Replay(
        "a size in a list of details",
        MODEL,
        (
            Answer(
                422,
                {
                    "detail": [
                        {
                            "type": "extra_forbidden",
                            "loc": ["body", "size"],
                            "msg": "Extra inputs are not permitted",
                        }
                    ]
                },
            ),
            Answer(200, {"data": [{"b64_json": "{png}"}]}),
        ),
    ),
    Replay(
        "a size that is unrecognized",
        MODEL,
        (
            Answer(400, {"error": {"message": "Unrecognized request argument supplied: size"}}),
            Answer(200, {"data": [{"b64_json": "{png}"}]}),
        ),
    ),
    Replay(
        "usage of all zeros",
        MODEL,
        (
            Answer(
                200,
                {
                    "data": [{"b64_json": "{png}"}],
                    "usage": {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0},
                },
            ),
        ),
    ),
)
OPENAI = (
    Replay(
        "usage without the picture's tokens",
        "gpt-image-2",
        (
            Answer(
                200,
                {
                    "data": [{"b64_json": "{png}"}],
                    "usage": {
                        "input_tokens": 20,
                        "output_tokens": 0,
                        "input_tokens_details": {"text_tokens": 20, "image_tokens": 0},
                    },
                },
            ),
        ),
    ),
    Replay(
        "usage of all zeros",
        "gpt-image-2",
        (
            Answer(
                200,
                {
                    "data": [{"b64_json": "{png}"}],
                    "usage": {
                        "input_tokens": 0,
                        "output_tokens": 0,
                        "total_tokens": 0,
                        "input_tokens_details": {"text_tokens": 0, "image_tokens": 0},
                    },
                },
            ),
        ),
    ),
)
RECRAFT = (
    Replay(
        "no credits at all",
        "recraftv4_1",
        (Answer(200, {"credits": 0, "data": [{"b64_json": "{png}"}]}),),
    ),
    Replay(
        "a url although base64 was asked for",
        "recraftv4_1",
        (Answer(200, {"credits": 35, "data": [{"url": "{origin}/i/1.png"}]}), PNG_FILE),
        cost=0.035,
    ),
)
STABILITY = (
    Replay(
        "a picture of no type",
        "sd3.5-large",
        (Answer(200, picture=True, headers={"Content-Type": "application/octet-stream"}),),
    ),
    Replay(
        "a picture in JSON",
        "sd3.5-large",
        (Answer(200, {"image": "{png}", "seed": 7, "finish_reason": "SUCCESS"}),),
        seed=7,
    ),
)
BEDROCK = (
    Replay(
        "a reason that is success",
        "stability.sd3-5-large-v1:0",
        (Answer(200, {"seeds": [7], "finish_reasons": ["SUCCESS"], "images": ["{png}"]}),),
        seed=7,
    ),
    Replay(
        "a data url",
        "stability.sd3-5-large-v1:0",
        (Answer(200, {"finish_reasons": [], "images": [DATA_URL]}),),
    ),
)
QWEN = (
    Replay(
        "a list of results",
        "qwen-image-3.0",
        (Answer(200, {"output": {"results": [{"url": "{origin}/1.png"}]}}), PNG_FILE),
    ),
    Replay(
        "words before the picture",
        "qwen-image-3.0",
        (
            Answer(
                200,
                {
                    "output": {
                        "choices": [
                            {"message": {"content": [{"text": "Here it is."}, {"image": "/1.png"}]}}
                        ]
                    }
                },
            ),
            PNG_FILE,
        ),
    ),
    Replay(
        "a data url",
        "qwen-image-3.0",
        (Answer(200, {"output": {"choices": [{"message": {"content": [{"image": DATA_URL}]}}]}}),),
        requests=1,
    ),
)
_TICKET = Answer(200, {"id": "t1", "polling_url": "{origin}/v1/get_result?id=t1", "cost": 3.0})
_READY = Answer(200, {"id": "t1", "status": "Ready", "result": {"sample": "{origin}/d/t1"}})
BFL = (
    Replay(
        "a cost of nothing",
        "flux-2-pro",
        (
            Answer(200, {"id": "t1", "polling_url": "{origin}/p", "cost": 0}),
            _READY,
            PNG_FILE,
        ),
    ),
    Replay("not found for a moment", "flux-2-pro",
           (_TICKET, Answer(404, {"id": "t1", "status": "Task not found"}),
            Answer(404, {"detail": "Not Found"}), _READY, PNG_FILE), cost=0.03),
    Replay("a state with a new name", "flux-2-pro",
           (_TICKET, Answer(200, {"id": "t1", "status": "Queued"}), _READY, PNG_FILE), cost=0.03),
    Replay("a data url", "flux-2-pro",
           (_TICKET, Answer(200, {"status": "Ready", "result": {"sample": DATA_URL}})), cost=0.03),
    Replay("not there for a moment", "flux-2-pro",
           (_TICKET, _READY, Answer(403, raw=""), Answer(404, raw=""), PNG_FILE), cost=0.03),
)  # fmt: skip

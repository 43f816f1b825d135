"""Pictures that gateways have made and wrapped in ways of their own: each is paid for."""

from tests.contract.case import Answer, Replay

MODEL = "some-image-model"
PNG_FILE = Answer(200, picture=True, headers={"Content-Type": "image/png"})
OCTETS = Answer(200, picture=True, headers={"Content-Type": "application/octet-stream"})
ZIPPED = Answer(200, picture=True, gzip=True, headers={"Content-Encoding": "gzip"})
PAGE = Answer(200, raw="<!doctype html><p>Hello</p>", headers={"Content-Type": "text/html"})
NOT_YET = Answer(404, raw="")
AT_URL = Answer(200, {"data": [{"url": "{origin}/files/1.png"}]})
RELATIVE = Answer(200, {"data": [{"url": "/files/1.png"}]})
BOTH = {"url": "{origin}/files/1.png", "b64_json": "{png}"}
BROKEN_BASE64 = {"url": "{origin}/files/1.png", "b64_json": "%%%"}
DEAD_URL = {"url": "https://gone.invalid/1.png", "b64_json": "{png}"}

WRAPPED = (
    Replay("a url and base64", MODEL, (Answer(200, {"data": [BOTH]}),), requests=1),
    Replay("base64 and a dead url", MODEL, (Answer(200, {"data": [DEAD_URL]}),), requests=1),
    Replay("a url and broken base64", MODEL, (Answer(200, {"data": [BROKEN_BASE64]}), PNG_FILE)),
    Replay("a relative url", MODEL, (RELATIVE, PNG_FILE), requests=2),
    Replay("a url that is 404 for a moment", MODEL, (AT_URL, NOT_YET, PNG_FILE), requests=3),
    Replay("a picture that is gzip by force", MODEL, (AT_URL, ZIPPED)),
    Replay("a picture of no type", MODEL, (AT_URL, OCTETS)),
    Replay("a web page", MODEL, (PAGE,), "BAD_REQUEST", "no"),
    Replay("a redirect", MODEL, (Answer(308, {}, {"Location": "{origin}/v1"}),), "BAD_REQUEST"),
)

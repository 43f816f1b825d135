"""Every way in which the container refuses or fails, each with its HTTP status and code.

ModelError
├── BadJson, InvalidInput, SizeRefused, StepsRefused            400
├── NotFound 404, MethodNotAllowed 405
├── PayloadTooLarge 413, UnsupportedMediaType 415
├── ContentFiltered                                             422
├── DrawingFailed, OutOfMemory                                  500
└── Loading, Busy, Stopping                                     503
"""

from typing import ClassVar


class ModelError(Exception):
    """A failure with an HTTP status, a code and a sentence that says what to do."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "DRAWING_FAILED"
    sentence: ClassVar[str] = "The picture could not be drawn; the container's log has the reason."

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.sentence)


class BadJson(ModelError):
    """The body is not JSON."""

    status, code = 400, "BAD_JSON"
    sentence = "The body cannot be read as JSON."


class InvalidInput(ModelError):
    """A field is missing, wrong or unknown; the sentence names it."""

    status, code = 400, "INVALID_INPUT"


class SizeRefused(ModelError):
    """Width or height is outside the caps, or no multiple of eight."""

    status, code = 400, "SIZE_REFUSED"


class StepsRefused(ModelError):
    """More steps than the cap allows, or none."""

    status, code = 400, "STEPS_REFUSED"


class NotFound(ModelError):
    """There is nothing under this address."""

    status, code = 404, "NOT_FOUND"
    sentence = "There is nothing at this address; GET /ping and POST /invocations are."


class MethodNotAllowed(ModelError):
    """The address takes other methods only."""

    status, code = 405, "METHOD_NOT_ALLOWED"
    sentence = "This address takes another method: GET /ping, POST /invocations."


class PayloadTooLarge(ModelError):
    """The body is longer than its cap."""

    status, code = 413, "PAYLOAD_TOO_LARGE"
    sentence = "The body is too large."


class UnsupportedMediaType(ModelError):
    """The body is not declared as JSON."""

    status, code = 415, "UNSUPPORTED_MEDIA_TYPE"
    sentence = "Send the body as application/json."


class ContentFiltered(ModelError):
    """The pipeline's own safety checker withheld the picture."""

    status, code = 422, "CONTENT_FILTERED"
    sentence = "The model's safety checker withheld the picture. Change the prompt."


class DrawingFailed(ModelError):
    """The pipeline failed in a way that nobody foresaw; its trace is in the log."""


class OutOfMemory(ModelError):
    """The device has too little memory for this picture."""

    status, code = 500, "OUT_OF_MEMORY"
    sentence = "The device has too little memory for this picture. Ask for a smaller one."


class Loading(ModelError):
    """The pipeline is not in memory yet."""

    status, code = 503, "LOADING"
    sentence = "The model is loading. Try again in a moment."


class Busy(ModelError):
    """As many requests wait as may."""

    status, code = 503, "BUSY"
    sentence = "Too many pictures wait for this device. Try again in a moment."


class Stopping(ModelError):
    """The container was told to end before the picture was finished."""

    status, code = 503, "STOPPING"
    sentence = "The container is stopping. Try again; another one will answer."

import base64
import io
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from PIL import Image

from devstack.simulators import Simulators

MODEL = "stability.sd3-5-large-v1:0"


@pytest.fixture(scope="module")
def client(simulators: Simulators) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch, closing(_client(simulators)) as client:
        # A bearer token would be preferred to signing, and is refused over plain HTTP.
        patch.delenv("AWS_BEARER_TOKEN_BEDROCK", raising=False)
        yield client


def _client(simulators: Simulators, region: str = "us-west-2", key: str = "a-key") -> Any:
    return boto3.client(
        "bedrock-runtime",
        endpoint_url=simulators.base_urls["bedrock"],
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key="a-secret",
        config=Config(retries={"total_max_attempts": 1, "mode": "standard"}, read_timeout=10),
    )


def _invoke(client: Any, model: str = MODEL, **fields: Any) -> dict[str, Any]:
    body = json.dumps({"prompt": "a cat", **fields})
    answer: dict[str, Any] = json.loads(
        client.invoke_model(modelId=model, body=body)["body"].read()
    )
    return answer


def _code(caught: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    "model",
    [MODEL, "stability.stable-image-core-v1:1", "stability.stable-image-ultra-v1:1"],
)
def test_the_sdk_gets_a_picture_with_its_seed(client: Any, model: str) -> None:
    answer = _invoke(client, model, seed=7, aspect_ratio="9:16", output_format="jpeg")

    picture = Image.open(io.BytesIO(base64.b64decode(answer["images"][0])))
    assert (answer["seeds"], answer["finish_reasons"]) == ([7], [None])
    assert (picture.size, picture.format) == ((768, 1344), "JPEG")


def test_without_a_seed_one_is_chosen_and_told(client: Any) -> None:
    assert _invoke(client)["seeds"][0] > 0


@pytest.mark.parametrize(
    "fields",
    [
        {"aspect_ratio": "4:3"},
        {"seed": -1},
        {"seed": 4_294_967_295},
        {"steps": 30},
        {"cfg_scale": 5},
        {"output_format": "bmp"},
        {"prompt": "a" * 10_001},
        {"mode": "image-to-image"},
        {"image": "aGk="},
        {"mode": "image-to-image", "image": "aGk=", "aspect_ratio": "1:1"},
    ],
)
def test_a_body_the_model_does_not_take_is_a_validation_error(
    client: Any, fields: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as caught:
        _invoke(client, **fields)

    assert _code(caught) == ("ValidationException", 400)


def test_an_image_can_be_changed_by_the_models_that_take_one(client: Any) -> None:
    assert _invoke(client, mode="image-to-image", image="aGk=", strength=0.5)["images"]
    with pytest.raises(ClientError):
        _invoke(client, "stability.stable-image-core-v1:1", image="aGk=")


@pytest.mark.parametrize("model", ["amazon.nova-canvas-v1:0", "anthropic.claude-3-haiku"])
def test_a_retired_model_is_not_found(client: Any, model: str) -> None:
    with pytest.raises(ClientError) as caught:
        _invoke(client, model)

    assert _code(caught) == ("ResourceNotFoundException", 404)
    assert "end of its life" in str(caught.value)


def test_an_unknown_model_and_another_region_are_validation_errors(simulators: Simulators) -> None:
    for region, model in (("us-west-2", "stability.sd9-v1:0"), ("us-east-1", MODEL)):
        with closing(_client(simulators, region)) as client, pytest.raises(ClientError) as caught:
            _invoke(client, model)
        assert _code(caught) == ("ValidationException", 400)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("rate_limit", ("ThrottlingException", 429)),
        ("bad_key", ("UnrecognizedClientException", 403)),
        ("retired", ("ResourceNotFoundException", 404)),
        ("server_error", ("InternalServerException", 500)),
    ],
)
def test_the_sdk_tells_the_faults_apart(client: Any, fault: str, code: tuple[str, int]) -> None:
    with pytest.raises(ClientError) as caught:
        _invoke(client, prompt=f"a cat [[bedrock:{fault}]]")

    assert _code(caught) == code


def test_an_invalid_access_key_is_a_bad_key(simulators: Simulators) -> None:
    with (
        closing(_client(simulators, key="invalid-key")) as client,
        pytest.raises(ClientError) as caught,
    ):
        _invoke(client)

    assert _code(caught) == ("UnrecognizedClientException", 403)


def test_a_refusal_is_a_success_without_images(client: Any) -> None:
    answer = _invoke(client, prompt="a cat [[bedrock:refuse]]")

    assert answer["finish_reasons"] == ["Filter reason: prompt"]
    assert "images" not in answer


def test_a_dropped_connection_is_no_answer(client: Any) -> None:
    with pytest.raises(ConnectionClosedError):
        _invoke(client, prompt="a cat [[bedrock:drop]]")


def _converse(client: Any, user: str, model: str = "us.amazon.nova-2-lite-v1:0") -> dict[str, Any]:
    answer: dict[str, Any] = client.converse(
        modelId=model,
        system=[{"text": "Be kind."}],
        messages=[{"role": "user", "content": [{"text": user}]}],
        inferenceConfig={"maxTokens": 300, "temperature": 0.5, "topP": 0.9},
    )
    return answer


def test_converse_enhances_with_usage(client: Any) -> None:
    answer = _converse(client, "a cat")

    assert answer["output"]["message"]["content"][0]["text"].startswith("a cat,")
    assert answer["stopReason"] == "end_turn"
    assert answer["usage"]["totalTokens"] > answer["usage"]["inputTokens"] > 0


def test_converse_says_by_its_stop_reason_that_it_filtered(client: Any) -> None:
    assert _converse(client, "a cat [[bedrock:refuse]]")["stopReason"] == "content_filtered"


def test_converse_knows_text_models_only(client: Any) -> None:
    with pytest.raises(ClientError) as caught:
        _converse(client, "a cat", MODEL)

    assert _code(caught) == ("ValidationException", 400)

import base64
import io
from typing import Any

import pytest
import requests
from PIL import Image

from devstack.simulators import Simulators
from tests.simulators.doors import door_to


def _post(
    simulators: Simulators, service: str, accept: str = "image/*", **fields: Any
) -> requests.Response:
    form = {"prompt": "a cat", **fields}
    return requests.post(
        f"{simulators.base_urls['stability']}/v2beta/stable-image/generate/{service}",
        headers={"Authorization": "Bearer a-key", "Accept": accept},
        files={name: (None, str(value)) for name, value in form.items()},
        timeout=10,
    )


@pytest.mark.parametrize(
    ("service", "output_format"),
    [("ultra", "webp"), ("core", "jpeg"), ("sd3", "png"), ("sd3", "jpeg")],
)
def test_raw_bytes_come_with_their_type_and_seed(
    simulators: Simulators, service: str, output_format: str
) -> None:
    answer = _post(simulators, service, seed=7, output_format=output_format)

    assert answer.headers["Content-Type"] == f"image/{output_format}"
    assert (answer.headers["finish-reason"], answer.headers["seed"]) == ("SUCCESS", "7")
    assert answer.headers["x-request-id"]
    assert Image.open(io.BytesIO(answer.content)).format == output_format.upper()


def test_json_is_sent_to_those_who_accept_it(simulators: Simulators) -> None:
    body = _post(simulators, "core", "application/json", seed=7).json()

    assert (body["finish_reason"], body["seed"]) == ("SUCCESS", 7)
    assert Image.open(io.BytesIO(base64.b64decode(body["image"]))).size == (1024, 1024)


def test_the_picture_is_the_same_in_both_forms(simulators: Simulators) -> None:
    body = _post(simulators, "core", "application/json", seed=7).json()

    assert base64.b64decode(body["image"]) == _post(simulators, "core", seed=7).content


@pytest.mark.parametrize("model", ["sd3-large", "sd3-large-turbo", "sd3-medium", "sdxl"])
def test_an_old_model_is_not_found(simulators: Simulators, model: str) -> None:
    answer = _post(simulators, "sd3", model=model)

    assert (answer.status_code, answer.json()["name"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("service", "fields"),
    [
        ("core", {"aspect_ratio": "4:3"}),
        ("core", {"seed": 4_294_967_295}),
        ("core", {"seed": -1}),
        ("core", {"seed": "many"}),
        ("core", {"steps": 30}),
        ("core", {"width": 1024}),
        ("core", {"model": "sd3.5-large"}),
        ("core", {"cfg_scale": 5}),
        ("core", {"prompt": "a" * 10_001}),
        ("core", {"style_preset": "cubist"}),
        ("sd3", {"output_format": "webp"}),
        ("sd3", {"cfg_scale": 11}),
        ("sd3", {"mode": "image-to-image"}),
    ],
)
def test_a_form_the_service_does_not_take_is_a_bad_request(
    simulators: Simulators, service: str, fields: dict[str, Any]
) -> None:
    answer = _post(simulators, service, **fields)

    assert (answer.status_code, answer.json()["name"]) == (400, "bad_request")
    assert any(next(iter(fields)) in error for error in answer.json()["errors"])


@pytest.mark.parametrize("body", [{"json": {"prompt": "a cat"}}, {"data": {"prompt": "a cat"}}])
def test_a_body_that_is_not_multipart_is_refused(
    simulators: Simulators, body: dict[str, Any]
) -> None:
    answer = requests.post(
        f"{simulators.base_urls['stability']}/v2beta/stable-image/generate/core",
        headers={"Authorization": "Bearer a-key", "Accept": "image/*"},
        timeout=10,
        **body,
    )

    assert answer.status_code == 400
    assert "multipart" in answer.json()["errors"][0]


@pytest.mark.parametrize(
    "body",
    [
        b"no parts",
        b"--cut\r\n",
        b"--cut\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--cut--\r\n",
        b'--cut\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nno end',
    ],
)
@pytest.mark.parametrize("boundary", ["", "; boundary=cut"])
def test_a_broken_multipart_body_is_refused(
    simulators: Simulators, body: bytes, boundary: str
) -> None:
    answer = requests.post(
        f"{simulators.base_urls['stability']}/v2beta/stable-image/generate/core",
        body,
        headers={
            "Authorization": "Bearer a-key",
            "Content-Type": f"multipart/form-data{boundary}",
        },
        timeout=10,
    )

    assert (answer.status_code, answer.json()["name"]) == (400, "bad_request")


def test_an_empty_part_makes_a_form_multipart(simulators: Simulators) -> None:
    assert _post(simulators, "core", none="").ok


def test_another_accept_header_is_refused(simulators: Simulators) -> None:
    assert _post(simulators, "core", "text/html").status_code == 400


def test_a_body_over_10_mib_is_too_large(simulators: Simulators) -> None:
    assert _post(simulators, "core", image="a" * 11_000_000).status_code == 413


def test_an_image_can_be_changed_by_sd3(simulators: Simulators) -> None:
    fields: dict[str, Any] = {"mode": "image-to-image", "image": "bytes", "strength": 0.5}

    assert _post(simulators, "sd3", **fields).ok


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("refuse", "content_moderation"),
        ("rate_limit", "rate_limit_exceeded"),
        ("no_credit", "payment_required"),
        ("bad_key", "unauthorized"),
        ("server_error", "internal_error"),
    ],
)
def test_faults_are_told_apart_by_name(simulators: Simulators, fault: str, name: str) -> None:
    body = door_to(simulators, "stability").ask(f"a cat [[stability:{fault}]]").json()

    assert body["name"] == name
    assert body["errors"]

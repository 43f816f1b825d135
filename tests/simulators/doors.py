"""One plain HTTP request for a picture at each provider, as its documentation shows it."""

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import requests

from devstack.simulators import Simulators

TIMEOUT = 10.0
POLL_SECONDS = 0.01
SIGNED = "AWS4-HMAC-SHA256 Credential={key}/20261121/us-west-2/bedrock/aws4_request, Signature=x"
MODELS = {
    "openai": "gpt-image-2.6-flare",
    "google": "gemini-nano-banana-2.1",
    "bedrock": "stability.sd3-5-large-v1:0",
    "stability": "sd3.5-flash",
    "bfl": "flux-2-klein-4b",
    "recraft": "recraftv4_1",
    "qwen": "qwen-image-3.0",
    "generic": "hunyuan-image-3",
}
PROVIDERS = tuple(MODELS)


@dataclass(frozen=True)
class Door:
    """A provider's door: how to ask for a picture there, and how to take it home."""

    provider: str
    base_url: str

    def ask(
        self, prompt: str, *, model: str | None = None, key: str | None = "a-key", **fields: Any
    ) -> requests.Response:
        """Sends the request; `fields` are added to its body in the provider's own names."""
        url, body = self.request(prompt, model, fields)
        return requests.post(url, headers=self.headers(key), timeout=TIMEOUT, **body)

    def headers(self, key: str | None) -> dict[str, str]:
        """The provider's authentication, left out where there is no key."""
        if key is None:
            return {}
        return {
            "google": {"x-goog-api-key": key},
            "bedrock": {"Authorization": SIGNED.format(key=key)},
            "bfl": {"x-key": key},
        }.get(self.provider, {"Authorization": f"Bearer {key}"})

    def picture(self, answer: requests.Response) -> bytes:
        """The bytes of the picture that the answer holds, links to, or promises."""
        if self.provider == "stability":
            return answer.content
        if self.provider == "bfl":
            return collect(self.finished(answer.json()["polling_url"])["result"]["sample"])
        found = self._found(answer.json())
        return collect(found) if found.startswith("http") else base64.b64decode(found)

    def finished(self, polling_url: str) -> Mapping[str, Any]:
        """The state of a job after its last change."""
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            answer = requests.get(polling_url, headers=self.headers("a-key"), timeout=TIMEOUT)
            state: dict[str, Any] = answer.json()
            if state["status"] not in ("Pending", "Reasoning", "Generating"):
                return state
            time.sleep(POLL_SECONDS)
        raise AssertionError("the job did not end")

    def request(
        self,
        prompt: str,
        model: str | None = None,
        fields: Mapping[str, Any] = MappingProxyType({}),
    ) -> tuple[str, dict[str, Any]]:
        """The URL, and the body as `requests` takes it."""
        model = model or MODELS[self.provider]
        base = self.base_url
        match self.provider:
            case "google":
                body = {"contents": [{"parts": [{"text": prompt}]}], **fields}
                return f"{base}/v1/models/{model}:generateContent", {"json": body}
            case "bedrock":
                url = f"{base}/model/{model.replace(':', '%3A')}/invoke"
                return url, {"json": {"prompt": prompt, **fields}}
            case "stability":
                form = {"prompt": prompt, "model": model, **fields}
                parts = {name: (None, str(value)) for name, value in form.items()}
                return f"{base}/v2beta/stable-image/generate/sd3", {"files": parts}
            case "bfl":
                return f"{base}/v1/{model}", {"json": {"prompt": prompt, **fields}}
            case "qwen":
                messages = [{"role": "user", "content": [{"text": prompt}]}]
                body = {"model": model, "input": {"messages": messages}, "parameters": {**fields}}
                url = f"{base}/api/v1/services/aigc/multimodal-generation/generation"
                return url, {"json": body}
            case _:
                body = {"model": model, "prompt": prompt, **fields}
                return f"{base}/images/generations", {"json": body}

    def _found(self, body: Mapping[str, Any]) -> str:
        match self.provider:
            case "google":
                parts = body["candidates"][0]["content"]["parts"]
                found = next(part["inlineData"]["data"] for part in parts if "inlineData" in part)
            case "bedrock":
                found = body["images"][0]
            case "qwen":
                found = body["output"]["choices"][0]["message"]["content"][0]["image"]
            case _:
                found = body["data"][0].get("b64_json") or body["data"][0]["url"]
        return str(found)


def door_to(simulators: Simulators, provider: str) -> Door:
    """The door of one provider."""
    return Door(provider, simulators.base_urls[provider])


def collect(url: str) -> bytes:
    """The bytes behind a link, fetched without a credential."""
    answer = requests.get(url, timeout=TIMEOUT)
    answer.raise_for_status()
    return answer.content

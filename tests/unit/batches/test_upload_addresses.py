"""Signed addresses of uploads: those of S3 as a page reaches it, and those of the laptop's door."""

from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib import config
from chalicelib.batches.exports.files import ExportFiles
from chalicelib.batches.exports.model import Export, Spec
from chalicelib.batches.seed_data.files import SeedFiles
from chalicelib.batches.seed_data.model import SeedDataSet
from chalicelib.wiring.ports import Ports
from devstack.edge.uploads import KEY_ID, PATH, UploadDoor

WANTED = SeedDataSet("d" + "0" * 23, "", "rows", "csv", 12, "waiting", 0)
SECRET, ORIGIN = "a secret of this start", "http://localhost:8000"
SHA = "ab" * 32


def files(monkeypatch: pytest.MonkeyPatch, region: str, **settings: str) -> SeedFiles:
    for name, value in (
        ("AWS_DEFAULT_REGION", region),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ):
        monkeypatch.setenv(name, value)
    ports = Ports(config.load({"S3_BUCKET": "bucket", **settings}))
    return SeedFiles(ports.uploads, lambda: ports.uploads, "bucket")


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_the_bucket_is_asked_at_the_host_that_pages_may_reach(
    monkeypatch: pytest.MonkeyPatch, region: str
) -> None:
    upload = files(monkeypatch, region).sign_upload(WANTED, SHA)
    address = urlsplit(upload.url)
    assert (address.scheme, address.hostname) == ("https", f"bucket.s3.{region}.amazonaws.com")
    assert address.path == f"/uploads/-/{WANTED.seed_data_id}"
    signed = parse_qs(address.query)["X-Amz-SignedHeaders"][0].split(";")
    assert {"content-length", "content-type", "host", "if-none-match"} < set(signed)
    assert "x-amz-checksum-sha256" in signed
    assert upload.headers == {
        "Content-Type": "text/csv",
        "If-None-Match": "*",
        "x-amz-checksum-sha256": "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=",
    }


def door(
    monkeypatch: pytest.MonkeyPatch, later_s: float = 0.0
) -> tuple[UploadDoor, str, dict[str, str]]:
    """Return the door so many seconds after an address was signed, the address, and its headers."""
    from time import time

    endpoint = f"http://{KEY_ID}:{SECRET.replace(' ', '')}@localhost:8000{PATH}"
    upload = files(monkeypatch, "us-east-1", UPLOAD_ENDPOINT=endpoint).sign_upload(WANTED, SHA)
    assert upload.url.startswith(f"{ORIGIN}{PATH}/bucket/uploads/")
    headers = {**upload.headers, "Content-Length": "12", "Host": "localhost:8000"}
    made = UploadDoor(ORIGIN, SECRET.replace(" ", ""), "us-east-1", lambda: time() + later_s)
    return made, upload.url.removeprefix(ORIGIN), headers


class Headers(dict[str, str]):
    """As a server has them: in any case."""

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        return {key.lower(): value for key, value in self.items()}.get(name.lower(), default)


def test_the_door_lets_in_what_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    made, target, headers = door(monkeypatch)
    assert made.lets_in("PUT", target, Headers(headers))
    assert made.lets_in("PUT", target, Headers({**headers, "Host": "127.0.0.1:8000", "Other": "x"}))


@pytest.mark.parametrize(
    "changed",
    [
        {"Content-Length": "13"},
        {"Content-Type": "text/html"},
        {"If-None-Match": ""},
        {"x-amz-checksum-sha256": "x"},
    ],
)
def test_the_door_lets_in_no_other_file(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str]
) -> None:
    made, target, headers = door(monkeypatch)
    assert not made.lets_in("PUT", target, Headers({**headers, **changed}))


def test_the_door_lets_in_no_other_address(monkeypatch: pytest.MonkeyPatch) -> None:
    made, target, headers = door(monkeypatch)
    path, _, query = target.partition("?")
    signature = parse_qs(query)["X-Amz-Signature"][0]
    for wrong in (
        path,
        f"{path}?",
        target.replace("/uploads/-/", "/uploads/ben/"),
        target.replace("/uploads/-/", "/group-images/"),
        target.replace(signature, "0" * 64),
        target.replace(signature, ""),
        target.replace("X-Amz-Expires=3600", "X-Amz-Expires=99999"),
        target.replace("X-Amz-Expires=3600", "X-Amz-Expires=x"),
        target.replace("%3Bif-none-match", ""),
        f"{target}&x-id=PutObject",
        f"{target}&acl",
        target.replace("X-Amz-Date=2", "X-Amz-Date=3"),
    ):
        assert not made.lets_in("PUT", wrong, Headers(headers)), wrong
    for method in ("GET", "DELETE", "POST"):
        assert not made.lets_in(method, target, Headers(headers))


def test_the_door_closes_after_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    for later_s, lets_in in ((3590, True), (3610, False)):
        made, target, headers = door(monkeypatch, later_s)
        assert made.lets_in("PUT", target, Headers(headers)) is lets_in


def test_the_door_gives_an_export_for_an_hour_and_takes_nothing_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from time import time

    endpoint = f"http://{KEY_ID}:{SECRET.replace(' ', '')}@localhost:8000{PATH}"
    client = files(monkeypatch, "us-east-1", UPLOAD_ENDPOINT=endpoint).client
    export = Export("e1", "b1", Spec("csv"), "done", 0, 0, "lamps.csv", attempt=1)
    url = ExportFiles(client, lambda: client, "bucket").sign(export)
    target = url.removeprefix(ORIGIN)
    assert target.startswith(f"{PATH}/bucket/exports/b1/e1/1/lamps.csv?")
    now_s = time()

    def door_at(later_s: float) -> UploadDoor:
        return UploadDoor(ORIGIN, SECRET.replace(" ", ""), "us-east-1", lambda: now_s + later_s)

    here = Headers({"Host": "localhost:8000"})
    assert door_at(3590).lets_in("GET", target, here)
    assert not door_at(3610).lets_in("GET", target, here)
    made = door_at(0)
    for method in ("PUT", "DELETE", "HEAD", "POST"):
        assert not made.lets_in(method, target, here)
    for wrong in (
        target.replace("/e1/", "/e2/"),
        f"{target}&x=1",
        target.replace("X-Amz-Date", "X"),
    ):
        assert not made.lets_in("GET", wrong, here)

"""The meter sees every call, and answers for services that only take note."""

from typing import Any

import boto3
import pytest

from bench.meter import Meter
from tests.unit.cloud import BUCKET, REGION, Cloud


@pytest.fixture(name="session")
def _session(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> boto3.Session:
    monkeypatch.delenv("AWS_ENDPOINT_URL_LAMBDA", raising=False)
    return boto3.Session(region_name=REGION)


def client(session: boto3.Session, service: str) -> Any:
    make: Any = session.client
    return make(service)


def test_each_call_counts_once_under_its_service(session: boto3.Session) -> None:
    meter = Meter()
    meter.watch(session)
    s3 = client(session, "s3")
    s3.put_object(Bucket=BUCKET, Key="one", Body=b"1")
    s3.get_object(Bucket=BUCKET, Key="one")
    assert dict(meter.calls) == {"s3.PutObject": 1, "s3.GetObject": 1}
    assert (meter.count("s3"), meter.count("dynamodb")) == (2, 0)


def test_an_invocation_is_accepted_and_goes_nowhere(session: boto3.Session) -> None:
    meter = Meter()
    meter.watch(session)
    answer = client(session, "lambda").invoke(FunctionName="worker", InvocationType="Event")
    assert answer["StatusCode"] == 202
    assert meter.count("lambda") == 1


def test_added_latency_shows_in_the_span(session: boto3.Session) -> None:
    meter = Meter(latency={"s3": 0.05})
    meter.watch(session)
    client(session, "s3").put_object(Bucket=BUCKET, Key="two", Body=b"2")
    assert [span.seconds >= 0.05 for span in meter.spans] == [True]

"""Asks every operation of a product without accounts, and prints what it answered and loaded.

A process of its own, since what a test has loaded stays: `python -m tests.unit.accounts.without`.
"""

import json
import os
import re
import sys
from typing import Any, cast

from tests.unit.routes.test_http import ENVIRONMENT


def main() -> None:
    os.environ.update(ENVIRONMENT)
    from chalice.app import WebsocketEvent
    from chalice.test import Client

    from app import app
    from chalicelib import sockets
    from chalicelib.routes.openapi import operations
    from chalicelib.wiring import services
    from tests.simulation.cloud import S3, DynamoDB
    from tests.unit.jobs.studio import Functions, Sockets

    ports = services().ports
    ports.dynamodb, ports.s3 = cast(Any, DynamoDB()), cast(Any, S3())
    ports.functions, ports.sockets = cast(Any, Functions()), cast(Any, Sockets([]))
    answers = {}
    with Client(app) as client:
        sent = {"Content-Type": "application/json"}
        body = json.dumps({"prompt": "a lighthouse"}).encode()
        made = client.http.request("POST", "/generate", headers=sent, body=body)
        job = made.json_body["jobId"]
        for operation in operations():
            path = re.sub(r"\{\w+\}", "1", operation.path.replace("{job_id}", job))
            answer = client.http.request(operation.method, path, headers=sent, body=b"{}")
            answers[operation.name] = answer.status_code
    context = {"connectionId": "c", "domainName": "d", "stage": "api"}
    told = {"action": "subscribe", "jobId": job}
    sockets.message(WebsocketEvent({"requestContext": context, "body": json.dumps(told)}, None))
    services().jobs.executor.run(job, 60_000)
    services().jobs.reaper.run(60_000)
    loaded = [name for name in sys.modules if name.startswith("chalicelib.accounts")]
    print(json.dumps({"answers": answers, "loaded": loaded}))


if __name__ == "__main__":
    main()

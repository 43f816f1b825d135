"""Switch a model off or on in the product that runs on this machine.

python -m devstack.switch off 3 "Too dear today."
"""

from __future__ import annotations

import json
import os
import sys
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

ON_OR_OFF = ("on", "off")


def main(arguments: list[str], port: str) -> str:
    """Ask the product; return what it said, and exit with a sentence where it refused."""
    if len(arguments) < 2 or arguments[0] not in ON_OR_OFF or not arguments[1].isdigit():
        raise SystemExit("Name the model by its number: make model-off MODEL=3")
    wanted = {"enabled": arguments[0] == "on", "reason": " ".join(arguments[2:])}
    url = f"http://127.0.0.1:{port}/api/admin/models/{arguments[1]}"
    request = Request(url, json.dumps(wanted).encode(), method="PATCH")
    request.add_header("Content-Type", "application/json")
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=10) as answer:
            json.load(answer)
    except HTTPError as refusal:
        raise SystemExit(json.load(refusal)["error"]) from None
    except URLError:
        raise SystemExit(f"Nothing runs on port {port}. Set PORT, or start it first.") from None
    return f"Model {arguments[1]} is {arguments[0]}."


if __name__ == "__main__":
    print(main(sys.argv[1:], os.environ.get("PORT") or "8000"))

"""What must be right before anything is changed, each failure one sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy import own_model
from deploy.aws import CLI, Aws, AwsError

CDN_REGION = "us-east-1"
"""Where AWS keeps what belongs to its CDN."""


class PreflightError(Exception):
    """What is missing and how to set it."""


@dataclass(frozen=True)
class Account:
    """Where a command will act, as AWS itself says."""

    aws: Aws
    number: str


def account(environ: Mapping[str, str]) -> Account:
    """The account and region that the credentials reach; raises PreflightError."""
    if not CLI.exists():
        raise PreflightError("The AWS command line is not set up; `make deploy` does it.")
    aws = Aws(_region(environ), environ)
    try:
        identity = aws.json("sts", "get-caller-identity")
    except AwsError as error:
        raise PreflightError(
            f"AWS could not be asked whose credentials these are ({error}). Set AWS_PROFILE, or "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        ) from None
    return Account(aws, str(identity["Account"]))


def check_region(region: str, parameters: Mapping[str, str]) -> None:
    """Raise PreflightError when something is asked for that this region does not have."""
    if parameters["WafRate"] and region != CDN_REGION:
        raise PreflightError(
            f"WAF_RATE is set, and AWS keeps the firewalls of its CDN in {CDN_REGION} only; deploy "
            f"there, or without it (the region is {region})."
        )
    if own_model.is_on(parameters) and own_model.image_region(parameters) != region:
        raise PreflightError(
            f"OWN_MODEL_IMAGE lies in {own_model.image_region(parameters)}, and SageMaker takes "
            f"containers of its own region only: push it to {region}, or deploy there."
        )


def check_page(page: Path) -> None:
    """Raises PreflightError when the page has not been built."""
    if not (page / "index.html").is_file():
        raise PreflightError("The page has not been built; `make deploy` does it.")


def _region(environ: Mapping[str, str]) -> str:
    named = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
    if named:
        return named
    try:
        return Aws("", environ).run("configure", "get", "region").strip()
    except AwsError:
        raise PreflightError(
            "No region is set: say where to deploy with AWS_REGION, such as AWS_REGION=us-east-1."
        ) from None

"""An own model in a deployment: what has to be set, and what it costs before it is switched on."""

from collections.abc import Mapping

from chalicelib.config import SettingsError

AS_OF, REGION = "2025-06", "us-east-1"
HOURLY_USD: Mapping[str, float] = {
    "ml.g4dn.xlarge": 0.736,
    "ml.g4dn.2xlarge": 0.94,
    "ml.g5.xlarge": 1.408,
    "ml.g5.2xlarge": 1.515,
    "ml.g5.4xlarge": 2.03,
    "ml.g6.xlarge": 1.127,
    "ml.g6.2xlarge": 1.222,
    "ml.g6e.xlarge": 2.605,
}
"""Dollars an hour of SageMaker's hosting, on demand, for instances with one GPU."""


def is_on(parameters: Mapping[str, str]) -> bool:
    """Return whether the deployment makes an endpoint."""
    return parameters["OwnModel"] == "1"


def check(parameters: Mapping[str, str]) -> None:
    """Raise SettingsError for a model without a container or without a pipeline."""
    if not is_on(parameters):
        return
    if not parameters["OwnModelImage"]:
        raise SettingsError(
            "OWN_MODEL is 1; OWN_MODEL_IMAGE must then name the container in ECR, such as "
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/pixel-prompt-own:1."
        )
    if not parameters["OwnModelData"]:
        raise SettingsError(
            "OWN_MODEL is 1; OWN_MODEL_DATA must then name the pipeline's folder in S3, such as "
            "s3://bucket/models/name/."
        )


def image_region(parameters: Mapping[str, str]) -> str:
    """The region of the container's registry; SageMaker takes containers of its own only."""
    return parameters["OwnModelImage"].split(".")[3]


def costs(parameters: Mapping[str, str]) -> str:
    """One sentence with what an hour costs, as far as the table knows it."""
    instance, most = parameters["OwnModelInstance"], parameters["OwnModelMax"]
    known = HOURLY_USD.get(instance)
    price = (
        f"${known:.2f} an hour in {REGION}, as of {AS_OF}"
        if known is not None
        else "at the hourly price of AWS's list, which is not known here"
    )
    return (
        f"An own model: {instance}, {price}, for each instance that runs; at most {most} at a "
        "time, none while nobody asks. One starts with the deployment."
    )

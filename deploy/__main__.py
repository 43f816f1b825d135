"""The product on AWS.

python -m deploy deploy STAGE     DRY=1 only shows what would change
python -m deploy destroy STAGE    CONFIRM=<stack> answers the question beforehand
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence

from chalicelib.config import SettingsError
from deploy import inputs, own_model, preflight
from deploy.aws import AwsError
from deploy.package import PackagingError, package, report
from deploy.preflight import PreflightError
from deploy.release import Release, Removal
from deploy.smoke import Smoke, SmokeError
from deploy.stack import StackError
from deploy.stage import KEPT_STAGE, PROJECT, STAGES, Artefact, StageName, stack_name
from devstack.settings import person_environment

FAILURES = (AwsError, PackagingError, PreflightError, SettingsError, SmokeError, StackError)
COSTS = (
    "AWS asks some $1.20 for 1,000 jobs of nine models whose pictures are kept for a month; "
    "docs/operations.md has the parts."
)
OPEN = "Nobody signs in: it is open to everybody who knows the address. AUTH=cognito closes it."
PAGE = PROJECT / "frontend" / "dist"
Packaging = Callable[[StageName], Artefact]


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def deploy(stage: StageName, environ: Mapping[str, str], packaging: Packaging) -> None:
    """Puts the product on AWS, tries it, and ends with its address."""
    preflight.check_page(PAGE)
    reached = preflight.account(environ)
    tell(f"Account {reached.number}, region {reached.aws.region}, stage {stage}")
    artefact = packaging(stage)
    tell(report(artefact))
    template = json.loads(artefact.template.read_text())
    settings = inputs.read(environ, template)
    preflight.check_region(reached.aws.region, settings.parameters)
    if own_model.is_on(settings.parameters):
        tell(own_model.costs(settings.parameters))
    release = Release(reached.aws, reached.number, stage, artefact, PAGE, settings, tell)
    if environ.get("DRY", "") not in ("", "0"):
        tell(release.preview())
        return
    outputs = release.perform()
    tell("Trying it …")
    url = outputs["Url"]
    for line in Smoke(url, stage, url).test():
        tell(f"  {line}")
    tell(COSTS)
    tell(_who_may_use_it(settings.parameters))
    tell(f"Pixel Prompt is at {url}")


def _who_may_use_it(parameters: Mapping[str, str]) -> str:
    if parameters["Auth"] == "off":
        return OPEN
    administrator = parameters["AdminEmail"]
    if not administrator:
        return "People sign in, and there is no administrator yet: docs/accounts.md makes one."
    return f"People sign in; {administrator} is its first administrator, invited by mail."


def destroy(stage: StageName, environ: Mapping[str, str]) -> None:
    """Asks, then takes the product off AWS."""
    reached = preflight.account(environ)
    stack = stack_name(stage)
    kept = (
        "The table, the pictures and the people stay. "
        if stage == KEPT_STAGE
        else "All jobs go with it. "
    )
    question = f"This removes {stack} from account {reached.number}. {kept}Type its name: "
    answer = environ.get("CONFIRM") or input(question)
    if answer.strip() != stack:
        tell("Nothing was removed.")
        return
    Removal(reached.aws, reached.number, stage, tell).perform()
    tell(f"{stack} is gone.")


def run(
    arguments: Sequence[str], environ: Mapping[str, str], packaging: Packaging = package
) -> int:
    """The command line with a person's settings; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("deploy", "destroy"))
    parser.add_argument("stage", choices=STAGES)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "deploy":
            deploy(chosen.stage, environ, packaging)
        else:
            destroy(chosen.stage, environ)
    except FAILURES as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def main() -> int:
    """Run the command line with the settings of `.env` and the environment."""
    try:
        person = person_environment(PROJECT)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return run(sys.argv[1:], person)


if __name__ == "__main__":
    sys.exit(main())

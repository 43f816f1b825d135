"""One CloudFormation stack: its state, its changes, its end."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.aws import Aws, AwsError

NEVER_CREATED = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS")
"""States of a stack that never worked; CloudFormation lets such a one only be deleted."""
CONSEQUENCE = "cancelled"
ASK_THE_EVENTS = "describe-stack-events"
"""The command line ends with this command once CloudFormation had begun; before, with a reason."""


class StackError(Exception):
    """Why the stack is not as wanted, in lines that a person can act on."""


@dataclass(frozen=True)
class Change:
    """What goes to CloudFormation: the template, its parameters, and where large files may lie."""

    template: Path
    parameters: Mapping[str, str]
    bucket: str
    prefix: str
    tags: Mapping[str, str]

    def arguments(self) -> tuple[str, ...]:
        return (
            *("--template-file", str(self.template), "--capabilities", "CAPABILITY_IAM"),
            *("--s3-bucket", self.bucket, "--s3-prefix", self.prefix),
            "--no-fail-on-empty-changeset",
            *("--parameter-overrides", *(f"{k}={v}" for k, v in self.parameters.items())),
            *("--tags", *(f"{k}={v}" for k, v in self.tags.items())),
        )


@dataclass(frozen=True)
class Stack:
    aws: Aws
    name: str

    def status(self) -> str | None:
        """None when there is no such stack."""
        described = self._describe()
        return str(described["StackStatus"]) if described else None

    def outputs(self) -> dict[str, str]:
        described = self._describe() or {}
        return {o["OutputKey"]: o["OutputValue"] for o in described.get("Outputs", ())}

    def make_ready(self) -> bool:
        """Clears away a stack that never worked; says whether a working one is there.

        Raises StackError while another change is under way.
        """
        status = self.status()
        if status in NEVER_CREATED:
            self.delete()
            return False
        if status and status.endswith("_IN_PROGRESS"):
            raise StackError(f"Stack {self.name} is {status}; wait until that has ended.")
        return status is not None

    def apply(self, change: Change) -> None:
        """Creates or updates, and waits; raises StackError after CloudFormation rolled back."""
        try:
            self._cloudformation("deploy", *change.arguments())
        except AwsError as error:
            if ASK_THE_EVENTS not in str(error):
                raise
            why = "; ".join(self._failures()) or "it was cancelled"
            raise StackError(
                f"The deployment of {self.name} failed and was rolled back ({self.status()}): {why}"
            ) from error

    def preview(self, change: Change) -> list[str]:
        """What `apply` would do, one line per resource; nothing is changed."""
        existed = self.status() is not None
        printed = self._cloudformation("deploy", *change.arguments(), "--no-execute-changeset")
        found = re.search(r"arn:\S+", printed)
        if found is None:
            return []
        named = ("--change-set-name", found.group())
        described = self.aws.json("cloudformation", "describe-change-set", *named)
        self.aws.run("cloudformation", "delete-change-set", *named)
        if not existed:
            self._cloudformation("delete-stack")
        return [_line(entry["ResourceChange"]) for entry in described["Changes"]]

    def delete(self) -> None:
        """Waits until it is gone; raises StackError when something holds it."""
        self._cloudformation("delete-stack")
        try:
            self._cloudformation("wait", "stack-delete-complete")
        except AwsError as error:
            raise StackError(
                f"Stack {self.name} could not be deleted: {'; '.join(self._failures())}"
            ) from error

    def _describe(self) -> dict[str, Any] | None:
        try:
            answer = self.aws.json("cloudformation", "describe-stacks", "--stack-name", self.name)
        except AwsError as error:
            if error.code == "ValidationError" and "does not exist" in str(error):
                return None
            raise
        described: dict[str, Any] = answer["Stacks"][0]
        return described

    def _failures(self) -> list[str]:
        """Of the last change: what failed by itself, not what was given up because of it."""
        answer = self.aws.json("cloudformation", "describe-stack-events", "--stack-name", self.name)
        reasons = []
        for event in answer["StackEvents"]:
            reason = event.get("ResourceStatusReason", "")
            if event["ResourceStatus"].endswith("_FAILED") and CONSEQUENCE not in reason:
                reasons.append(f"{event['LogicalResourceId']}: {reason}")
            if reason == "User Initiated":
                break
        return reasons

    def _cloudformation(self, *arguments: str) -> str:
        return self.aws.run("cloudformation", *arguments, "--stack-name", self.name)


def _line(change: Mapping[str, Any]) -> str:
    replaced = " (replaced)" if change.get("Replacement") == "True" else ""
    return f"{change['Action']:<7} {change['ResourceType']} {change['LogicalResourceId']}{replaced}"

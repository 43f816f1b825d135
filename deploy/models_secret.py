"""The models with their keys, kept in Secrets Manager under the stack's name."""

from dataclasses import dataclass

from deploy.aws import Aws, AwsError

MISSING = "ResourceNotFoundException"
WAITING = "marked for deletion"
"""What AWS says of a secret that was removed and can still be had back."""


@dataclass(frozen=True)
class ModelsSecret:
    """The secret `<stack>/models`, which the template tells the functions to read."""

    aws: Aws
    stack: str

    @property
    def name(self) -> str:
        return f"{self.stack}/models"

    def version(self) -> str | None:
        """Of the value in use; None when there is no secret, or one that was removed."""
        found = self._get()
        return found["VersionId"] if found else None

    def holds(self, models: str) -> bool:
        """Return whether the secret in use is this text already."""
        found = self._get()
        return found is not None and found["SecretString"] == models

    def keep(self, models: str) -> str:
        """Stores the models unless they are there already, and returns their version.

        The value goes by standard input: a command's arguments can be read by others.
        """
        found = self._get()
        if found and found["SecretString"] == models:
            return found["VersionId"]
        if found is None:
            answer = self.aws.json(*self._command("create-secret", "--name"), given=models)
        else:
            answer = self.aws.json(*self._command("put-secret-value", "--secret-id"), given=models)
        return str(answer["VersionId"])

    def remove(self, *, recoverable: bool) -> None:
        """A recoverable one can be had back for a week."""
        if self._get() is None:
            return
        grace = (
            ("--recovery-window-in-days", "7")
            if recoverable
            else ("--force-delete-without-recovery",)
        )
        self.aws.run("secretsmanager", "delete-secret", "--secret-id", self.name, *grace)

    def restore(self) -> None:
        """Takes a removed secret back if it can still be had; its name is not free until then."""
        try:
            described = self.aws.json("secretsmanager", "describe-secret", "--secret-id", self.name)
        except AwsError as error:
            if error.code == MISSING:
                return
            raise
        if "DeletedDate" in described:
            self.aws.run("secretsmanager", "restore-secret", "--secret-id", self.name)

    def _command(self, operation: str, naming: str) -> tuple[str, ...]:
        value = ("--secret-string", "file:///dev/stdin")
        return ("secretsmanager", operation, naming, self.name, *value)

    def _get(self) -> dict[str, str] | None:
        try:
            found: dict[str, str] = self.aws.json(
                "secretsmanager", "get-secret-value", "--secret-id", self.name
            )
        except AwsError as error:
            if error.code == MISSING or WAITING in str(error):
                return None
            raise
        return found

"""Hand a job to the functions that work on it, asynchronously."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.invoking import invoke

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True)
class Dispatcher:
    """Invokes functions by name. Never raises: what is lost is repeated by the reaper."""

    client: "LambdaClient"
    worker: str
    previews: str

    def dispatch(self, job_id: str) -> None:
        """Have a job drawn."""
        self._invoke(self.worker, {"jobId": job_id})

    def request_previews(self, job_id: str, indices: Sequence[int]) -> None:
        """Have the previews of some slots' pictures drawn."""
        self._invoke(self.previews, {"jobId": job_id, "slots": list(indices)})

    def _invoke(self, function: str, event: Mapping[str, object]) -> None:
        invoke(self.client, function, event, jobId=str(event["jobId"]))

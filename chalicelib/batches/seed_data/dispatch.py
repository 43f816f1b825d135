"""Have an upload checked by the function that does it, asynchronously."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.batches.seed_data.model import SeedDataSet
from chalicelib.invoking import invoke

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True)
class CheckDispatcher:
    """Invokes the function by name. Never raises: whoever looks at the file next asks again."""

    client: "LambdaClient"
    function: str

    def dispatch(self, wanted: SeedDataSet) -> None:
        event = {"owner": wanted.owner, "seedDataId": wanted.seed_data_id}
        invoke(self.client, self.function, event, seedDataId=wanted.seed_data_id)

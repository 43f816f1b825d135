"""Have an export made by the function that does it, asynchronously."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.batches.exports.model import Export
from chalicelib.invoking import invoke

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True)
class ExportDispatcher:
    """Invokes the function by name. Never raises: whoever looks at the export asks again."""

    client: "LambdaClient"
    function: str

    def dispatch(self, wanted: Export) -> None:
        event = {"batchId": wanted.batch_id, "exportId": wanted.export_id}
        invoke(self.client, self.function, event, exportId=wanted.export_id)

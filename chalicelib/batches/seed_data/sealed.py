"""What is ready: it never changes, so it is remembered from one row to the next."""

from functools import lru_cache

from chalicelib.batches.seed_data.files import Gone, SeedFiles
from chalicelib.batches.seed_data.model import Manifest, SeedDataSet, State
from chalicelib.batches.seed_data.store import SeedDataStore
from chalicelib.errors import Detail, InvalidInput, NotFound

_REMEMBERED = 16
_WHY_NOT = {
    "waiting": "The file has not been uploaded yet.",
    "checking": "The file is still being checked. Wait until its state is ready.",
    "refused": "The file cannot be used; its problems say why.",
}


class UnknownSeedData(NotFound):
    """There is no such seed data, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("There is no such seed data.")


class NotReady(InvalidInput):
    """Rows were asked for that cannot be read yet, or never."""

    def __init__(self, state: State) -> None:
        super().__init__(_WHY_NOT[state], (Detail("seedDataId", f"is {state}"),))


class Sealed:
    """Seed data that is ready, with its manifest."""

    def __init__(self, store: SeedDataStore, files: SeedFiles) -> None:
        self._store, self._files = store, files
        self.of = lru_cache(_REMEMBERED)(self._read)

    def _read(self, owner: str, seed_data_id: str) -> tuple[SeedDataSet, Manifest]:
        """Return it; raise UnknownSeedData and NotReady, which are not remembered."""
        found = self._store.find(owner, seed_data_id)
        if found is None:
            raise UnknownSeedData
        if found.state != "ready":
            raise NotReady(found.state)
        try:
            return found, self._files.manifest(found)
        except Gone:
            raise UnknownSeedData from None

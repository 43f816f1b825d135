"""Where endpoints leave what they have drawn, until it is stored as a picture."""

from dataclasses import dataclass

from chalicelib.images.store import ImageStore
from chalicelib.providers.adapters.sagemaker.notices import output_folder, output_key


@dataclass(frozen=True)
class Outputs:
    """The drawn pictures that nobody has taken over yet, by the name of their call."""

    objects: ImageStore

    def get(self, name: str) -> bytes | None:
        """Return a call's picture; None while there is none.

        Looked for by listing: a role that may list one prefix only is not told that a key is
        missing, but that it may not read it.
        """
        key = self.objects.find(output_key(name).removesuffix(".png"))
        return self.objects.get(key) if key else None

    def remove(self, name: str) -> None:
        """Delete a call's picture; one that is gone stays gone."""
        self.objects.remove(output_key(name))

    def remove_all(self, owner: str) -> None:
        """Delete everything that was drawn for one owner of calls."""
        self.objects.remove_under(output_folder(owner))

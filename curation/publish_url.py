"""Publishing to a folder behind any URL that fsspec knows.

Such a place has no commits, so the manifest is the moment: new files are uploaded under temporary
names first, which takes the time; then the old manifest goes, the files get their names, and the
new manifest is written last. A reader finds the old dataset, the new one, or for that moment no
manifest and therefore no dataset; never a mixture. Running it again completes an interrupted one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from callwright.curation.publish_layout import CARD, COMING, Changes, Content, Standing
from callwright.curation.publish_place import CHUNK, Place, in_one_line, url_folder
from callwright.schemas.store_manifest import NAME


class UrlTarget:
    """A folder that is written to."""

    def __init__(self, place: Place) -> None:
        self.name = str(place)
        self.folder = url_folder(place)

    def look(self) -> Standing:
        """What stands there."""
        return self.folder.standing()

    def commit(
        self,
        changes: Changes,
        message: str,  # noqa: ARG002 - a folder keeps no history
        at: Standing,
        tell: Callable[[int, int], None],
    ) -> str:
        """Bring the folder to its new state; gives where it is.

        Args:
            changes: What to write and delete.
            message: Unused.
            at: What stood there when the changes were worked out.
            tell: Called with files done and files in all.

        Raises:
            UserError: Something cannot be written; running it again completes it.
        """
        fs, root = self.folder.fs, self.folder.root
        last = [path for path in (CARD, NAME) if path in changes.write]
        order = [*(path for path in changes.write if path not in last), *last]
        with in_one_line(self.name):
            for done, path in enumerate(order):
                tell(done, len(order))
                self._upload(f"{root}/{path}{COMING}", changes.write[path])
            if NAME in order and NAME in at.sizes:
                fs.rm_file(f"{root}/{NAME}")
            # What an interrupted upload left has just been written again, or is of no use.
            coming = {f"{path}{COMING}" for path in order}
            for path in changes.delete:
                if path not in coming:
                    fs.rm_file(f"{root}/{path}")
            for path in order:
                fs.mv(f"{root}/{path}{COMING}", f"{root}/{path}")
            tell(len(order), len(order))
        return self.name

    def _upload(self, path: str, content: Content) -> None:
        fs = self.folder.fs
        fs.makedirs(path.rpartition("/")[0], exist_ok=True)
        with fs.open(path, "wb") as target:
            if isinstance(content, Path):
                with content.open("rb") as source:
                    shutil.copyfileobj(source, target, CHUNK)
            else:
                target.write(content)

"""Publishing to the Hugging Face Hub: everything in one commit, or nothing.

Large files are uploaded first, where nobody sees them; the commit that makes all of them count
names the state it was worked out for, so that somebody else's commit is never overwritten unseen.
"""

from __future__ import annotations

import logging as levels
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from callwright.curation.publish_layout import Changes, Standing
from callwright.curation.publish_place import Folder, Place
from callwright.schemas.errors import UserError
from callwright.schemas.visible import one_line

if TYPE_CHECKING:
    from huggingface_hub import HfApi

BATCH = 32
"""Files whose upload is told of at a time."""

THE_HUB = "https://huggingface.co"


class Interrupted(UserError):
    """The other side could not answer, or not now: it is worth trying again."""


class Moved(UserError):
    """Somebody else's commit came first."""


class HubTarget:
    """A dataset's repository that is written to."""

    def __init__(
        self, place: Place, *, private: bool | None = None, tag: str | None = None
    ) -> None:
        """Open it.

        Args:
            place: Of a repository.
            private: Make it so; None: a new one is private, an old one stays as it is.
            tag: Names the version that comes of it.
        """
        assert place.repo is not None, "a place on the Hub names a repository"
        self.repo, self.name, self.private, self.tag = place.repo, str(place), private, tag
        self.is_private: bool | None = None
        self._tagged: str | None = None  # the version that has the tag

    def look(self) -> Standing:
        """What stands there; a repository that is not there yet is empty.

        Raises:
            UserError: There is no token, or the Hub refuses it.
            Interrupted: The Hub could not answer.
        """
        from huggingface_hub.errors import RepositoryNotFoundError

        with hub(self.name) as api:
            if api.token is None:
                raise UserError(
                    "publishing to the Hub takes a token that may write: set HF_TOKEN, or log in "
                    "once with `hf auth login`"
                )
            api.whoami()  # a token that is not valid sees no private repository, and says so late
            try:
                about = api.dataset_info(self.repo)
            except RepositoryNotFoundError:
                return Standing({})
            self.is_private = bool(about.private)
            tags = api.list_repo_refs(self.repo, repo_type="dataset").tags if self.tag else []
            self._tagged = next((t.target_commit for t in tags if t.name == self.tag), None)
            if self._tagged not in (None, about.sha):
                self._refuse_tag()
            return hub_folder(api, self.repo, str(about.sha), self.name).standing()

    def commit(
        self, changes: Changes, message: str, at: Standing, tell: Callable[[int, int], None]
    ) -> str:
        """Make one commit of all changes; gives its id.

        Args:
            changes: What to write and delete.
            message: First line and, after an empty one, more.
            at: The state the changes were worked out for.
            tell: Called with files done and files in all.

        Raises:
            Moved: The repository is no longer in that state.
            Interrupted: The Hub could not answer; whether the commit was made is to be looked up.
            UserError: The Hub refuses.
        """
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        if self._tagged is not None:
            self._refuse_tag()
        with hub(self.name) as api:
            if self.is_private is None:
                private = self.private is not False
                api.create_repo(self.repo, repo_type="dataset", private=private, exist_ok=True)
                self.is_private = bool(api.dataset_info(self.repo).private)
                if private and not self.is_private:
                    raise UserError(f"{self.name}: the Hub did not make it private; nothing sent")
            elif self.private and not self.is_private:  # before anything is in it to be seen
                self._set_private(api)
            adds = [
                CommitOperationAdd(path, content if isinstance(content, bytes) else str(content))
                for path, content in changes.write.items()
            ]
            for start in range(0, len(adds), BATCH):
                tell(start, len(adds))
                batch = adds[start : start + BATCH]
                api.preupload_lfs_files(self.repo, batch, repo_type="dataset", free_memory=False)
            deletes = [CommitOperationDelete(path) for path in changes.delete]
            title, _, rest = message.partition("\n\n")
            made = api.create_commit(
                self.repo,
                [*adds, *deletes],
                commit_message=title,
                commit_description=rest,
                repo_type="dataset",
                parent_commit=at.version or None,
            )
            tell(len(adds), len(adds))
            return str(made.oid)

    def finish(self, version: str) -> list[str]:
        """Set what is said of the repository, not in it; gives what was done, in words.

        Args:
            version: That was published, or found to be there.

        Raises:
            UserError: The Hub refuses.
        """
        told = []
        with hub(self.name) as api:
            if self.private is not None and self.is_private != self.private:
                self._set_private(api)
                told.append("now private" if self.private else "now public")
            if self.tag is not None and self._tagged is None:
                api.create_tag(self.repo, tag=self.tag, repo_type="dataset", revision=version)
            if self.tag is not None:
                told.append(f"tag {self.tag}")
        return told

    def _refuse_tag(self) -> None:
        raise UserError(
            f"{self.name} has a tag {self.tag} already, for another version; choose another tag"
        )

    def _set_private(self, api: HfApi) -> None:
        api.update_repo_settings(self.repo, private=self.private, repo_type="dataset")
        self.is_private = self.private


def hub_folder(api: HfApi, repo: str, sha: str, name: str) -> Folder:
    """What a repository holds at one version."""
    from huggingface_hub import HfFileSystem

    fs = HfFileSystem(endpoint=api.endpoint, token=api.token, skip_instance_cache=True)
    return Folder(fs, f"datasets/{repo}@{sha}", name, version=sha, plainly=hub)


def hub_source(place: Place) -> Folder:
    """The version of a repository that is pulled.

    Raises:
        UserError: There is none, or the Hub refuses.
        Interrupted: The Hub could not answer.
    """
    assert place.repo is not None, "a place on the Hub names a repository"
    with hub(str(place)) as api:
        sha = api.dataset_info(place.repo, revision=place.revision).sha
        return hub_folder(api, place.repo, str(sha), str(place))


# ---------------------------------------------------------------------- in plain words


@contextmanager
def hub(name: str) -> Iterator[HfApi]:
    """The Hub's client, quiet, and with what goes wrong told in one line without the token.

    Args:
        name: Of the repository, for messages.

    Raises:
        Interrupted: Trying again may help.
        Moved: Another commit came first.
        UserError: Anything else that the Hub or the way to it says.
    """
    endpoint = os.environ.get("HF_ENDPOINT", THE_HUB).rstrip("/")
    if endpoint != THE_HUB:  # only the real one speaks the newer protocol; read at first import
        os.environ.setdefault("HF_HUB_DISABLE_XET", "1")
    import httpx2
    from huggingface_hub import HfApi, constants, get_token
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    if endpoint != THE_HUB:
        constants.HF_HUB_DISABLE_XET = True
    token = get_token()
    api = HfApi(endpoint=endpoint, token=token, library_name="callwright")
    with _quiet():
        try:
            yield api
        except UserError:
            raise
        except HFValidationError as error:
            raise UserError(f"{name}: {_safe(error, token)}") from None
        except (HfHubHTTPError, httpx2.HTTPError, OSError, RuntimeError) as error:
            raise _problem(error, name, token) from None  # no traceback shows the request


def _problem(error: BaseException, name: str, token: str | None) -> UserError:
    import httpx2

    seen: BaseException | None = error
    while seen is not None:  # an upload's failure is wrapped; its cause says more
        response = getattr(seen, "response", None)
        if response is not None:
            return _refused(seen, response, name, token)
        if isinstance(seen, httpx2.TransportError | TimeoutError | ConnectionError):
            return Interrupted(f"{name}: the connection failed ({_safe(seen, token)})")
        seen = seen.__cause__
    if isinstance(error, RuntimeError):
        raise error  # a fault of ours or the library's, not of the Hub's
    return UserError(f"{name}: {_safe(error, token)}")


def _refused(error: BaseException, response: Any, name: str, token: str | None) -> UserError:
    status = response.status_code
    said = getattr(error, "server_message", None)
    said = f": {_safe(said, token)}" if said else ""
    if status == 401:
        return UserError(
            f"{name}: the Hub does not accept the token (401){said}; "
            "set HF_TOKEN to a valid one, or log in with `hf auth login`"
        )
    if status == 403:
        return UserError(
            f"{name}: the token may not do this (403){said}; use one that may write there"
        )
    if status == 404:
        return UserError(
            f"{name}: the Hub has no such dataset or version, or none this token may see (404)"
        )
    if status in (409, 412):
        return Moved(f"{name}: somebody else published at the same time ({status})")
    if status == 429 or status >= 500:
        return Interrupted(f"{name}: the Hub could not answer ({status}){said}")
    return UserError(f"{name}: the Hub refuses ({status}){said}")


def _safe(error: object, token: str | None) -> str:
    """What an error says, cut short, without the token and without addresses that hold keys."""
    text = one_line(str(error)) or type(error).__name__
    if token:
        text = text.replace(token, "…")
    text = re.sub(r"\bhf_\w{8,}", "…", text)
    text = re.sub(r"(https?://[^\s?'\"]*)\?[^\s'\"]*", r"\1", text)
    return text if len(text) <= 200 else f"{text[:199]}…"


@contextmanager
def _quiet() -> Iterator[None]:
    """No bars and no warnings of the library's: its warnings print addresses, ours is the bar."""
    from huggingface_hub.utils import logging
    from huggingface_hub.utils.tqdm import (
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    level, were_off = logging.get_verbosity(), are_progress_bars_disabled()
    logging.set_verbosity(levels.ERROR)
    disable_progress_bars()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if not were_off:
            enable_progress_bars()

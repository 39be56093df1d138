"""Let someone new into a review server, whether it runs or not."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from callwright.curation.review.connection import WORKSPACE, Connection
from callwright.curation.review.home import Home, User
from callwright.schemas.errors import UserError


def add_annotator(home: Home, name: str) -> User:
    """Make an annotator: on the server at once if it runs, else when it starts.

    Raises:
        UserError: the name is taken or will not do, or the folder is no home.
    """
    user = home.new_annotator(name)
    if home.runs():
        # Argilla chooses the key of a user that it makes.
        user = user.model_copy(update={"api_key": _made(home.connection(), user)})
    home.keep(user)
    return user


def _made(server: Connection, user: User) -> str:
    asked = {
        "first_name": user.name,
        "username": user.name,
        "role": user.role,
        "password": user.password,
    }
    made = _ask(server, "POST", "users", asked)
    spaces = _ask(server, "GET", "me/workspaces")["items"]
    space = next(space["id"] for space in spaces if space["name"] == WORKSPACE)
    _ask(server, "POST", f"workspaces/{space}/users", {"user_id": made["id"]})
    return str(made["api_key"])


def _ask(server: Connection, method: str, path: str, body: Any = None) -> Any:
    request = urllib.request.Request(  # noqa: S310 - an address that we noted ourselves
        f"{server.url}/api/v1/{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"X-Argilla-Api-Key": server.key, "Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        said = error.read().decode("utf-8", "replace")[:300]
        raise UserError(f"{server.url} answers {error.code}: {said}") from None
    except (urllib.error.URLError, OSError) as error:
        raise UserError(f"cannot reach {server.url}: {error}") from None

"""The people of `users.json` as users of Argilla, and the workspace they share."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

WORKSPACE = "review"
"""Annotators see what is in it."""


def ensure(users: Path) -> None:
    """Make the users and the workspace that are not there yet; nobody is changed or removed.

    Args:
        users: A JSON list of objects with `name`, `role`, `password` and `api_key`.
    """
    asyncio.run(_ensure(json.loads(users.read_text("utf-8"))))


async def _ensure(users: list[dict[str, Any]]) -> None:
    from argilla_server.contexts import accounts
    from argilla_server.database import AsyncSessionLocal, async_engine
    from argilla_server.models import User, UserRole, Workspace, WorkspaceUser

    async with AsyncSessionLocal() as db:
        workspace = await Workspace.get_by(db, name=WORKSPACE)
        if workspace is None:
            workspace = await Workspace.create(db, name=WORKSPACE)
        for user in users:
            if await accounts.get_user_by_username(db, user["name"]) is not None:
                continue
            made = await User.create(
                db,
                autocommit=False,  # a user without the workspace would never get it
                first_name=user["name"],
                username=user["name"],
                role=UserRole(user["role"]),
                api_key=user["api_key"],
                password_hash=accounts.hash_password(user["password"]),
                workspaces=[],
            )
            await db.flush()  # gives it its id
            if made.role == UserRole.annotator:  # an owner sees every workspace
                await WorkspaceUser.create(
                    db, autocommit=False, workspace_id=workspace.id, user_id=made.id
                )
            await db.commit()
    await async_engine.dispose()  # its connections belong to this loop, which ends here

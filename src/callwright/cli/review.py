"""`callwright review`: people look at rows in Argilla; serve, user, push, pull, agreement."""

from __future__ import annotations

import typer

from callwright.cli.review_data import agreement, pull, push
from callwright.cli.review_serve import serve, user

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Have people look at rows: serve, user, push, pull, agreement.",
)
app.command("serve")(serve)
app.add_typer(user, name="user")
app.command("push")(push)
app.command("pull")(pull)
app.command("agreement")(agreement)

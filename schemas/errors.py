"""Every exception callwright raises on purpose, as one tree.

    CallwrightError
    ├── UserError            the user can mend it: one line, exit code 2
    │   ├── RecipeError      a recipe that cannot be read or asks for the impossible
    │   ├── StoreError       a dataset folder that cannot be read or written
    │   ├── FormatError      a foreign file that is not what it is said to be
    │   └── MissingExtra     an optional dependency that is not installed
    └── ToolError            a failure of a tool that the *model* should read; becomes a ToolResult

Failures at the tool boundary are data (`FailureKind` is the closed list of their words);
anything else that escapes is a bug in callwright and is allowed to crash.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

FailureKind = Literal[
    "invalid_arguments", "not_found", "refused", "timeout", "memory", "forbidden", "crashed"
]
"""Why a tool call failed. `timeout`, `memory` and `crashed` are the machine's making: such a
failure never stands in a row."""

FAILURE_KINDS: tuple[FailureKind, ...] = get_args(FailureKind)


class CallwrightError(Exception):
    """Root of the tree."""


class UserError(CallwrightError):
    """Something the user can mend. The message says what, where and how to mend it."""


class RecipeError(UserError):
    """A recipe that cannot be read, or that asks for something impossible."""


class StoreError(UserError):
    """A dataset folder that cannot be read or written."""


class FormatError(UserError):
    """A foreign file that does not have the format it is said to have."""


class MissingExtra(UserError):
    """An optional dependency is missing; the message is the install line."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed: pip install 'callwright[{extra}]'")


class ToolError(CallwrightError):
    """Raised inside a tool when the caller's request cannot be met.

    The message is written for the model that made the call: it names the value and, where
    there is one, the remedy ("No airport with the IATA code QQQ."). `suggestions`: values that
    would have been taken ("did you mean"); they stand in the result, so that a repair is grounded.
    """

    def __init__(
        self, kind: FailureKind, message: str, suggestions: Sequence[str | float] = ()
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.suggestions = tuple(suggestions)

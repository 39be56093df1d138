"""The public API is what `callwright.__all__` says, no more and no less."""

from __future__ import annotations

from types import ModuleType

import callwright


def test_what_is_visible_is_what_is_public():
    names = [name for name in dir(callwright) if not name.startswith("_")]
    visible = {
        name
        for name in names
        # Subpackages become attributes when somebody imports them; `annotations` is a future.
        if not isinstance(getattr(callwright, name), ModuleType) and name != "annotations"
    }
    assert visible == {name for name in callwright.__all__ if not name.startswith("_")}


def test_every_public_name_can_be_had():
    missing = [name for name in callwright.__all__ if not hasattr(callwright, name)]
    assert missing == []


def test_the_public_names_are_sorted():
    assert list(callwright.__all__) == sorted(callwright.__all__)

"""What is published already is known from digests, and anything else is looked at."""

import re

import pytest
import server
from publishing import send

from callwright.curation.publish import Order, standing_version, target_for
from callwright.curation.publish_place import parse_place

# huggingface_hub 2.4 hands httpx2 its bytes by an old name.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload:DeprecationWarning"),
    pytest.mark.usefixtures("one_picture"),
]

HUB = "hf://org/small"


@pytest.fixture
def standing(toolbox):
    """The version that is known to stand there from digests alone."""

    def version(folder, **order):
        place = parse_place(HUB)
        target = target_for(place, private=None, tag=None)
        return standing_version(Order(folder, place, toolbox, **order), target)

    return version


def test_what_stands_there_unchanged_is_known_without_a_row(
    folder, changed, toolbox, hub, repo, standing, monkeypatch
):
    assert standing(folder) is None
    first = send(folder, HUB, toolbox).version
    monkeypatch.setattr("callwright.schemas.store_read.Dataset.frames", None)
    assert standing(folder) == first
    assert standing(folder, licence="MIT") is None
    assert standing(folder, formats=["openai"]) is None
    assert standing(changed) is None
    monkeypatch.setattr("callwright.curation.publish_stamp.version", lambda _: "9.9")
    assert standing(folder) is None


@pytest.mark.parametrize(
    ("path", "edit", "known"),
    [
        ("README.md", lambda text: text.replace(b"again -->\n", b"again -->\nMine.\n"), True),
        ("README.md", lambda text: text.replace(b"# Small", b"# Large"), False),
        ("README.md", lambda text: text.replace(b"<!-- made from ", b"<!-- "), False),
        ("card/scenarios.png", lambda _: None, False),
        ("data/train/part-00000.parquet", lambda text: text + b"x", False),
        ("data/train/part-00000.parquet", lambda _: None, False),
        ("manifest.json", lambda text: text.replace(b'"seed": 1', b'"seed": 2'), False),
    ],
)
def test_what_somebody_changed_there_is_looked_at(
    path, edit, known, folder, toolbox, repo, standing
):
    send(folder, HUB, toolbox)
    tree = dict(repo().commits[-1].tree)
    data = edit(tree.pop(path).data)
    if data is not None:
        tree[path] = server.File(data, large=False)
    repo().add(tree, "by hand")
    assert (standing(folder) is not None) is known


def test_a_new_stamp_alone_is_no_change(folder, toolbox, hub, repo):
    send(folder, HUB, toolbox)
    tree = dict(repo().commits[-1].tree)
    text = re.sub(rb"made from \w{32}", b"made from " + b"0" * 32, tree["README.md"].data)
    repo().add({**tree, "README.md": server.File(text, large=False)}, "by hand")
    assert send(folder, HUB, toolbox).message == ""

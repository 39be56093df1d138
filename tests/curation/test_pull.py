"""What is pulled is a dataset, byte for byte, or one line: a repository may hold anything."""

import io
import json

import fsspec
import polars as pl
import pytest
import server
from publishing import send, store

from callwright.curation import pull as pulling
from callwright.curation.publish_place import parse_place
from callwright.curation.pull import pull
from callwright.schemas.canonical import digest
from callwright.schemas.charts import Picture
from callwright.schemas.errors import StoreError, UserError
from callwright.schemas.store import open_dataset

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload:DeprecationWarning")

HUB = "hf://org/small"


@pytest.fixture
def published(tmp_path, rows, toolbox, hub, monkeypatch):
    drawn = Picture("scenarios", "Scenarios", "rows", "", b"PNG")
    monkeypatch.setattr("callwright.curation.publish._pictures", lambda *_: [drawn])
    folder = store(tmp_path / "small", {"train": [rows["chain"], rows["single"], rows["miles"]]})
    send(folder, HUB, toolbox, tag="v1")
    return hub.repos["org/small"]


@pytest.fixture
def refused(tmp_path):
    """Pull what must be refused; gives the line, and sees that nothing was left."""

    def line(url=HUB):
        before = sorted(path.name for path in tmp_path.iterdir())
        with pytest.raises(UserError) as caught:
            pull(parse_place(url), tmp_path / "back")
        assert sorted(path.name for path in tmp_path.iterdir()) == before
        assert "\n" not in str(caught.value)
        return str(caught.value)

    return line


def edit(repo, **files):
    """Commit files by hand; None deletes one."""
    tree = dict(repo.commits[-1].tree)
    for path, data in files.items():
        tree[path] = server.File(data, large=False)
    repo.add({path: file for path, file in tree.items() if file.data is not None}, "by hand")


def manifest(repo, **changes):
    text = json.loads(repo.tree()["manifest.json"])
    edit(repo, **{"manifest.json": json.dumps(text | changes).encode()})


def test_what_is_pulled_is_the_dataset(published, tmp_path):
    pull(parse_place(f"{HUB}@v1"), tmp_path / "back")
    back, folder = open_dataset(tmp_path / "back"), open_dataset(tmp_path / "small")
    assert back.digest == folder.digest
    assert list(back.rows()) == list(folder.rows())
    assert list(back.rejects()) == list(folder.rejects())
    assert (tmp_path / "back" / "card" / "scenarios.png").read_bytes() == b"PNG"


def test_a_pulled_dataset_can_be_published_again_as_it_is(published, tmp_path, toolbox, hub):
    pull(parse_place(HUB), tmp_path / "back")
    assert send(tmp_path / "back", HUB, toolbox).message == ""
    assert len(published.commits) == 2


@pytest.mark.parametrize(
    "path",
    ["../escaped", "/etc/escaped", "data/../../escaped.parquet", "rejects/../part-00000.parquet"],
)
def test_a_manifest_that_names_a_path_outside_is_refused(path, published, refused):
    manifest(published, parts=[{"path": path, "rows": 1, "digest": "0" * 32}])
    assert "is refused: it must read data/<split>/part-<number>.parquet" in refused()


def test_files_that_the_manifest_does_not_know_stay_there(published, tmp_path):
    edit(published, **{"data/train/part-00009.parquet": b"x", "setup.py": b"evil", ".ssh/id": b""})
    pull(parse_place(HUB), tmp_path / "back")
    found = {p.relative_to(tmp_path / "back").as_posix() for p in (tmp_path / "back").rglob("*")}
    assert not found & {"data/train/part-00009.parquet", "setup.py", ".ssh"}


def test_a_part_that_was_changed_is_refused(published, refused):
    edit(published, **{"data/train/part-00000.parquet": b"PAR1"})
    assert "is not what manifest.json says it is (its digest differs)" in refused()


def test_a_part_that_is_missing_is_refused(published, refused):
    edit(published, **{"data/train/part-00001.parquet": None})
    assert "is incomplete: data/train/part-00001.parquet is missing" in refused()


def test_a_huge_part_is_refused_before_it_is_fetched(published, refused, monkeypatch, hub):
    monkeypatch.setattr(pulling, "LARGEST_PART", 100)
    fetched = hub.count("GET", "part-00000")
    assert "more than the 100 that a part may have" in refused()
    assert hub.count("GET", "part-00000") == fetched


@pytest.mark.parametrize(
    ("texts", "said", "told"),
    [
        (["x" * 2_000_000], 1, "unpacks to 2,000,"),
        (["x"] * 100_000, 100_000, "in 100,000 rows, more than the 1,000,000 and 99,999 that"),
        (["x"] * 2, 3, "holds 2 rows, manifest.json says 3"),
    ],
)
def test_a_part_that_swells_when_it_is_read_is_refused_unread(
    texts, said, told, published, refused, monkeypatch
):
    monkeypatch.setattr(pulling, "LARGEST_PART", 1_000_000)
    monkeypatch.setattr(pulling, "MOST_ROWS", 99_999)
    monkeypatch.setattr(pl, "read_parquet", None)
    file = io.BytesIO()
    pl.DataFrame({"id": texts}).write_parquet(file)
    assert len(file.getvalue()) < 20_000
    (first, *others) = json.loads(published.tree()["manifest.json"])["parts"]
    part = {**first, "rows": said, "digest": digest(file.getvalue())}
    edit(published, **{part["path"]: file.getvalue()})
    manifest(published, parts=[part, *others])
    assert told in refused()


def test_a_part_that_is_no_parquet_is_refused(published, refused):
    (first, *others) = json.loads(published.tree()["manifest.json"])["parts"]
    edit(published, **{first["path"]: b"PAR1"})
    manifest(published, parts=[{**first, "digest": digest(b"PAR1")}, *others])
    assert "part-00000.parquet is no parquet file" in refused()


def test_more_than_the_disk_has_room_for_is_refused(published, refused, monkeypatch):
    monkeypatch.setattr(pulling.shutil, "disk_usage", lambda _: type("D", (), {"free": 10}))
    assert "here are 10 free" in refused()


def test_a_file_that_grows_while_it_is_read_is_cut_off(published, refused, monkeypatch):
    sizes = pulling.Folder.sizes.fget
    smaller = property(lambda f: {p: n - (p == "README.md") for p, n in sizes(f).items()})
    monkeypatch.setattr(pulling.Folder, "sizes", smaller)
    assert "README.md holds more than the" in refused()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"{", "is not JSON"),
        (b"[]", "is not a callwright manifest"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"format": "callwright", "format_version": 99}', "upgrade callwright"),
        (b'{"format": "callwright", "command": "x"}', "is unfinished"),
    ],
)
def test_a_manifest_that_is_none_is_one_line(text, told, published, refused):
    edit(published, **{"manifest.json": text})
    assert told in refused()


def test_a_repository_of_something_else_is_one_line(hub, refused):
    hub.repos["org/small"] = server.Repo(private=False)
    hub.repos["org/small"].add({"data.csv": server.File(b"a", large=False)}, "theirs")
    assert refused() == "hf://org/small holds no callwright dataset: it has no manifest.json"


@pytest.mark.parametrize("url", ["hf://org/none", f"{HUB}@v9"])
def test_what_is_not_there_is_one_line(url, published, refused):
    assert "no such dataset or version" in refused(url)


def test_a_private_dataset_is_not_there_without_its_token(published, refused, monkeypatch):
    monkeypatch.setattr("huggingface_hub.utils._auth._get_token_from_file", lambda: None)
    monkeypatch.delenv("HF_TOKEN")
    assert "or none this token may see (404)" in refused()


def test_a_connection_that_is_cut_is_made_again(published, tmp_path, hub):
    hub.faults.append(server.Fault("GET", "part-00001.parquet", times=7))
    pull(parse_place(HUB), tmp_path / "back")
    assert hub.faults[0].times == 0
    assert list(open_dataset(tmp_path / "back").rows()) == list(
        open_dataset(tmp_path / "small").rows()
    )


def test_a_server_that_fails_again_and_again_is_one_line(published, refused, hub):
    hub.faults.append(server.Fault("GET", "/resolve/", status=503, times=999))
    assert "could not answer (503)" in refused()


def test_a_folder_that_holds_something_is_left_alone(published, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").write_text("a")
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    for name in ("mine", "link"):
        with pytest.raises(StoreError, match="already holds something"):
            pull(parse_place(HUB), tmp_path / name)
    (tmp_path / "empty").mkdir()
    pull(parse_place(HUB), tmp_path / "empty")
    assert len(open_dataset(tmp_path / "empty")) == 3


def test_an_empty_place_says_so(refused):
    fsspec.filesystem("memory").store.clear()
    assert refused("memory://nothing").endswith("in fact it holds nothing")

"""Publishing is one step: everything counts or nothing, whatever the other side does."""

import traceback

import fsspec
import pytest
import server
from publishing import send

from callwright.curation.publish import summary, target_for
from callwright.curation.publish_place import parse_place
from callwright.curation.pull import pull
from callwright.schemas.errors import UserError
from callwright.schemas.store import open_dataset

# huggingface_hub 2.4 hands httpx2 its bytes by an old name.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload:DeprecationWarning"),
    pytest.mark.usefixtures("one_picture"),
]

HUB = "hf://org/small"


def on_disk(folder):
    parts = folder.rglob("part-*.parquet")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in parts}


def refusal(*arguments, **options):
    with pytest.raises(UserError) as caught:
        send(*arguments, **options)
    line = str(caught.value)
    assert "\n" not in line
    assert server.TOKEN not in line
    assert server.TOKEN not in "".join(traceback.format_exception(caught.value))
    return line


# ---------------------------------------------------------------------------- the Hub


def test_everything_is_published_in_one_private_commit(folder, toolbox, hub, repo):
    outcome = send(folder, HUB, toolbox)
    assert [commit.title for commit in repo().commits[1:]] == ["5 rows: train 3, test 2"]
    assert repo().commits[-1].sha == outcome.version
    assert repo().private
    tree = repo().tree()
    assert {path: tree[path] for path in on_disk(folder)} == on_disk(folder)
    assert tree["manifest.json"] == (folder / "manifest.json").read_bytes()
    assert b"# Small" in tree["README.md"]


def test_unchanged_data_makes_no_commit_and_uploads_nothing(folder, toolbox, hub, repo):
    first = send(folder, HUB, toolbox)
    uploads = hub.count("PUT", "/_lfs/")
    again = send(folder, HUB, toolbox)
    assert (again.version, again.message) == (first.version, "")
    assert len(repo().commits) == 2
    assert hub.count("PUT", "/_lfs/") == uploads


def test_changed_data_is_a_new_version_that_says_what_changed(folder, changed, toolbox, hub, repo):
    send(folder, HUB, toolbox)
    send(changed, HUB, toolbox)
    assert repo().commits[-1].title == "3 rows (were 5): train 3 → 2, test 2 → 1"
    tree = repo().tree()
    assert "data/train/part-00001.parquet" not in tree  # the new one has no such part
    assert {path: tree[path] for path in on_disk(changed)} == on_disk(changed)


def test_a_summary_of_rebuilt_rows_counts_parts(folder, changed):
    old, new = open_dataset(folder).manifest, open_dataset(changed).manifest
    other = old.model_copy(update={"parts": [*new.parts[:1], *old.parts[1:]], "seed": 9})
    same_rows = [a.model_copy(update={"rows": b.rows}) for a, b in zip(other.parts, old.parts)]  # noqa: B905
    other = other.model_copy(update={"parts": same_rows})
    assert summary(old, other).startswith("5 rows as before, ")
    assert summary(old, old).startswith("The same 5 rows, with another card")
    versions = old.model_copy(update={"versions": {"callwright": "2"}})
    assert "callwright 1 → 2" in summary(old, versions)


@pytest.mark.parametrize("private", [True, False])
def test_who_may_see_it_is_changed_only_when_asked(private, folder, toolbox, hub, repo):
    send(folder, HUB, toolbox, private=private)
    assert repo().private is private
    send(folder, HUB, toolbox)
    assert repo().private is private
    send(folder, HUB, toolbox, private=not private)
    assert repo().private is not private


def test_a_tag_names_a_version_for_good(folder, changed, toolbox, hub, repo):
    version = send(folder, HUB, toolbox, tag="v1.0").version
    send(folder, HUB, toolbox, tag="v1.0")
    line = refusal(changed, HUB, toolbox, tag="v1.0")
    assert "has a tag v1.0 already" in line
    assert repo().tags == {"v1.0": version}
    assert repo().commits[-1].sha == version
    send(changed, HUB, toolbox, tag="v1.1")
    assert "has a tag v1.0 already" in refusal(changed, HUB, toolbox, tag="v1.0")


@pytest.mark.parametrize(
    "fault",
    [
        server.Fault("POST", "/commit/", status=503),
        server.Fault("POST", "/commit/", status=500, times=3),
        server.Fault("POST", "/commit/"),
        server.Fault("PUT", "/_lfs/"),
        server.Fault("PUT", "/_lfs/", status=502, times=2),
        server.Fault("POST", "/preupload/", status=504),
        server.Fault("POST", "objects/batch", status=503),
        server.Fault("GET", "/api/whoami-v2", status=429),
        server.Fault("POST", "/api/repos/create", status=500),
    ],
    ids=lambda fault: f"{fault.path} {fault.status or 'cut'}",
)
def test_what_passes_is_tried_again_until_it_works(fault, folder, toolbox, hub, repo):
    hub.faults.append(server.Fault(fault.method, fault.path, fault.status, fault.times))
    send(folder, HUB, toolbox)
    assert hub.faults[0].times == 0
    assert len(repo().commits) == 2
    assert set(on_disk(folder)) < set(repo().tree())


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (server.Fault("POST", "/commit/", status=503, times=99), "could not answer (503)"),
        (server.Fault("POST", "/commit/", times=99), "the connection failed"),
        (server.Fault("PUT", "/_lfs/", times=999), "the connection failed"),
        (server.Fault("PUT", "/_lfs/", status=500, times=999), "could not answer (500)"),
        (server.Fault("POST", "/commit/", status=403, times=99), "may not do this (403)"),
        (server.Fault("POST", "/commit/", status=400, times=99), "refuses (400)"),
    ],
    ids=lambda value: value.path if isinstance(value, server.Fault) else None,
)
def test_what_lasts_is_one_line_and_nothing_is_half_published(
    fault, told, folder, changed, toolbox, hub, repo
):
    before = send(folder, HUB, toolbox).version
    hub.faults.append(server.Fault(fault.method, fault.path, fault.status, fault.times))
    line = refusal(changed, HUB, toolbox)
    assert told in line
    assert repo().commits[-1].sha == before
    if fault.status not in (400, 403):
        assert "Nothing is half-published: run it again" in line


def test_a_commit_whose_answer_was_lost_is_found_made(folder, toolbox, hub, repo):
    hub.faults.append(server.Fault("POST", "/commit/", after=True))
    outcome = send(folder, HUB, toolbox)
    assert len(repo().commits) == 2
    assert repo().commits[-1].sha == outcome.version
    assert outcome.message.startswith("5 rows")


def test_somebodys_words_in_the_card_that_came_first_are_kept(folder, changed, toolbox, hub, repo):
    send(folder, HUB, toolbox)

    def edit(repo):
        tree = dict(repo.commits[-1].tree)
        text = tree["README.md"].data.replace(b"made again -->\n", b"made again -->\nMy words.\n")
        repo.add({**tree, "README.md": server.File(text, large=False)}, "edit the card")

    hub.before_commit.append(edit)
    send(changed, HUB, toolbox)
    assert [commit.title[:4] for commit in repo().commits[2:]] == ["edit", "3 ro"]
    assert b"My words." in repo().tree()["README.md"]


def test_another_dataset_that_came_first_is_not_overwritten(folder, changed, toolbox, hub, repo):
    send(folder, HUB, toolbox)

    def replace(repo):
        tree = dict(repo.commits[-1].tree)
        text = tree["manifest.json"].data.replace(b'"seed": 1', b'"seed": 3')
        repo.add({**tree, "manifest.json": server.File(text, large=False)}, "theirs")

    hub.before_commit.append(replace)
    assert "somebody else published another version" in refusal(changed, HUB, toolbox)
    assert repo().commits[-1].title == "theirs"


def test_a_token_that_is_refused_is_one_line_without_it(folder, toolbox, hub, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_" + "Wrong" * 6)
    line = refusal(folder, HUB, toolbox)
    assert "does not accept the token (401); set HF_TOKEN" in line
    assert "hf auth login" in line
    assert "Wrong" not in line
    assert not hub.repos


def test_no_token_is_one_line_that_says_how_to_get_one(folder, toolbox, hub, monkeypatch):
    monkeypatch.delenv("HF_TOKEN")
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", "/nonexistent")
    monkeypatch.setattr("huggingface_hub.utils._auth._get_token_from_file", lambda: None)
    assert "set HF_TOKEN, or log in" in refusal(folder, HUB, toolbox)


def test_a_server_that_says_the_token_back_does_not_make_us_say_it(folder, toolbox, hub):
    said = f"no {server.TOKEN}\x1b[2J at http://h/x?signature=abc"
    hub.faults.append(server.Fault("POST", "/commit/", status=400, times=9, message="secret"))
    hub.faults[0].message = said.replace("\x1b", "")
    line = refusal(folder, HUB, toolbox)
    assert "signature" not in line
    assert "refuses (400): no …" in line


def test_a_place_with_something_else_in_it_is_left_alone(folder, toolbox, hub, repo):
    hub.repos["org/small"] = server.Repo(private=False)
    repo().add({"data/train.csv": server.File(b"a,b", large=False)}, "theirs")
    assert "holds something else (data/train.csv)" in refusal(folder, HUB, toolbox)
    assert len(repo().commits) == 1


# ------------------------------------------------------------------- folders and URLs


@pytest.fixture(params=["file", "memory"])
def url(request, tmp_path):
    if request.param == "file":
        return (tmp_path / "out" / "small").as_uri()
    fsspec.filesystem("memory").store.clear()
    return "memory://out/small"


def test_a_folder_behind_a_url_brings_the_dataset_back(folder, changed, toolbox, url, tmp_path):
    send(folder, url, toolbox)
    pull(parse_place(url), tmp_path / "back")
    assert on_disk(tmp_path / "back") == on_disk(folder)
    assert list(open_dataset(tmp_path / "back").rows()) == list(open_dataset(folder).rows())
    assert send(folder, url, toolbox).message == ""
    send(changed, url, toolbox)
    pull(parse_place(url), tmp_path / "new")
    assert on_disk(tmp_path / "new") == on_disk(changed)


@pytest.mark.parametrize("step", ["open", "mv"])
def test_an_interrupted_folder_is_old_or_no_dataset_and_can_be_completed(
    step, folder, changed, toolbox, tmp_path, monkeypatch
):
    fsspec.filesystem("memory").store.clear()
    url = "memory://out/small"
    send(folder, url, toolbox)
    system = type(fsspec.filesystem("memory"))
    real, calls = getattr(system, step), []

    def failing(self, path, *arguments, **options):
        writes = step == "mv" or arguments[:1] == ("wb",)
        calls.append(writes)
        if sum(calls) > 2 and writes:
            raise OSError("the cable was pulled")
        return real(self, path, *arguments, **options)

    monkeypatch.setattr(system, step, failing)
    assert refusal(changed, url, toolbox) == "memory://out/small: the cable was pulled"
    if step == "open":
        pull(parse_place(url), tmp_path / "old")
        assert on_disk(tmp_path / "old") == on_disk(folder)
    else:
        with pytest.raises(UserError, match="no callwright dataset: it has no manifest"):
            pull(parse_place(url), tmp_path / "old")
    monkeypatch.setattr(system, step, real)
    send(changed, url, toolbox)
    pull(parse_place(url), tmp_path / "new")
    assert on_disk(tmp_path / "new") == on_disk(changed)
    assert not [p for p in fsspec.filesystem("memory").find("/out") if p.endswith(".coming")]


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("hf://small", "write hf://org/name"),
        ("hf://a/b/c", "write hf://org/name"),
        ("out/small", "is no URL: write hf://org/name, file:///"),
        ("nosuch://x/y", "nosuch"),
        ("github://x", "missing 2 required positional arguments"),
    ],
)
def test_a_place_that_is_none_is_one_line(place, told, folder, toolbox):
    assert told in refusal(folder, place, toolbox)


def test_a_folder_has_no_tags_and_no_rights():
    place = parse_place("memory://x/y")
    with pytest.raises(UserError, match="knows no tags"):
        target_for(place, private=None, tag="v1")
    with pytest.raises(UserError, match="leave out --tag, --private"):
        target_for(place, private=True, tag=None)
    with pytest.raises(UserError, match="give a version with --tag"):
        target_for(parse_place("hf://a/b@v1"), private=None, tag=None)


def test_a_password_in_a_url_is_not_shown():
    assert str(parse_place("ftp://me:secret@host/x")) == "ftp://…@host/x"

"""A small Hub that speaks the real one's wire protocol, enough for its two Python clients.

    with serve() as hub:                       # http://127.0.0.1:PORT, empty
        hub.faults.append(Fault("POST", "/commit/", status=503))
        ...                                    # the real clients, HF_ENDPOINT=hub.url
        hub.repos["org/name"].tree()           # path -> bytes at the head

Repositories are kept in memory: commits with whole trees, large files by their SHA-256 as Git LFS
has them. Writing and private repositories take the token; a `Fault` makes requests go wrong.
"""

import base64
import hashlib
import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "hf_" + "Secret" * 6
LARGE = (".parquet", ".png")
"""Endings of files that go the way of Git LFS."""


@dataclass
class File:
    """A file of a commit."""

    data: bytes
    large: bool

    @property
    def sha256(self):
        return hashlib.sha256(self.data).hexdigest()

    @property
    def oid(self):
        """Git's name of what is stored: the file itself, or a pointer to a large one."""
        stored = self.data
        if self.large:
            stored = (
                "version https://git-lfs.github.com/spec/v1\n"
                f"oid sha256:{self.sha256}\nsize {len(self.data)}\n"
            ).encode()
        return hashlib.sha1(b"blob %d\0" % len(stored) + stored).hexdigest()  # noqa: S324 - as Git


@dataclass
class Commit:
    sha: str
    title: str
    about: str
    tree: dict


@dataclass
class Repo:
    private: bool
    commits: list = field(default_factory=list)
    tags: dict = field(default_factory=dict)

    def add(self, tree, title, about=""):
        sha = hashlib.sha1(f"{title}{len(self.commits)}".encode()).hexdigest()  # noqa: S324 - as Git
        self.commits.append(Commit(sha, title, about, tree))
        return sha

    def at(self, revision):
        """The commit that a branch, tag or id names; None if none."""
        revision = self.tags.get(revision, revision)
        if revision == "main":
            return self.commits[-1]
        return next((commit for commit in self.commits if commit.sha == revision), None)

    def tree(self):
        return {path: file.data for path, file in self.commits[-1].tree.items()}


@dataclass
class Fault:
    """Requests that go wrong."""

    method: str
    path: str
    """Stands in the request's path."""
    status: int = 0
    """What is answered; 0 hangs up in the middle of the request."""
    times: int = 1
    after: bool = False
    """Do what was asked, then go wrong: the answer is lost."""
    message: str = "out of order"


class Hub(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.repos = {}
        self.blobs = {}
        self.faults = []
        self.log = []
        """(method, path) of every request."""
        self.lock = threading.RLock()
        self.before_commit = []
        """Called once each, with the repository, before a commit is looked at."""

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """A connection that was cut, by either side, is no news."""

    def count(self, method, path):
        return sum(m == method and path in p for m, p in self.log)


@contextmanager
def serve():
    hub = Hub()
    thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        hub.server_close()
        thread.join()


class Refused(Exception):
    """What the Hub says no with."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


NO_REPO = Refused(404, "RepoNotFound", "Repository not found")
ROUTES = []


def route(method, pattern):
    def register(run):
        ROUTES.append((method, re.compile(pattern), run))
        return run

    return register


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hub

    def log_message(self, *_):
        """A test's output is its own."""

    def go(self):
        url = urlsplit(self.path)
        path, self.query = unquote(url.path), parse_qs(url.query)
        self.server.log.append((self.command, path))
        fault = self._fault(path)
        if fault is not None and not fault.after and not fault.status:
            self.rfile.read(min(1, int(self.headers.get("Content-Length") or 0)))
            self.close_connection = True
            return self.connection.close()
        self.body = self._body()
        if fault is not None and not fault.after:
            return self._refuse(Refused(fault.status, "Fault", fault.message))
        method = "GET" if self.command == "HEAD" else self.command
        for wanted, pattern, run in ROUTES:
            found = pattern.fullmatch(path) if wanted == method else None
            if found:
                try:
                    with self.server.lock:
                        answer = run(self, **found.groupdict())
                except Refused as no:
                    return self._refuse(no)
                if fault is not None:
                    return self.connection.close()
                return answer
        return self._refuse(Refused(404, "NotImplemented", f"{self.command} {path}"))

    do_GET = do_HEAD = do_POST = do_PUT = go  # noqa: N815 - http.server's names

    # ------------------------------------------------------------------ in and out

    def _fault(self, path):
        with self.server.lock:
            for fault in self.server.faults:
                if fault.method == self.command and fault.path in path and fault.times > 0:
                    fault.times -= 1
                    return fault
        return None

    def _body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        pieces = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def send(self, status, data, headers=None):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def json(self, value, status=200, headers=None):
        about = {"Content-Type": "application/json", **(headers or {})}
        self.send(status, json.dumps(value).encode(), about)

    def _refuse(self, no):
        about = {"X-Error-Code": no.code, "X-Error-Message": no.message}
        self.json({"error": no.message}, no.status, about)

    # ------------------------------------------------------------------ who and what

    def authorize(self):
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Refused(401, "Unauthorized", "Invalid credentials in Authorization header")

    def repo(self, name):
        repo = self.server.repos.get(name)
        if repo is None:
            raise NO_REPO
        if repo.private or self.command in ("POST", "PUT"):
            try:
                self.authorize()
            except Refused:
                if self.headers.get("Authorization"):
                    raise
                raise NO_REPO from None  # who may not see it is not told that it is there
        return repo

    def commit_at(self, name, revision):
        commit = self.repo(name).at(revision)
        if commit is None:
            raise Refused(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return commit


NAME = r"(?P<name>[^/]+/[^/]+)"
API = rf"/api/datasets/{NAME}"


@route("GET", "/api/whoami-v2")
def whoami(handler):
    handler.authorize()
    handler.json({"type": "user", "name": "tester", "orgs": [], "auth": {}})


@route("POST", "/api/validate-yaml")
def validate_yaml(handler):
    handler.json({"errors": [], "warnings": []})


@route("POST", "/api/repos/create")
def create(handler):
    handler.authorize()
    asked = json.loads(handler.body)
    name = f"{asked.get('organization') or 'tester'}/{asked['name']}"
    url = f"{handler.server.url}/datasets/{name}"
    if name in handler.server.repos:
        return handler.json({"error": "You already created this repo", "url": url}, 409)
    repo = handler.server.repos[name] = Repo(asked.get("visibility") == "private")
    repo.add({}, "initial commit")
    return handler.json({"url": url, "name": name})


@route("PUT", rf"{API}/settings")
def settings(handler, name):
    asked = json.loads(handler.body)
    handler.repo(name).private = asked["visibility"] == "private"
    handler.json({})


@route("GET", rf"{API}(?:/revision/(?P<revision>[^/]+))?")
def about(handler, name, revision):
    commit = handler.commit_at(name, revision or "main")
    siblings = [{"rfilename": path} for path in sorted(commit.tree)]
    found = {"id": name, "sha": commit.sha, "private": handler.repo(name).private}
    handler.json({**found, "tags": [], "siblings": siblings, "downloads": 0, "likes": 0})


@route("GET", rf"{API}/refs")
def refs(handler, name):
    repo = handler.repo(name)
    tags = [
        {"name": tag, "ref": f"refs/tags/{tag}", "targetCommit": sha}
        for tag, sha in repo.tags.items()
    ]
    head = {"name": "main", "ref": "refs/heads/main", "targetCommit": repo.commits[-1].sha}
    handler.json({"branches": [head], "converts": [], "tags": tags})


@route("POST", rf"{API}/tag/(?P<revision>.+)")
def tag(handler, name, revision):
    asked = json.loads(handler.body)
    handler.repo(name).tags[asked["tag"]] = handler.commit_at(name, revision).sha
    handler.json({})


def described(path, file):
    size = len(file.data)
    found = {"type": "file", "path": path, "size": size, "oid": file.oid}
    if file.large:
        found["lfs"] = {"oid": file.sha256, "size": size, "pointerSize": 134}
    return found


def folder(path):
    return {"type": "directory", "path": path, "oid": "0" * 40, "size": 0}


@route("GET", rf"{API}/tree/(?P<revision>[^/]+)(?:/(?P<under>.*))?")
def tree(handler, name, revision, under):
    commit = handler.commit_at(name, revision)
    start = f"{under.strip('/')}/" if under and under.strip("/") else ""
    deep = handler.query.get("recursive", ["false"])[0].lower() in ("true", "1")
    files, folders = [], {}
    for path, file in sorted(commit.tree.items()):
        if path.startswith(start):
            steps = path[len(start) :].split("/")
            for depth in range(1, len(steps) if deep else min(len(steps), 2)):
                folders[start + "/".join(steps[:depth])] = None
            if deep or len(steps) == 1:
                files.append(described(path, file))
    if start and not files and not folders:
        raise Refused(404, "EntryNotFound", "no such folder")
    handler.json([*map(folder, folders), *files])


@route("POST", rf"{API}/paths-info/(?P<revision>.+)")
def paths_info(handler, name, revision):
    repo = handler.server.repos.get(name) or handler.repo(name)
    if repo.private:
        handler.authorize()
    commit = repo.at(revision)
    is_json = "json" in handler.headers.get("Content-Type", "")
    text = handler.body.decode()
    asked = json.loads(text)["paths"] if is_json else parse_qs(text).get("paths", [])
    found = []
    for path in [asked] if isinstance(asked, str) else asked:
        if path in commit.tree:
            found.append(described(path, commit.tree[path]))
        elif any(known.startswith(f"{path}/") for known in commit.tree):
            found.append(folder(path))
    handler.json(found)


@route("POST", rf"{API}/preupload/(?P<revision>.+)")
def preupload(handler, name, revision):
    known = handler.commit_at(name, revision).tree
    handler.json({
        "files": [
            {
                "path": file["path"],
                "uploadMode": "lfs" if file["path"].endswith(LARGE) else "regular",
                "shouldIgnore": False,
                "oid": known[file["path"]].oid if file["path"] in known else None,
            }
            for file in json.loads(handler.body)["files"]
        ]
    })  # fmt: skip


@route("POST", rf"/datasets/{NAME}\.git/info/lfs/objects/batch")
def lfs_batch(handler, name):
    handler.repo(name)
    objects = []
    for wanted in json.loads(handler.body)["objects"]:
        answer = {"oid": wanted["oid"], "size": wanted["size"]}
        if wanted["oid"] not in handler.server.blobs:
            # Signed as the real one's addresses are: what stands after the ? must not be shown.
            address = f"{handler.server.url}/_lfs/{wanted['oid']}?signature=do-not-show"
            verify = f"{handler.server.url}/_verify"
            answer["actions"] = {"upload": {"href": address}, "verify": {"href": verify}}
        objects.append(answer)
    handler.json({"transfer": "basic", "objects": objects})


@route("PUT", r"/_lfs/(?P<oid>[0-9a-f]{64})")
def lfs_upload(handler, oid):
    if hashlib.sha256(handler.body).hexdigest() != oid:
        raise Refused(422, "BadOid", "the bytes are not what was announced")
    handler.server.blobs[oid] = handler.body
    handler.send(200, b"")


@route("POST", "/_verify")
def lfs_verify(handler):
    asked = json.loads(handler.body)
    blob = handler.server.blobs.get(asked["oid"])
    handler.json({}, 200 if blob is not None and len(blob) == asked["size"] else 404)


@route("POST", rf"{API}/commit/(?P<revision>.+)")
def commit(handler, name, revision):
    repo = handler.repo(name)
    while handler.server.before_commit:
        handler.server.before_commit.pop()(repo)
    new = dict(handler.commit_at(name, revision).tree)
    title = about_it = ""
    for line in handler.body.splitlines():
        item = json.loads(line)
        value = item["value"]
        if item["key"] == "header":
            title, about_it = value["summary"], value.get("description", "")
            if value.get("parentCommit") not in (None, repo.commits[-1].sha):
                raise Refused(412, "PreconditionFailed", "A commit has happened since")
        elif item["key"] == "file":
            new[value["path"]] = File(base64.b64decode(value["content"]), large=False)
        elif item["key"] == "lfsFile":
            if value["oid"] not in handler.server.blobs:
                raise Refused(400, "MissingLfs", f"object {value['oid']} was not uploaded")
            new[value["path"]] = File(handler.server.blobs[value["oid"]], large=True)
        elif item["key"] == "deletedFile":
            del new[value["path"]]
    sha = repo.add(new, title, about_it)
    url = f"{handler.server.url}/datasets/{name}/commit/{sha}"
    handler.json({"success": True, "commitOid": sha, "commitUrl": url, "hookOutput": ""})


@route("GET", rf"/datasets/{NAME}/resolve/(?P<revision>[^/]+)/(?P<path>.+)")
def resolve(handler, name, revision, path):
    commit = handler.commit_at(name, revision)
    headers = {"X-Repo-Commit": commit.sha, "Accept-Ranges": "bytes"}
    file = commit.tree.get(path)
    if file is None:
        words = {"X-Error-Code": "EntryNotFound", "X-Error-Message": "Entry not found"}
        return handler.send(404, b"", headers | words)
    data, etag = file.data, file.sha256 if file.large else file.oid
    headers["ETag"] = f'"{etag}"'
    if file.large:
        headers |= {"X-Linked-Size": str(len(data)), "X-Linked-Etag": f'"{etag}"'}
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", handler.headers.get("Range") or "")
    if asked is None:
        return handler.send(200, data, headers)
    first = int(asked[1])
    last = min(int(asked[2]) if asked[2] else len(data) - 1, len(data) - 1)
    headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return handler.send(206, data[first : last + 1], headers)

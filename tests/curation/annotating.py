"""A review on a real server: rows are pushed, people answer as on its page, rows are pulled."""

import json
import urllib.error
import urllib.request

import small_world

from callwright.curation.recipe import ReviewSection
from callwright.curation.review import pull as pulling
from callwright.curation.review import push as pushing
from callwright.schemas.store import Manifest, Writer, open_dataset


def dataset(folder, rows):
    """Write a dataset of such rows."""
    writer = Writer(folder, Manifest(command="build"))
    writer.write_part(rows)
    writer.finish()
    return open_dataset(folder)


def copies(row, count):
    """The row so many times, each with an id of its own."""
    return [row.model_copy(update={"id": f"{number:032x}"}) for number in range(count)]


def push(server, data, name, **options):
    """Push all rows of a dataset."""
    chosen = [row.id for row in data.rows()]
    return pushing.push(data, chosen, pushing.Order(server, name, **options))


def pull(server, name, output, section=None, **options):
    """Pull a review into a new folder."""
    order = pulling.Order(
        server,
        name,
        output,
        section or ReviewSection(),
        Manifest(command=pulling.COMMAND),
        lambda _: small_world.toolbox(),
        **options,
    )
    return pulling.pull(order)


def asking(home, url):
    """Give what calls Argilla's interface at `url` as one of the home's users."""
    keys = {user.name: user.api_key for user in home.users()}

    def ask(user, method, path, body=None):
        request = urllib.request.Request(  # noqa: S310 - of a server of the tests
            f"{url}/api/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"X-Argilla-Api-Key": keys[user], "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.code} {error.read().decode()[:500]}") from None

    return ask


class Annotator:
    """Someone at the page; what they say of a record replaces what they said before."""

    def __init__(self, ask, name):
        self.name = name
        self.ask = lambda *request: ask(name, *request)
        self.id = self.ask("GET", "me")["id"]
        self._questions = {}

    def records(self, name):
        """External id -> record of a dataset, with its suggestions and this person's answer."""
        found = self.ask("GET", "me/datasets")["items"]
        dataset = next(one["id"] for one in found if one["name"] == name)
        asked = "include=suggestions&include=responses&limit=1000"
        items = self.ask("POST", f"me/datasets/{dataset}/records/search?{asked}", {})["items"]
        return {item["record"]["external_id"]: item["record"] for item in items}

    def say(self, record, status="submitted", **changed):
        """Send the boxes as the page does: as suggested, but for what is `changed`."""
        questions = self._names(record["dataset_id"])
        suggested = {questions[s["question_id"]]: s["value"] for s in record["suggestions"]}
        values = {name: {"value": value} for name, value in (suggested | changed).items()}
        body = {"status": status, "values": values}
        mine = record.get("responses") or []
        if mine:
            answer = self.ask("PUT", f"responses/{mine[0]['id']}", body)
        else:
            answer = self.ask("POST", f"records/{record['id']}/responses", body)
        record["responses"] = [answer]

    def take_back(self, record):
        """Clear the answer."""
        self.ask("DELETE", f"responses/{record['responses'].pop()['id']}")

    def _names(self, dataset):
        if dataset not in self._questions:
            items = self.ask("GET", f"datasets/{dataset}/questions")["items"]
            self._questions[dataset] = {item["id"]: item["name"] for item in items}
        return self._questions[dataset]

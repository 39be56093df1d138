"""2,000 records with everything that can be filtered by, and their way into Argilla."""

import random

COUNT = 2000
TOPICS = ["weather", "trips", "money", "旅行"]
CITIES = ["Paris", "Zürich", "東京", "巴黎", "Kyiv", "Київ", "STRASSE", "القاهرة", "São Paulo"]
VERDICTS = ["accept", "fix", "reject"]
FAULTS = ["wrong tool", "wrong argument", "missing step"]
STATUSES = ["submitted", "draft", "discarded"]


def records():
    """The records in plain Python; a field that a record lacks is not in its dict."""
    draw = random.Random(8)
    return [_record(draw, number) for number in range(COUNT)]


def _record(draw, number):
    city, other, third = draw.sample(CITIES, 3)
    record = {
        "id": f"rec-{number:04}",
        "request": f"Tell Ann about {city} (case {number}).",
        "chat": [
            {"role": "user", "content": f"天气 in {city}?"},
            {"role": "assistant", "content": f'```json\n{{"city": "{third}"}}\n```'},
        ],
        "chain": {
            "request": f"from {other} to {city}",
            "steps": [{"name": "get_weather", "args": [{"k": "n", "v": number}]}],
        },
        "metadata": {"steps": draw.randint(1, 6), "score": draw.randrange(0, 100) / 8},
        "suggestions": {
            "verdict": (draw.choice(VERDICTS), draw.randrange(0, 64) / 64, draw.choice("ab")),
            "faults": (draw.sample(FAULTS, draw.randint(1, 3)), None, "a"),
            "rating": (draw.randint(1, 5), None, "b"),
        },
        "vector": [draw.uniform(-1, 1) for _ in range(4)],
        "responses": {},
    }
    if draw.random() < 0.8:
        record["metadata"]["topic"] = draw.choice(TOPICS)
    for name in draw.sample(list(record["suggestions"]), draw.randint(0, 2)):
        del record["suggestions"][name]
    for user in ("ann", "bob"):
        if draw.random() < 0.5:
            given = {"verdict": draw.choice(VERDICTS), "rating": draw.randint(1, 5)}
            record["responses"][user] = (draw.choice(STATUSES), given)
    return record


def made(ask, users):
    """Make a dataset of the records in Argilla; gives its id, vector and metadata ids.

    Args:
        ask: Calls Argilla's interface.
        users: Name -> id of the annotators.
    """
    space = ask("owner", "GET", "me/workspaces")["items"][0]["id"]
    dataset = ask(
        "owner",
        "POST",
        "datasets",
        {
            "name": "two thousand",
            "workspace_id": space,
            "distribution": {"strategy": "overlap", "min_submitted": 2},
        },
    )["id"]

    def add(what, name, settings, **rest):
        body = {"name": name, "title": name, "settings": settings, **rest}
        return ask("owner", "POST", f"datasets/{dataset}/{what}", body)["id"]

    add("fields", "request", {"type": "text", "use_markdown": False}, required=True)
    add("fields", "chat", {"type": "chat", "use_markdown": True})
    add("fields", "chain", {"type": "custom", "template": "{{record}}", "advanced_mode": False})
    questions = {
        "verdict": add("questions", "verdict", _options("label_selection", VERDICTS)),
        "faults": add("questions", "faults", _options("multi_label_selection", FAULTS)),
        "rating": add(
            "questions",
            "rating",
            {"type": "rating", "options": [{"value": value} for value in range(1, 6)]},
            required=True,
        ),
    }
    metadata = {
        "topic": add("metadata-properties", "topic", {"type": "terms"}),
        "steps": add("metadata-properties", "steps", {"type": "integer"}),
        "score": add("metadata-properties", "score", {"type": "float"}),
    }
    ask(
        "owner",
        "POST",
        f"datasets/{dataset}/vectors-settings",
        {"name": "meaning", "title": "meaning", "dimensions": 4},
    )
    ask("owner", "PUT", f"datasets/{dataset}/publish")
    items = [_item(record, questions, users) for record in records()]
    for start in range(0, COUNT, 500):
        bulk = {"items": items[start : start + 500]}
        ask("owner", "POST", f"datasets/{dataset}/records/bulk", bulk)
    return dataset, metadata


def _options(kind, names):
    options = [{"value": name, "text": name} for name in names]
    return {"type": kind, "options": options, "visible_options": None}


def _item(record, questions, users):
    return {
        "external_id": record["id"],
        "fields": {name: record[name] for name in ("request", "chat", "chain")},
        "metadata": record["metadata"],
        "vectors": {"meaning": record["vector"]},
        "suggestions": [
            {"question_id": questions[name], "value": value, "score": score, "agent": agent}
            for name, (value, score, agent) in record["suggestions"].items()
        ],
        "responses": [
            {
                "user_id": users[user],
                "status": status,
                "values": {name: {"value": value} for name, value in values.items()},
            }
            for user, (status, values) in record["responses"].items()
        ],
    }

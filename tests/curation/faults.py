"""Ways to spoil a row: each takes the row as plain JSON and changes it in place."""

import json


def put(path, value):
    """Set what stands at a slash-separated path; a function is given what stood there."""

    def spoil(row):
        holder, last = _reach(row, path)
        holder[last] = value(holder[last]) if callable(value) else value

    return spoil


def drop(path):
    def spoil(row):
        holder, last = _reach(row, path)
        del holder[last]

    return spoil


def add(path, item):
    """Append to the list at `path`."""
    return put(path, lambda found: [*found, item])


def both(*spoilers):
    def spoil(row):
        for one in spoilers:
            one(row)

    return spoil


def argument(call, name, value):
    """Change an argument wherever the row repeats it."""

    def spoil(row):
        for function in _functions(row, call):
            function["arguments"][name] = value

    return spoil


def no_argument(call, name):
    def spoil(row):
        for function in _functions(row, call):
            del function["arguments"][name]
        row["sources"][f"call_{call}"].pop(f"/{name}", None)

    return spoil


def result(call, pointer, value):
    """Change a field of a result, as a forger would."""

    def spoil(row):
        message = next(m for m in row["messages"] if m["tool_call_id"] == f"call_{call}")
        content = json.loads(message["content"])
        holder, last = _reach(content, pointer)
        holder[last] = value(holder[last]) if callable(value) else value
        message["content"] = json.dumps(content, separators=(",", ":"))

    return spoil


def renamed(old, new):
    """Give a tool another name wherever it is called, leaving what is offered."""

    def spoil(row):
        for function in _functions(row):
            if function["name"] == old:
                function["name"] = new
        for step in row["plan"]["steps"]:
            step["tool"] = new if step["tool"] == old else step["tool"]
        row["plan"]["sequence"] = [new if n == old else n for n in row["plan"]["sequence"]]

    return spoil


def offered(tool, **changes):
    """Change what is offered under a name."""

    def spoil(row):
        function = next(t["function"] for t in row["tools"] if t["function"]["name"] == tool)
        function.update(changes)

    return spoil


def says_too(message, words):
    """Let a message say more at its end, which moves no span."""
    return put(f"messages/{message}/content", lambda text: text + words)


def swapped(path, one, other):
    def spoil(row):
        holder, last = _reach(row, path)
        items = holder[last]
        items[one], items[other] = items[other], items[one]

    return spoil


def moved(path, by):
    """Move a span."""
    return both(put(f"{path}/start", lambda n: n + by), put(f"{path}/end", lambda n: n + by))


def _functions(row, call=None):
    """Every place where a call's function stands: in the messages and among the gold calls."""
    calls = [c for m in row["messages"] for c in m["tool_calls"] or ()]
    found = [c["function"] for c in calls if call is None or c["id"] == f"call_{call}"]
    gold = row["expected"]["calls"]
    return found + (gold if call is None else gold[call - 1 : call])


def _reach(value, path):
    """The holder and the last step of a path; `~1` stands for a slash within a key."""
    *steps, last = [step.replace("~1", "/") for step in path.split("/")]
    for step in steps:
        value = value[int(step) if isinstance(value, list) else step]
    return value, int(last) if isinstance(value, list) else last

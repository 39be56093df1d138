"""An episode laid out to be read: what the model did, the verdict on it, and what gold does."""

from __future__ import annotations

from collections.abc import Iterator

from callwright.schemas.display import blocks
from callwright.schemas.display_lines import Block, Line, Span, Style, prose, span
from callwright.schemas.record import Conversation, Message
from callwright.training.assess import Assessed
from callwright.training.call_diff import SIGNS, CallDiff
from callwright.training.decisions import DecisionScore
from callwright.training.episodes import EpisodeScore, Walk, walk
from callwright.training.failures import Failure, describe
from callwright.training.records import EpisodeRecord
from callwright.training.wanted import Key

_YES, _NO = Span("✓ ", "good"), Span("✗ ", "bad")


def episode_blocks(assessed: Assessed, score: EpisodeScore) -> list[Block]:
    """Everything about one episode that has a record, in the order in which a person reads it."""
    key = assessed.keys[score.row]
    record = assessed.episodes[score.row, score.trial]
    failure = describe(assessed, score) if score.fault else None
    found = [_head(key.row, record, score)]
    found += _conversation(key, record)
    found.append(_ending(record))
    if failure is not None:
        found.append(_failed(failure))
    found.append(_gold(key.row))
    found.append(_decisions(assessed, [one for one in assessed.decided if one.row == score.row]))
    return found


def _gold(row: Conversation) -> Block:
    """Gold's calls, each argument with where it comes from."""
    calls = [block for block in blocks(row) if block.kind == "call"]
    lines = [
        line
        for call in calls
        for line in (call.title, *([Span("    "), *one] for one in call.lines))
    ]
    told = f"  {len(calls)}" if calls else "  none: no call is wanted here"
    return Block("verdict", [Span("gold's calls"), Span(told, "dim")], lines)


def _head(row: Conversation, record: EpisodeRecord, score: EpisodeScore) -> Block:
    facts = [row.scenario, row.language, f"length {row.plan.length}", row.split]
    facts.append(f"trial {record.trial + 1}")
    title = [span(row.id, "name"), span(f"  {' · '.join(facts)}", "dim")]
    line: Line = [_YES, Span("chain success")] if score.success else [_NO, Span("failed", "bad")]
    if score.success and not score.exact["strict"]:
        line.append(Span("  not with just the gold calls", "dim"))
    return Block("head", title, [line])


# ----------------------------------------------------------------- conversation


def _conversation(key: Key, record: EpisodeRecord) -> Iterator[Block]:
    """The conversation as the model led it, a verdict beside each call and each result."""
    led = Conversation(
        id=key.row.id,
        scenario=key.row.scenario,
        language=key.row.language,
        tools=key.row.tools,
        messages=list(_messages(record)),
    )
    steps = walk(key, record.executed, "strict")
    calls = results = 0
    for block in blocks(led)[1:]:
        title = block.title
        if block.kind == "call":
            title = [*title, Span("  "), *_verdict(key, record, steps, calls)]
            calls += 1
        elif block.kind == "result":
            failure = record.executed[results].failure if results < len(record.executed) else None
            title = [*title, Span(f"  {failure}", "bad")] if failure else title
            results += 1
        yield Block(block.kind, title, block.lines)
    if record.ending == "malformed":
        turn = record.turns[-1]
        title = [Span("assistant"), span(f"  cannot be read: {turn.fault}", "bad")]
        yield Block("assistant", title, prose(turn.raw))


def _messages(record: EpisodeRecord) -> Iterator[Message]:
    """The messages, with what the model thought before its turns."""
    thoughts = iter([turn.reasoning for turn in record.turns])
    for told in record.messages:
        message = Message.model_validate(told)
        led = message.role == "assistant"
        yield message.model_copy(
            update={"reasoning_content": next(thoughts, None) if led else None}
        )


def _verdict(key: Key, record: EpisodeRecord, steps: Walk, call: int) -> Line:
    if call >= len(record.executed):
        return [Span("✗ not run: too many calls", "bad")]
    if call not in steps.steps:
        return [Span("✗ not wanted", "bad")]
    return [Span("✓ as gold's ", "good"), span(key.calls[steps.steps[call]].id, "good")]


def _ending(record: EpisodeRecord) -> Block:
    title = [Span("ended: "), Span(record.ending.replace("_", " "))]
    if record.failure is not None:
        return Block("verdict", title, [[span(record.failure, "bad")]])
    outcome = record.outcome
    if outcome is None:
        return Block("verdict", title)
    line = [
        _YES if outcome.words else _NO, Span("it answered in words  "),
        _YES if outcome.state else _NO, Span("the world is as wanted  "),
        _YES if outcome.outputs else _NO, Span("every required result was there"),
    ]  # fmt: skip
    lines = [line]
    if outcome.forbidden:
        lines.append([_NO, span(f"forbidden: {', '.join(outcome.forbidden)}", "bad")])
    return Block("verdict", title, lines)


# --------------------------------------------------------------------- verdicts


def _failed(failure: Failure) -> Block:
    title = [
        Span("first failed step  "),
        span(failure.kind, "bad"),
        span(f"  {failure.means}", "dim"),
    ]
    return Block("verdict", title, list(_why(failure)))


def _why(failure: Failure) -> Iterator[Line]:
    yield [span(failure.where, "dim")]
    for note in failure.notes:
        yield [span(note)]
    for call in failure.calls:
        yield from diff_lines(call)
    if failure.hidden:
        yield [Span(f"{failure.hidden:,} more calls in this turn", "dim")]


def diff_lines(call: CallDiff) -> Iterator[Line]:
    """The two calls, an argument a line."""
    yield [span(call.title, "name")]
    for one in call.arguments:
        style: Style = "dim" if one.verdict == "equal" else "bad"
        line = [Span(f"  {SIGNS[one.verdict]} ", style), span(one.name, "name"), Span(": ", "dim")]
        line.append(span(one.gold if one.gold is not None else "nothing", "value"))
        if one.verdict != "equal":
            line += [Span("  made ", "dim"), span(one.made if one.made is not None else "nothing")]
            if one.gold is not None:
                line.append(span(f"  ← {one.origin}", "source"))
        yield line
    if call.hidden:
        yield [Span(f"  {call.hidden:,} more arguments", "dim")]


def _decisions(assessed: Assessed, decided: list[DecisionScore]) -> Block:
    """How it did turn by turn with the gold history, which may be better."""
    lines: list[Line] = []
    for one in decided:
        where = Span(f"message {one.message}  ", "dim")
        if one.fault is None:
            lines.append([_YES, where, Span("right")])
            continue
        failure = describe(assessed, one)
        lines.append([_NO, where, span(one.fault.kind, "bad"), span(f"  {failure.means}", "dim")])
        lines += [[Span("    "), *line] for line in list(_why(failure))[1:]]
    return Block("verdict", [Span("single calls, with the gold history")], lines)

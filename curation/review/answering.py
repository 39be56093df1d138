"""Which results a corrected answer states: its claims, found anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from callwright.curation.review.finding import saying
from callwright.schemas.kinds import kind_at
from callwright.schemas.pointers import PointerError, leaves, resolve
from callwright.schemas.reading import Made
from callwright.schemas.record import Claim, Conversation
from callwright.schemas.toolbox import Json, Tool


def moved_claims(row: Conversation, moved: Mapping[str, str], message: int) -> list[Claim]:
    """The row's claims over the corrected calls, where the answers were left as they are.

    Args:
        row: The row as it was.
        moved: Id of a call of the row -> id of the same call now.
        message: Where the last answer stands now; earlier ones stand where they stood.
    """
    last = len(row.messages) - 1
    return [
        claim.model_copy(
            update={
                "call": moved[claim.call],
                "message": message if claim.message == last else claim.message,
            }
        )
        for claim in row.claims
        if claim.call in moved
    ]


def found_claims(
    row: Conversation,
    answer: str,
    calls: Sequence[Made],
    moved: Mapping[str, str],
    goals: Sequence[str],
    tools: Mapping[str, Tool],
) -> list[Claim]:
    """What `answer` states: first what it stated before, then what else the results hold.

    Args:
        row: The row as it was.
        answer: The corrected answer, the last message.
        calls: The corrected calls; their `turn` is not read.
        moved: Id of a call of the row -> id of the same call now.
        goals: Ids of the calls that the user asked for; their results are looked at first.
        tools: The real tools by name.
    """
    taken: list[tuple[int, int]] = []
    claims: list[Claim] = []
    for call, pointer, value in _candidates(row, calls, moved, goals):
        kind = kind_at(tools[call.name].returns, pointer)
        for start, end, form in saying(answer, value, kind=kind, language=row.language):
            if all(end <= a or b <= start for a, b in taken):
                taken.append((start, end))
                claims.append(
                    Claim(
                        message=-1, start=start, end=end, call=call.id, pointer=pointer, form=form
                    )
                )
                break
    return sorted(claims, key=lambda claim: claim.start)


def _candidates(
    row: Conversation, calls: Sequence[Made], moved: Mapping[str, str], goals: Sequence[str]
) -> Iterator[tuple[Made, str, Json]]:
    by_id = {call.id: call for call in calls}
    seen: set[tuple[str, str]] = set()
    last = len(row.messages) - 1  # of two results that say the same, the one it stated before
    for claim in sorted(row.claims, key=lambda claim: claim.message != last):
        call = by_id.get(moved.get(claim.call, ""))
        try:
            if call is not None:
                seen.add((call.id, claim.pointer))
                yield call, claim.pointer, resolve(call.value, claim.pointer)
        except PointerError:
            continue
    for call in sorted(calls, key=lambda one: (one.id not in goals, -one.index)):
        for pointer, value in leaves(call.value):
            if (call.id, pointer) not in seen and not isinstance(value, bool) and value:
                yield call, pointer, value

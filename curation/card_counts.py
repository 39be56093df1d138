"""Sections of a card that say what holds of the rows, and in how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from callwright.curation.card_facts import Told
from callwright.curation.card_metadata import split_name
from callwright.curation.card_text import cell, table
from callwright.curation.report_facts import Facts


def promised(told: Told) -> str:
    facts, checked = told.facts, told.checked
    meaning = {
        "executed (exact)": "every tool result came from running the function; again gives the "
        "same bytes",
        "executed (recorded)": "every call was really made and its result recorded; it cannot be "
        "repeated",
        "grounded": "every argument value has a recorded source, and a check proves it",
        "causal": "where calls feed calls, the value cannot be had otherwise, and another valid "
        "one changes what follows",
    }
    promised = [
        (name, f"{checked.promises[name]:,} of {facts.rows:,}", text)
        for name, text in meaning.items()
        if checked.promises[name]
    ]
    outcomes = ("pass", "not_applicable", "not_comparable", "fail")
    gates = [(gate, *(f"{found[o]:,}" for o in outcomes)) for gate, found in facts.gates.items()]
    text = "## What a row promises\n\n"
    if promised:
        text += table(["promise", "rows", "which means"], promised, numbers=False)
        text += "\n\nA row without calls has nothing to execute."
    else:
        text += "The rows promise nothing: they were imported and not proven."
    if gates:
        heads = ["gate", *(o.replace("_", " ") for o in outcomes)]
        text += (
            f"\n\nHow the checks of each row came out when it was made:\n\n{table(heads, gates)}"
        )
    if checked.sampled:
        text += f"\n\nBefore publishing, a sample of {checked.sampled:,} rows was checked anew"
        text += ", calls run again" if checked.gates["replay"]["pass"] else ""
        text += f". Passed: {_outcomes(checked.gates, 'pass')}. "
        failed = _outcomes(checked.gates, "fail")  # by a built row: then nothing would have left
        if failed:
            text += f"Failed, by imported rows that say so themselves: {failed}. "
        text += ("E" if failed else "None failed; e") + "lsewhere the gate does not apply."
    return f"{text}\n\n{_reviews(checked.reviews)}"


def _reviews(found: Counter[str]) -> str:
    """What people made of the rows, and how far they agreed about those that are kept."""
    if not found["rows"]:
        return "No row was reviewed by people."
    text = f"People reviewed {found['rows']:,} of these rows and corrected {found['corrected']:,}."
    if found["several"]:
        text += (
            f" {found['several']:,} were judged by more than one, with the same verdict in "
            f"{found['alike']:,}; rows that people rejected are not here."
        )
    return text


def _outcomes(gates: Mapping[str, Counter[str]], outcome: str) -> str:
    return "; ".join(f"{gate} {n:,}" for gate, found in gates.items() if (n := found[outcome]))


def splitting(told: Told) -> str:
    rows = told.rows
    named = [(split_name(split, list(rows)), f"{count:,}") for split, count in rows.items()]
    text = f"## Splits\n\n{table(['split', 'rows'], named)}"
    if told.leakage is None:
        return f"{text}\n\nThe rows were not split with callwright: nothing is known of leakage."
    measures = list(dict.fromkeys(name for pair in told.leakage.pairs for name in pair.counts))
    shared = [
        (pair.name, *(_shared(pair.counts.get(measure)) for measure in measures))
        for pair in told.leakage.pairs
    ]
    return (
        f"{text}\n\n{cell(told.leakage.held_out)}\n\nWhat every two splits share; "
        "✓ where there must be nothing and there is nothing:\n\n"
        f"{table(['', *(m.replace('_', ' ') for m in measures)], shared)}\n\n{_MEASURED}"
    )


_MEASURED = """\
Requests are compared to the letter, skeletons as sentences of the grammar with their values \
filled in, near duplicates as pairs of rows; a grounded call is one whose values all \
come from the user, a sequence the tools called in their order, a topology how calls feed calls. \
Tools may be offered anywhere, unless they are held out."""


def _shared(found: tuple[int, bool] | None) -> str:
    if found is None:
        return ""
    count, must_be_zero = found
    return f"{count:,}" if not must_be_zero else ("0 ✓" if not count else f"{count:,} leak")


def counted(facts: Facts) -> str:
    """In = kept + rejected, from the first dataset that is known down to this one."""
    flow: list[tuple[str, str]] = []
    known = [manifest for generation in facts.lineage for manifest in generation]
    for manifest in [*known, facts.dataset.manifest]:
        counts, command = manifest.counts, manifest.command
        flow.append((f"rows into {command}", f"{counts.kept + counts.rejected:,}"))
        flow += [
            (f"rejected by {command}: {reason.replace('_', ' ')}", f"−{n:,}")
            for reason, n in sorted(counts.rejected_by_reason.items(), key=lambda x: (-x[1], x[0]))
        ]
        flow.append((f"kept by {command}", f"{counts.kept:,}"))
    text = f"## From the first row to this\n\n{table(['', 'rows'], flow)}\n\n"
    if facts.dataset.manifest.parents and not known:
        text += "What the rows were made from is not known here. "
    return text + (
        "`rejects/` holds each row that the last command dropped, with its reason; it is part of "
        "no config."
    )


def statistics(told: Told) -> str:
    if not told.pictures:
        return ""
    # Two of about the same height beside each other; a PNG has its height in bytes 20 to 23.
    pictures = sorted(told.pictures, key=lambda p: -int.from_bytes(p.png[20:24], "big"))
    cells = [f"![{cell(p.title)}: {cell(p.note)}](card/{p.name}.png)" for p in pictures]
    cells += [""] * (len(cells) % 2)
    lines = [f"| {left} | {right} |" for left, right in zip(cells[::2], cells[1::2], strict=True)]
    return "## Statistics\n\n| | |\n|---|---|\n" + "\n".join(lines)

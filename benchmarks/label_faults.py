"""Faults that are planted into right samples: a check that finds none of them proves nothing.

Each is a mistake that training frameworks really make (or nearly); it gives the faulty sample, or
None where a sample offers no place for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from callwright.training.sample import Sample, TokenClass

Fault = Callable[[Sample, Any], Sample | None]


def _first(sample: Sample) -> int:
    return next(i for i, kind in enumerate(sample.classes) if kind)


def _last(sample: Sample) -> int:
    return max(i for i, kind in enumerate(sample.classes) if kind)


def _in_result(sample: Sample, tokenizer: Any) -> int | None:
    """A token with which a result begins that is an object; the tools' prompt stands earlier."""
    opened = tokenizer('{"', add_special_tokens=False)["input_ids"]
    started = tokenizer.decode(sample.ids).count("<tool_response>") > 0
    places = [i for i in range(_last(sample)) if [sample.ids[i]] == opened]
    places = [i for i in places if not sample.classes[i]]
    return places[-1] if started and places else None


def _labelled(sample: Sample, place: int, kind: TokenClass | None, weight: float) -> Sample:
    classes, weights = list(sample.classes), list(sample.weights)
    classes[place], weights[place] = kind, weight
    return replace(sample, classes=classes, weights=weights)


def _retold(sample: Sample, tokenizer: Any, old: str, new: str) -> Sample | None:
    """With another text before the first trained token."""
    first = _first(sample)
    text = tokenizer.decode(sample.ids[:first])
    changed = text.replace(old, new, 1)
    if changed == text:
        return None
    ids = tokenizer(changed, add_special_tokens=False)["input_ids"]
    return replace(
        sample,
        ids=ids + sample.ids[first:],
        weights=[0.0] * len(ids) + sample.weights[first:],
        classes=[None] * len(ids) + sample.classes[first:],
    )


def header_newline(sample: Sample, _tokenizer: Any) -> Sample | None:
    return _labelled(sample, _first(sample) - 1, "assistant_text", 1.0)


def newline_after_end(sample: Sample, tokenizer: Any) -> Sample | None:
    after = _last(sample) + 1
    newline = tokenizer("\n", add_special_tokens=False)["input_ids"]
    longer = replace(
        sample,
        ids=sample.ids[:after] + newline,
        weights=[*sample.weights[:after], 0.0],
        classes=[*sample.classes[:after], None],
    )
    return _labelled(longer, after, "assistant_text", 1.0)


def end_untrained(sample: Sample, _tokenizer: Any) -> Sample | None:
    return _labelled(sample, _last(sample), None, 0.0)


def first_untrained(sample: Sample, _tokenizer: Any) -> Sample | None:
    return _labelled(sample, _first(sample), None, 0.0)


def result_trained(sample: Sample, tokenizer: Any) -> Sample | None:
    place = _in_result(sample, tokenizer)
    return None if place is None else _labelled(sample, place, "call", 2.0)


def prompt_trained(sample: Sample, _tokenizer: Any) -> Sample | None:
    return _labelled(sample, 5, "assistant_text", 1.0)


def labels_shifted(sample: Sample, _tokenizer: Any) -> Sample | None:
    """As a trainer that shifts labels which were shifted before."""
    return replace(
        sample,
        classes=[*sample.classes[1:], None],
        weights=[*sample.weights[1:], 0.0],
    )


def weight_without_class(sample: Sample, _tokenizer: Any) -> Sample | None:
    weights = list(sample.weights)
    weights[_last(sample)] += 1
    return replace(sample, weights=weights)


def value_as_key(sample: Sample, _tokenizer: Any) -> Sample | None:
    if "argument_value" not in sample.classes:
        return None
    place = sample.classes.index("argument_value")
    weight = next(
        w for w, k in zip(sample.weights, sample.classes, strict=True) if k == "argument_key"
    )
    return _labelled(sample, place, "argument_key", weight)


def result_value_as_user_value(sample: Sample, _tokenizer: Any) -> Sample | None:
    if not {"argument_from_result", "argument_value"} <= set(sample.classes):
        return None
    place = sample.classes.index("argument_from_result")
    return _labelled(
        sample, place, "argument_value", sample.weights[sample.classes.index("argument_value")]
    )


def segments_tokenised_alone(sample: Sample, tokenizer: Any) -> Sample | None:
    """A trained token of several letters written as two."""
    for place, kind in enumerate(sample.classes):
        text = tokenizer.decode(sample.ids[place])
        if kind and len(text) > 1 and text.isalpha() and text.isascii():
            parts = [
                token
                for piece in (text[:1], text[1:])
                for token in tokenizer(piece, add_special_tokens=False)["input_ids"]
            ]
            number = len(parts)

            def spread(items: list[Any], place: int = place, number: int = number) -> list[Any]:
                return items[:place] + [items[place]] * number + items[place + 1 :]

            ids = sample.ids[:place] + parts + sample.ids[place + 1 :]
            return replace(
                sample, ids=ids, weights=spread(sample.weights), classes=spread(sample.classes)
            )
    return None


def other_prompt(sample: Sample, tokenizer: Any) -> Sample | None:
    """As a template made for training that words its prompt otherwise than the served one."""
    return _retold(sample, tokenizer, "# Tools", "# Functions") or _retold(
        sample, tokenizer, "You can call functions.", "Functions:"
    )


def result_as_python(sample: Sample, tokenizer: Any) -> Sample | None:
    """As a template that prints a dictionary."""
    place = _in_result(sample, tokenizer)
    quoted = tokenizer("{'", add_special_tokens=False)["input_ids"]
    if place is None or len(quoted) != 1:
        return None
    return replace(sample, ids=sample.ids[:place] + quoted + sample.ids[place + 1 :])


def result_orphaned(sample: Sample, _tokenizer: Any) -> Sample | None:
    """The beginning cut off, as truncation does."""
    if len(sample.ids) < 200:
        return None
    cut = _first(sample) // 2
    return replace(
        sample, ids=sample.ids[cut:], weights=sample.weights[cut:], classes=sample.classes[cut:]
    )


def end_cut_off(sample: Sample, _tokenizer: Any) -> Sample | None:
    last = _last(sample)
    return replace(
        sample, ids=sample.ids[:last], weights=sample.weights[:last], classes=sample.classes[:last]
    )


FAULTS: tuple[Fault, ...] = (
    header_newline,
    newline_after_end,
    end_untrained,
    first_untrained,
    result_trained,
    prompt_trained,
    labels_shifted,
    weight_without_class,
    value_as_key,
    result_value_as_user_value,
    segments_tokenised_alone,
    other_prompt,
    result_as_python,
    result_orphaned,
    end_cut_off,
)

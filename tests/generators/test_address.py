"""Answers to somebody who said who they are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from callwright.generators.planning import Node
from callwright.generators.wording.address import addressed, called_alike
from callwright.generators.wording.text import Mark, Span, Text, flat

SPEAKER = cast(Node, SimpleNamespace(result=SimpleNamespace(value={"name": "Ana Lim"})))


def told(form: str, name: str = "Ana Lim") -> Text:
    """A text in which `@` is the stated name."""
    parts: list[Any] = []
    for at, words in enumerate(form.split("@")):
        if at:
            parts.append(Span(name, Mark(SPEAKER, "/name", "verbatim", name, "customer.name")))
        parts.append(Span(words))
    return [part for part in parts if part.text]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("@ has 3 points.", "You have 3 points."),
        ("@'s cart holds a tent.", "Your cart holds a tent."),
        ("3 of @'s points expire.", "3 of your points expire."),
        ("I've booked it for @; it is paid.", "I've booked it for you; it is paid."),
        ("The airport on file for @ is Rome.", "The airport on file for you is Rome."),
        ("In the cart of @: a tent.", "In your cart: a tent."),
        ("The points balance of @ is 3.", "Your points balance is 3."),
        ("Flight bookings of @: one.", "Your flight bookings: one."),
        ("Done: @ has a room.", "Done: you have a room."),
        ("Booking 1 for @: a room.", "Booking 1: a room."),
        ("@, a customer since May, is here.", "Ana Lim, a customer since May, is here."),
    ],
)
def test_english_says_you_where_the_sentence_bears_it(form: str, said: str) -> None:
    assert flat(addressed(told(form), SPEAKER, "en")) == said


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("@有3积分。", "你有3积分。"),
        ("已为@订好，@的订单号是1。", "已为你订好，你的订单号是1。"),
        ("订单1（@）：两晚。", "订单1（Ana Lim）：两晚。"),
    ],
)
def test_chinese_says_ni(form: str, said: str) -> None:
    assert flat(addressed(told(form), SPEAKER, "zh")) == said


def test_somebody_else_keeps_their_name() -> None:
    assert flat(addressed(told("@ has 3 points.", "Li Wei"), SPEAKER, "en")) == (
        "Li Wei has 3 points."
    )
    assert flat(addressed(told("@ has 3 points."), None, "en")) == "Ana Lim has 3 points."


def test_a_thing_is_called_as_the_user_called_it() -> None:
    def span(text: str, kind: str) -> Span:
        return Span(text, Mark(SPEAKER, "/x", "term", "hallway", kind))

    asked = [span("玄关", "home.room"), Span("现在几度？")]
    said = [span("走廊", "home.room"), Span("现在21度。")]
    assert flat(called_alike([asked], said)) == "玄关现在21度。"
    state = [span("开着", "device.state")]
    assert flat(called_alike([[span("打开", "device.state")]], state)) == "开着"

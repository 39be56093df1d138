"""Answers to somebody who said who they are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from callwright.generators.planning import Node, Said, SignedIn
from callwright.generators.wording.address import addressed, called_alike, own_name
from callwright.generators.wording.text import Mark, Span, Text, flat

NAME = "Ana Lim"
SPEAKER = cast(Node, SimpleNamespace(result=SimpleNamespace(value={"name": NAME})))


def told(form: str, name: str = NAME) -> Text:
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
    assert flat(addressed(told(form), NAME, "en")) == said


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("@有3积分。", "你有3积分。"),
        ("已为@订好，@的订单号是1。", "已为你订好，你的订单号是1。"),
        ("订单1（@）：两晚。", "订单1（Ana Lim）：两晚。"),
    ],
)
def test_chinese_says_ni(form: str, said: str) -> None:
    assert flat(addressed(told(form), NAME, "zh")) == said


def test_somebody_else_keeps_their_name() -> None:
    assert flat(addressed(told("@ has 3 points.", "Li Wei"), NAME, "en")) == (
        "Li Wei has 3 points."
    )
    assert flat(addressed(told("@ has 3 points."), None, "en")) == "Ana Lim has 3 points."


def call(arguments: dict[str, Any], **result: str) -> Node:
    node = Node(cast(Any, None), arguments, values=dict.fromkeys(arguments, ""))
    node.result = cast(Any, SimpleNamespace(value=result))
    return node


def test_who_is_signed_in_is_known_by_the_results_about_them() -> None:
    me = SignedIn("travel.traveller_id")
    said = Said(cast(Any, None))
    profile = call({"traveller_id": me}, name=NAME)
    flights = call({"traveller_id": me, "status": said}, traveller_name=NAME)
    product = call({"customer_id": me, "product_id": said}, name="a tent")
    other = call({"traveller_id": said}, name="Li Wei")
    assert [own_name(None, [node]) for node in (profile, flights, product, other)] == [
        NAME, NAME, None, None
    ]  # fmt: skip
    assert own_name(other, [profile]) == "Li Wei"


def test_a_thing_is_called_as_the_user_called_it() -> None:
    def span(text: str, kind: str) -> Span:
        return Span(text, Mark(SPEAKER, "/x", "term", "hallway", kind))

    asked = [span("玄关", "home.room"), Span("现在几度？")]
    said = [span("走廊", "home.room"), Span("现在21度。")]
    assert flat(called_alike([asked], said)) == "玄关现在21度。"
    state = [span("开着", "device.state")]
    assert flat(called_alike([[span("打开", "device.state")]], state)) == "开着"

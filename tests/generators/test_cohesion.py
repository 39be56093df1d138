"""Statements of one answer, said one after the other."""

from __future__ import annotations

from typing import Any, cast

import pytest

from callwright.generators.planning import Node
from callwright.generators.wording.cohesion import cohesive
from callwright.generators.wording.text import Mark, Span, Text, flat

NODE = cast(Node, None)


def text(*parts: str | tuple[Any, str] | tuple[Any, str, str]) -> Text:
    """Plain words, and (value, kind[, name]) for what is stated."""
    return [
        Span(part)
        if isinstance(part, str)
        else Span(str(part[0]), Mark(NODE, *part[2:] or ("/x",), form(part[1]), part[0], part[1]))
        for part in parts
    ]


def form(kind: str) -> str:
    return "date.long" if kind.startswith("date.") else "verbatim"


BORN = text("The publisher is ", ("Domblick", "company.name"), ".")


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (
            [BORN, text(("Domblick", "company.name"), " has its office in Cologne.")],
            "The publisher is Domblick, which has its office in Cologne.",
        ),
        (
            [
                text("The cart comes to ", (684, "money"), " ", ("KRW", "currency.code"), "."),
                text((684, "money"), " ", ("KRW", "currency.code"), " comes to 81 JPY."),
            ],
            "The cart comes to 684 KRW, which comes to 81 JPY.",
        ),
        (
            [text("It's by ", ("Ana", "library.author"), "."), text(("Ana", ""), "'s room is 4.")],
            "It's by Ana. Ana's room is 4.",
        ),
        (
            [
                text("It's by ", ("Ana", "library.author"), "."),
                text(("Ana", "library.author"), "'s room is 4."),
            ],
            "It's by Ana, whose room is 4.",
        ),
        (
            [
                text("It boils at ", (184.1, "temperature"), " °C."),
                text((184.1, "temperature"), " °C comes to 457 K."),
            ],
            "It boils at 184.1 °C, which comes to 457 K.",
        ),
        (
            [
                text("The ", ("plan", "file.name"), " is small."),
                text("The ", ("plan", "file.name"), " can be opened by 5."),
            ],
            "The plan is small. It can be opened by 5.",
        ),
        (
            [
                text(("Ana", "customer.name"), " has 3 points."),
                text(("Ana", "customer.name"), " has a full cart."),
            ],
            "Ana has 3 points. Ana has a full cart.",
        ),
        (
            [BORN, text(("Other", "company.name"), " has its office in Cologne.")],
            "The publisher is Domblick. Other has its office in Cologne.",
        ),
        (
            [
                text("The ", ("lamp", "device.name"), " is on."),
                text("I've switched the ", ("lamp", "device.name"), " off."),
            ],
            "The lamp is on. I've switched it off.",
        ),
        (
            [
                text("The ", ("plan", "file.name"), " is small."),
                text("I've put it into the ", ("plan", "file.name"), " folder."),
            ],
            "The plan is small. I've put it into the plan folder.",
        ),
        (
            [
                text(("Ana", "customer.name"), " is new."),
                text("I've told ", ("Ana", "customer.name"), " so."),
            ],
            "Ana is new. I've told Ana so.",
        ),
        (
            [
                text("Its ISBN is ", ("97869", "book.isbn"), "."),
                text("The old form of ", ("97869", "book.isbn"), " is 69."),
            ],
            "Its ISBN is 97869. Its old form is 69.",
        ),
        (
            [
                text("It costs ", (90, "money.total"), " ", ("TRY", "currency.code"), "."),
                text("Split between 3, ", (90, ""), " ", ("TRY", ""), " comes to 30 TRY."),
            ],
            "It costs 90 TRY. Split between 3, that comes to 30 TRY.",
        ),
        (
            [text("It's lost."), text("Done: the card is blocked.")],
            "It's lost. The card is blocked.",
        ),
        (
            [
                text("It's ", ("HD-7", "ticket.id", "/tickets/0/ticket_id"), ", from Ana."),
                text(("HD-7", "ticket.id"), " is pending."),
            ],
            "It's HD-7, from Ana. It is pending.",
        ),
        (
            [
                text("The order is ", ("SO-1", "order.id"), "."),
                text("The total of ", ("SO-1", "order.id"), " is 9."),
                text("The weight of ", ("SO-1", "order.id"), " is 2."),
            ],
            "The order is SO-1. Its total is 9. Its weight is 2.",
        ),
        (
            [
                text("It's the ", ("review", "event.title"), " of ", ("3 May", "date.due"), "."),
                text("Two are due on ", ("3 May", "date.due"), " instead of 4 May."),
            ],
            "It's the review of 3 May. Two are due that day instead of 4 May.",
        ),
        (
            [
                text("It's due (", ("3 May", "date.due"), ")."),
                text(("3 May", "date.due"), " is a Sunday."),
            ],
            "It's due (3 May). That day is a Sunday.",
        ),
        (
            [
                text("It lies in ", ("Oslo", "city.name"), ", Norway."),
                text("In ", ("Oslo", "city.name"), " you could stay at the Inn."),
            ],
            "It lies in Oslo, Norway. There you could stay at the Inn.",
        ),
        (
            [
                text("You fly to ", ("Oslo", "city.name"), " today."),
                text("The ", ("Inn", "hotel.name"), " in ", ("Oslo", "city.name"), " has rooms."),
            ],
            "You fly to Oslo today. The Inn in Oslo has rooms.",
        ),
        (
            [
                text("The two are ", (10, "distance.km"), " km apart."),
                text((10, "distance.km"), " km comes to 5.4 miles."),
            ],
            "The two are 10 km apart. That comes to 5.4 miles.",
        ),
        (
            [
                text(
                    "It's the Inn, ", (161, "money.rate"), " ", ("EUR", "currency.code"), " each."
                ),
                text((161, "money.rate"), " ", ("EUR", "currency.code"), " makes 28,284 JPY."),
            ],
            "It's the Inn, 161 EUR each. That makes 28,284 JPY.",
        ),
        (
            [
                text("Her address is ", ("a@example.com", "person.email"), "."),
                text("I've added “", ("a@example.com", "note.text"), "” to the note."),
            ],
            "Her address is a@example.com. I've added it to the note.",
        ),
        (
            [
                text("Her address is ", ("a@example.com", "person.email"), "."),
                text("The note now ends with “", ("a@example.com", "note.text"), "”."),
            ],
            "Her address is a@example.com. The note now ends with “a@example.com”.",
        ),
        (
            [
                text("Her number is ", ("+494066", "phone.desk"), "."),
                text("From Norway, dial 00 49 to reach ", ("+494066", "phone.e164"), "."),
            ],
            "Her number is +494066. From Norway, dial 00 49.",
        ),
        (
            [
                text("Ana changed the ", ("plan", "file.name"), "."),
                text("2 people have access to the ", ("plan", "file.name"), ": Bo and Cy."),
            ],
            "Ana changed the plan. 2 people have access to it: Bo and Cy.",
        ),
        (
            [
                text("Leeds is in ", "the ", ("United Kingdom", "country.name"), "."),
                text("Next in the ", ("United Kingdom", "country.name"), " is Good Friday."),
            ],
            "Leeds is in the United Kingdom. Next in the United Kingdom is Good Friday.",
        ),
        (
            [
                text("Her number is ", ("+494066", "phone.desk"), "."),
                text("To reach ", ("+494066", "phone.e164"), " from Norway, dial 00 49."),
            ],
            "Her number is +494066. From Norway, dial 00 49.",
        ),
    ],
)
def test_what_the_sentence_before_names_is_taken_up(statements: list[Text], said: str) -> None:
    assert flat(cohesive(statements, "en")) == said


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (
            [text("社是", ("明远", "company.name"), "。"), text(("明远", ""), "的总部在北京。")],
            "社是明远，总部在北京。",
        ),
        (
            [text("东京位于", ("日本", "country.name"), "。"), text(("日本", ""), "用的是日元。")],
            "东京位于日本，那里用的是日元。",
        ),
        (
            [
                text("送达日期是", ("2027-03-02", "date.day"), "。"),
                text(("2027-03-02", "date.day"), "那天是星期二。"),
            ],
            "送达日期是2027-03-02，那天是星期二。",
        ),
        (
            [text(("宋佳怡", ""), "有3积分。"), text(("宋佳怡", ""), "的购物车是空的。")],
            "宋佳怡有3积分，购物车是空的。",
        ),
        (
            [text("体重是", (65.3, ""), "公斤。"), text((65.3, ""), "公斤、172厘米，正常。")],
            "体重是65.3公斤。65.3公斤、172厘米，正常。",
        ),
        (
            [text(("旧金山", ""), "到大阪要飞11小时。"), text(("旧金山", ""), "飞大阪有9千公里。")],
            "旧金山到大阪要飞11小时。旧金山飞大阪有9千公里。",
        ),
        (
            [text(("HD-1", ""), "已解决。"), text(("HD-1", ""), "里有7条消息。")],
            "HD-1已解决。HD-1里有7条消息。",
        ),
        (
            [
                text(("例会", ""), "有", ("A", "", "/rooms/0/name"), "。"),
                text(("例会", ""), "没人拒绝。"),
            ],
            "例会有A。例会没人拒绝。",
        ),
        (
            [
                text("邮箱是", ("a@b.cn", ""), "。"),
                text("已在笔记末尾加上“", ("a@b.cn", ""), "”。"),
            ],
            "邮箱是a@b.cn。已在笔记末尾加上了。",
        ),
        (
            [text("邮箱是", ("a@b.cn", ""), "。"), text("“", ("a@b.cn", ""), "”已写进笔记。")],
            "邮箱是a@b.cn。已写进笔记。",
        ),
        (
            [
                text("电话是", ("+494066", "phone.desk"), "。"),
                text("从挪威打", ("+494066", "phone.e164"), "，拨00 49就行。"),
            ],
            "电话是+494066。从挪威打过去，拨00 49就行。",
        ),
    ],
)
def test_chinese_leaves_out_what_the_sentence_before_names(
    statements: list[Text], said: str
) -> None:
    assert flat(cohesive(statements, "zh")) == said


def test_a_sentence_is_lengthened_only_once() -> None:
    place = text(("Cologne", "city.name"), " is in Germany.")
    office = text(("Domblick", "company.name"), " has its office in ", ("Cologne", "city"), ".")
    assert flat(cohesive([BORN, office, place], "en")) == (
        "The publisher is Domblick, which has its office in Cologne. Cologne is in Germany."
    )

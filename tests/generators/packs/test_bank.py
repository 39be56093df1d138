"""The bank: its worlds add up, its tools change what they say, it refuses with a way out."""

from __future__ import annotations

import datetime
import json
import random
import sqlite3
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from callwright.generators.execution import PackToolbox
from callwright.generators.pack import World
from callwright.generators.packs.bank import tables
from callwright.generators.packs.bank.tools import pack
from callwright.generators.packs.bank.year import MOST_VISITS
from callwright.generators.packs.money.tables import rates
from callwright.generators.wording.lexicon import lexicon, parse_form, read_yaml
from callwright.schemas.record import Language
from callwright.schemas.surface import terms

from .fields import field_schema
from .worlds import Worlds

NOW = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.UTC)
WORLDS = Worlds(pack, NOW)
world_of, call, refusal = WORLDS.world, WORLDS.call, WORLDS.refusal
sampled, rows, state = WORLDS.sampled, WORLDS.rows, WORLDS.state
TODAY = NOW.date()
FOLDER = Path(tables.__file__).parent


@pytest.fixture
def world() -> World:
    return world_of(7)


def one(world: World, query: str, *values: Any) -> Any:
    return rows(world, query, *values)[0][0]


def account(world: World, name: str) -> str:
    found: str = call(world, "find_account", name=name)["account_id"]
    return found


# ------------------------------------------------------------------------------ worlds


@pytest.mark.parametrize("seed", range(8))
def test_a_world_is_small_whole_and_linked(seed: int) -> None:
    world = world_of(seed)
    assert len(world.db("bank").serialize()) < 130_000
    assert WORLDS.tables_without_key(world) == []
    counts = WORLDS.counts(world)
    assert counts.pop("disputes") == 0
    assert all(counts.values())
    assert sum(counts.values()) > 400


@pytest.mark.parametrize("seed", range(6))
def test_statements_follow_from_the_transactions_and_lead_to_todays_balance(seed: int) -> None:
    world = world_of(seed)
    for account_id, balance in rows(world, "SELECT account_id, balance FROM accounts"):
        closing: float | None = None
        for month, opening, came, went, ending in rows(
            world,
            "SELECT month, opening_balance, money_in, money_out, closing_balance FROM statements"
            " WHERE account_id = ? ORDER BY month",
            account_id,
        ):
            sums = dict(
                rows(
                    world,
                    "SELECT direction, sum(amount) FROM transactions WHERE account_id = ?"
                    " AND booked_at LIKE ? GROUP BY direction",
                    account_id,
                    f"{month}%",
                )
            )
            assert came == pytest.approx(sums.get("in", 0))
            assert went == pytest.approx(sums.get("out", 0))
            assert opening + came - went == pytest.approx(ending)
            assert closing is None or opening == pytest.approx(closing)
            assert opening >= 0
            closing = ending
        since = "SELECT sum(CASE direction WHEN 'in' THEN amount ELSE -amount END)"
        this_month = one(
            world,
            since + " FROM transactions WHERE account_id = ? AND booked_at >= ?",
            account_id,
            f"{NOW:%Y-%m}",
        )
        assert closing is not None
        assert closing + (this_month or 0) == pytest.approx(balance)


@pytest.mark.parametrize("seed", range(8))
def test_what_people_single_out_is_there_to_be_singled_out(seed: int) -> None:
    world = world_of(seed)
    for (name,) in rows(world, "SELECT name FROM merchants"):
        found = call(world, "search_transactions", merchant=name)
        assert 1 <= found["total_count"] <= MOST_VISITS
        assert found["next_page"] is None
        hits = found["transactions"]
        assert len({hit["amount"] for hit in hits}) == len(hits)
        assert [hit["booked_at"] for hit in hits] == sorted(
            (hit["booked_at"] for hit in hits), reverse=True
        )
    cards = call(world, "list_cards")["cards"]
    assert [card["type"] for card in cards].count("credit") == 1
    bills = call(world, "list_bills")
    assert bills["next_page"] is None
    assert len({bill["category"] for bill in bills["bills"]}) == bills["count"] == 7
    assert all(bill["issued_on"] <= TODAY.isoformat() for bill in bills["bills"])
    orders = call(world, "list_standing_orders")["standing_orders"]
    assert len({order["amount"] for order in orders}) == len(orders) == 8
    assert all(order["next_on"] > TODAY.isoformat() for order in orders)


def test_clients_live_where_money_and_places_are_known() -> None:
    cities = (FOLDER.parent / "geography" / "cities.csv").read_text("utf-8")
    for home in tables.HOMES:
        assert home.currency in rates()
        assert terms.names_of(home.currency, "currency.home", "zh")
        for city in home.cities:
            assert f"\n{city},{home.country}," in cities


def test_everybody_on_a_statement_has_a_chinese_name_or_a_foreign_one() -> None:
    known = [m.name for m in tables.MERCHANTS] + [*tables.FIRMS]
    known += [name for names, *_ in tables.BILLERS.values() for name in names]
    for name in known:
        (chinese,) = terms.names_of(name, "merchant.name", "zh")
        assert terms.parse(chinese, "payee.name", "zh") == [name]
    for kind, values in {
        "account.name": {"Everyday", "Savings", *tables.ACCOUNTS},
        "bill.category": set(tables.BILLERS),
        "merchant.category": {merchant.category for merchant in tables.MERCHANTS},
    }.items():
        assert all(terms.names_of(value, kind, "zh") for value in values), kind


# ------------------------------------------------------------------------------ values


@pytest.mark.parametrize("kind", sorted(pack.values))
def test_samplers_are_deterministic_and_varied(world: World, kind: str) -> None:
    found = [sampled(world, kind, seed) for seed in range(60)]
    assert found == [sampled(world, kind, seed) for seed in range(60)]
    few = {"currency.home": 1, "card.id": 3, "bill.id": 5, "standing_order.id": 6}
    floor = few.get(kind, 6 if kind.startswith("account.") else 10)
    assert len(set(found)) >= floor


def test_what_people_call_things_is_found() -> None:
    for seed in range(40):
        world = world_of(seed % 6)
        call(world, "find_payee", name=sampled(world, "payee.name", seed))
        call(world, "find_account", name=sampled(world, "account.name", seed))
        shop = sampled(world, "merchant.name", seed, **{"account.name": "Everyday"})
        found = call(
            world, "search_transactions", merchant=shop, account_id=account(world, "Everyday")
        )
        assert found["count"]


def test_a_bill_is_shared_with_people_and_in_the_money_of_who_pays() -> None:
    toolbox = PackToolbox(["money", "bank"])
    for seed in range(4):
        session = toolbox.open(seed)
        rng, home = random.Random(seed), session.sample("currency.home", random.Random(1), {})
        friend = {
            "payee.name": one(session.world, "SELECT max(name) FROM payees WHERE type = 'person'")
        }
        assert session.sample("currency.code", rng, friend) == home
        firm = one(session.world, "SELECT max(name) FROM payees WHERE type = 'company'")
        with pytest.raises(LookupError, match="shares no bill"):
            session.sample("money.bill", rng, {"payee.name": firm})


def test_people_name_sums_that_their_account_has() -> None:
    for seed in range(30):
        world = world_of(seed % 5)
        name = sampled(world, "account.name", seed)
        amount = sampled(world, "money.moved", seed, **{"account.name": name})
        assert amount % 5 == 0
        to = next(other for other in ("Everyday", "Savings") if other != name)
        arguments = {"from_account_id": account(world, name), "to_account_id": account(world, to)}
        call(world, "move_money", **arguments, amount=amount)


# ------------------------------------------------------------------------------- reads


def test_reading_changes_nothing(world: World) -> None:
    before = state(world)
    account_id = account(world, sampled(world, "account.name").upper())
    call(world, "get_account", account_id=account_id)
    call(world, "list_cards", account_id=account_id)
    call(world, "list_bills", status="paid")
    call(world, "get_transaction", transaction_id=sampled(world, "transaction.id"))
    statements = call(world, "list_statements", account_id=account_id)["statements"]
    call(world, "get_statement", statement_id=statements[0]["statement_id"])
    assert state(world) == before


def walked(world: World, tool: str, path: str, **arguments: Any) -> Iterator[Any]:
    """Every item of a paged list."""
    page: int | None = 1
    while page is not None:
        found = call(world, tool, **arguments, page=page)
        assert found["count"] == len(found[path]) <= 8
        yield from found[path]
        page = found["next_page"]


def test_pages_hold_everything_once(world: World) -> None:
    everyday = account(world, "Everyday")
    query = "SELECT count(*) FROM transactions WHERE account_id = ?"
    ids = [
        hit["transaction_id"]
        for hit in walked(world, "search_transactions", "transactions", account_id=everyday)
    ]
    assert len(set(ids)) == len(ids) == one(world, query, everyday) > 100
    assert len(list(walked(world, "list_statements", "statements", account_id=everyday))) == 12
    paid = list(walked(world, "list_bills", "bills", status="paid"))
    assert len(paid) == one(world, "SELECT count(*) FROM bills WHERE paid_on IS NOT NULL")
    assert "the last one is" in refusal(world, "list_bills", page=90).message


def test_long_results_are_long_and_stay_readable(world: World) -> None:
    everyday = account(world, "Everyday")
    statement = call(world, "list_statements", account_id=everyday)["statements"][0]
    for result in (
        call(world, "search_transactions", account_id=everyday),
        call(world, "get_statement", statement_id=statement["statement_id"]),
        call(world, "list_standing_orders"),
    ):
        assert 2_000 < len(json.dumps(result)) < 10_000


def test_a_first_name_finds_the_one_payee_who_has_it() -> None:
    world = world_of(2)
    names = [name for (name,) in rows(world, "SELECT name FROM payees WHERE type = 'person'")]
    words = [word for name in names for word in name.split()]
    single = next(name for name in names if words.count(name.split()[0]) == 1)
    assert call(world, "find_payee", name=single.split()[0].upper())["name"] == single
    other = next(name for name in names if name != single)
    shared = f"{single.split()[0]} {other.split()[-1]}x"
    world.db("bank").execute("UPDATE payees SET name = ? WHERE name = ?", (shared, other))
    both = refusal(world, "find_payee", name=single.split()[0])
    assert both.kind == "refused"
    assert set(both.suggestions) == {single, shared}


def test_a_misspelt_name_brings_the_right_one(world: World) -> None:
    for tool, parameter, kind in (
        ("find_account", "name", "account.name"),
        ("find_payee", "name", "payee.name"),
        ("search_transactions", "merchant", "merchant.name"),
    ):
        right = sampled(world, kind)
        error = refusal(world, tool, **{parameter: right + "q"})
        assert error.kind == "not_found"
        assert right in error.suggestions


# ------------------------------------------------------------------------------ writes


def test_money_moved_leaves_one_account_and_reaches_the_other(world: World) -> None:
    source, target = account(world, "Everyday"), account(world, "Savings")
    before = [call(world, "get_account", account_id=a)["balance"] for a in (source, target)]
    moved = call(world, "move_money", from_account_id=source, to_account_id=target, amount=125.5)
    after = [call(world, "get_account", account_id=a)["balance"] for a in (source, target)]
    assert [moved["from_balance"], moved["to_balance"]] == after
    assert after == pytest.approx([before[0] - 125.5, before[1] + 125.5])
    newest = call(world, "search_transactions", account_id=source)["transactions"][0]
    assert (newest["amount"], newest["counterparty_name"]) == (125.5, "Savings")


def test_a_transfer_in_foreign_money_costs_what_it_is_worth(world: World) -> None:
    home = call(world, "get_account", account_id=account(world, "Everyday"))["currency"]
    foreign = next(code for code in ("USD", "EUR") if code != home)
    payee = call(world, "find_payee", name=sampled(world, "payee.name"))
    sent = call(world, "transfer_money", payee_id=payee["payee_id"], amount=50, currency=foreign)
    worth = 50 * rates()[home] / rates()[foreign]
    assert sent["debited_amount"] == pytest.approx(worth, abs=0.01)
    assert (sent["payee_name"], sent["account_name"]) == (payee["name"], "Everyday")


def test_a_paid_bill_is_no_longer_open(world: World) -> None:
    bill = call(world, "list_bills")["bills"][0]
    paid = call(world, "pay_bill", bill_id=bill["bill_id"])
    assert paid["amount"] == bill["amount"]
    assert bill["bill_id"] not in {b["bill_id"] for b in call(world, "list_bills")["bills"]}
    assert call(world, "list_bills", status="paid")["total_count"] > 1
    again = refusal(world, "pay_bill", bill_id=bill["bill_id"])
    assert (again.kind, TODAY.isoformat() in again.message) == ("refused", True)


def test_the_card_of_a_payment_can_be_frozen_and_the_payment_disputed(world: World) -> None:
    payment = call(world, "get_transaction", transaction_id=sampled(world, "transaction.id"))
    if one(world, "SELECT status FROM cards WHERE card_id = ?", payment["card_id"]) == "active":
        call(world, "freeze_card", card_id=payment["card_id"])
    assert refusal(world, "freeze_card", card_id=payment["card_id"]).kind == "refused"
    wanted = {"transaction_id": payment["transaction_id"], "reason": "charged_twice"}
    assert call(world, "dispute_payment", **wanted)["amount"] == payment["amount"]
    seen = call(world, "get_transaction", transaction_id=payment["transaction_id"])
    assert seen["disputed_for"] == "charged_twice"
    assert "already" in refusal(world, "dispute_payment", **wanted).message


def test_a_cancelled_standing_order_is_gone_from_the_list(world: World) -> None:
    first = call(world, "list_standing_orders")["standing_orders"][0]
    wanted = {"standing_order_id": first["standing_order_id"]}
    assert call(world, "cancel_standing_order", **wanted)["payee_name"] == first["payee_name"]
    assert first not in call(world, "list_standing_orders")["standing_orders"]
    assert call(world, "list_standing_orders", payee_id=first["payee_id"])["count"] == 0
    assert refusal(world, "cancel_standing_order", **wanted).kind == "refused"


def refusals(world: World) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(kind of failure, tool, arguments) of calls that the bank turns down."""
    everyday = account(world, "Everyday")
    payee_id = sampled(world, "payee.id")
    currency = sampled(world, "currency.home")
    old = one(world, "SELECT min(transaction_id) FROM transactions WHERE card_id IS NOT NULL")
    transfer = one(world, "SELECT max(transaction_id) FROM transactions WHERE card_id IS NULL")
    money = {"payee_id": payee_id, "currency": currency}
    pair = {"from_account_id": everyday, "to_account_id": account(world, "Savings")}
    yield "refused", "transfer_money", {**money, "amount": 10**7}
    yield "not_found", "transfer_money", {**money, "amount": 5, "account_id": "AC-0"}
    wrong = {**money, "amount": 5, "currency": "XYZ"}
    yield "invalid_arguments", "transfer_money", wrong
    yield "refused", "move_money", {**pair, "amount": 10**7}
    yield "refused", "move_money", {**pair, "to_account_id": everyday, "amount": 5}
    yield "refused", "dispute_payment", {"transaction_id": old, "reason": "wrong_amount"}
    yield "refused", "dispute_payment", {"transaction_id": transfer, "reason": "wrong_amount"}
    yield "refused", "list_standing_orders", {"account_id": account(world, "Savings")}
    yield "not_found", "get_statement", {"statement_id": "SM-1"}
    yield "not_found", "freeze_card", {"card_id": "CD-1"}
    yield "not_found", "search_transactions", {"merchant": "Nobody Atall"}


def test_refusals_say_why_and_leave_the_bank_as_it_was(world: World) -> None:
    for kind, tool, arguments in list(refusals(world)):
        before = state(world)
        error = refusal(world, tool, **arguments)
        assert error.kind == kind, (tool, arguments)
        assert state(world) == before


def test_what_would_have_been_taken_is_taken(world: World) -> None:
    everyday, savings = account(world, "Everyday"), account(world, "Savings")
    pair = {"from_account_id": savings, "to_account_id": everyday}
    (available,) = refusal(world, "move_money", **pair, amount=10**7).suggestions
    call(world, "move_money", **pair, amount=available)
    assert call(world, "get_account", account_id=savings)["available_balance"] == 0
    currency = sampled(world, "currency.home")
    money = {"payee_id": sampled(world, "payee.id"), "currency": currency}
    (limit,) = refusal(world, "transfer_money", **money, amount=10**7).suggestions
    call(world, "transfer_money", **money, amount=limit)
    payers = refusal(world, "list_standing_orders", account_id=savings).suggestions
    for name in payers:
        assert call(world, "list_standing_orders", account_id=account(world, str(name)))["count"]


def test_a_snapshot_brings_everything_back(world: World) -> None:
    db: sqlite3.Connection = world.db("bank")
    before, image = state(world), db.serialize()
    bill_id = sampled(world, "bill.id")
    first = call(world, "pay_bill", bill_id=bill_id)
    db.deserialize(image)
    assert state(world) == before
    assert call(world, "pay_bill", bill_id=bill_id) == first


# ---------------------------------------------------------------------------- dialogue


def slots(texts: list[Any]) -> set[str]:
    return set(chain.from_iterable(parse_form(_said(text)).offers for text in texts))


def _said(text: Any) -> str:
    return text if isinstance(text, str) else text["say"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_dialogues_name_parameters_and_fields_that_exist(language: str) -> None:
    talk = read_yaml(FOLDER / f"dialogue_{language}.yaml")
    writes = {name for name, f in pack.functions.items() if f.tool.effect == "write"}
    assert writes <= {name for name, told in talk.items() if "confirm" in told}
    assert sum("missing" in told for told in talk.values()) >= 4
    assert sum("when" in told for told in talk.values()) >= 3
    for name, told in talk.items():
        tool = pack.functions[name].tool
        parameters = set(tool.parameters["properties"])
        for parameter, words in told.get("missing", {}).items():
            assert len(words["request"]) >= 3
            assert len(words["question"]) >= 2
            assert slots(words["request"]) <= parameters - {parameter}
            assert slots(words["reply"]) == {parameter}
        if "confirm" in told:
            assert len(told["confirm"]) >= 3
            assert slots(told["confirm"]) <= parameters
            assert len(told["declined"]) >= 2
        for when in told.get("when", ()):
            assert field_schema(tool, when["field"])
            assert set(when["then"]) <= set(pack.functions)
            assert slots(when["if"]) <= {"limit"}
            assert all(field_schema(tool, slot) for slot in slots(when["else"]))
        for parameter, wish in told.get("otherwise", {}).items():
            assert slots(wish["say"]) == {parameter}


def test_both_languages_hold_the_same_dialogues() -> None:
    english, chinese = (read_yaml(FOLDER / f"dialogue_{name}.yaml") for name in ("en", "zh"))
    assert english.keys() == chinese.keys()
    for name, told in english.items():
        assert told.keys() == chinese[name].keys()
        assert told.get("missing", {}).keys() == chinese[name].get("missing", {}).keys()
        tests = [
            [
                {k: v for k, v in when.items() if k not in ("if", "else")}
                for when in t.get("when", ())
            ]
            for t in (told, chinese[name])
        ]
        assert tests[0] == tests[1]


def test_a_lookup_of_ones_own_account_is_left_unsaid() -> None:
    language: Language
    for language in ("en", "zh"):
        words = lexicon(language, ("bank",)).tools
        assert words["find_account"].elide["account_id"]
        assert words["find_payee"].elide["payee_id"]

"""The pack money: conversions, taxes, bills, loans, costs."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from callwright.generators.pack import World
from callwright.generators.packs import load_pack
from callwright.generators.packs.money.tables import country_name, rates, vat_rates
from callwright.generators.packs.money.values import SIZES
from callwright.schemas.errors import ToolError
from callwright.schemas.toolbox import Json
from callwright.schemas.validation import is_valid

PACK = load_pack("money")
WORLD = World(1, datetime(2026, 5, 4, tzinfo=UTC))


def run(name: str, **arguments: Any) -> Any:
    """The result of a tool, checked against its schemas."""
    tool = PACK.functions[name].tool
    assert is_valid(tool.parameters, arguments)
    result = PACK.functions[name].run(**arguments)
    assert is_valid(tool.returns, result), result
    return result


def test_rates_are_the_ecb_reference_rates_and_fixed_parities() -> None:
    assert rates()["USD"] == 1.1172
    assert rates()["AED"] / rates()["USD"] == pytest.approx(3.6725, rel=1e-5)
    assert rates()["XOF"] == 655.957
    assert len(rates()) >= 40


def test_a_conversion_there_and_back_gives_the_amount_again() -> None:
    there = run("convert_currency", amount=1000, from_currency="EUR", to_currency="USD")
    assert there["converted_amount"] == 1117.20
    assert there["rates_date"] == "2026-10-30"
    back = run(
        "convert_currency",
        amount=there["converted_amount"],
        from_currency="USD",
        to_currency="EUR",
    )
    assert back["converted_amount"] == 1000


def test_yen_have_no_decimals_and_francs_have_two() -> None:
    yen = run("convert_currency", amount=24.95, from_currency="CHF", to_currency="JPY")
    assert isinstance(yen["converted_amount"], int)
    assert run("currency_details", currency="JPY")["decimals"] == 0
    assert run("currency_details", currency="CHF")["decimals"] == 2


def test_small_units_are_quoted_by_the_hundred_or_ten_thousand() -> None:
    rupiah = run("exchange_rate", base="IDR", quote="USD")
    assert rupiah["rate_per"] == 10_000
    assert rupiah["rate"] == pytest.approx(10_000 * 1.1172 / 20275.17, rel=1e-5)
    assert run("exchange_rate", base="USD", quote="EUR")["rate_per"] == 1


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({"amount": 1, "from_currency": "EUR", "to_currency": "EUR"}, "invalid_arguments"),
        ({"amount": 1, "from_currency": "EUR", "to_currency": "VND"}, "not_found"),
    ],
)
def test_a_conversion_that_makes_no_sense_fails_with_a_reason(
    arguments: Mapping[str, Json], kind: str
) -> None:
    with pytest.raises(ToolError) as caught:
        PACK.functions["convert_currency"].run(**arguments)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("country", "percent"),
    [("DE", 19), ("FR", 20), ("HU", 27), ("CH", 8.1), ("JP", 10), ("NO", 25), ("EE", 24)],
)
def test_vat_rates_are_the_published_ones(country: str, percent: float) -> None:
    assert run("vat_rate", country=country)["standard_vat_percent"] == percent


def test_every_country_of_the_vat_table_has_a_name() -> None:
    assert all(country_name(country) for country in vat_rates())


def test_a_country_without_vat_is_said_to_have_none() -> None:
    with pytest.raises(ToolError, match="United States"):
        PACK.functions["vat_rate"].run(country="US")


def test_adding_and_removing_vat_are_inverse() -> None:
    gross = run("add_vat", net_amount=100, currency="EUR", vat_percent=19)
    assert (gross["gross_amount"], gross["vat_amount"]) == (119, 19)
    net = run("remove_vat", gross_amount=119, currency="EUR", vat_percent=19)
    assert (net["net_amount"], net["vat_amount"]) == (100, 19)


def test_a_bill_of_84_with_a_quarter_tip_makes_35_each_for_three() -> None:
    split = run("split_bill", bill=84, currency="USD", people=3, tip_percent=25)
    assert (split["tip_amount"], split["total_amount"], split["per_person"]) == (21, 105, 35)
    assert run("split_bill", bill=84, currency="USD", people=3)["per_person"] == 28


def test_a_cost_is_shared_equally_and_never_among_nobody() -> None:
    assert run("share_cost", amount=84, currency="USD", people=3)["per_person"] == 28
    with pytest.raises(ToolError):
        run("share_cost", amount=84, currency="USD", people=0)


def test_a_second_amount_is_worth_about_as_much_as_the_first() -> None:
    for seed in range(200):
        rng = random.Random(seed)
        context: dict[str, Json] = {"money.amount": 120.0, "currency.code": "EUR"}
        second = PACK.values["money.other_amount"].sample(WORLD, rng, context)
        context["money.other_amount"] = second
        code = PACK.values["currency.code"].sample(WORLD, rng, context)
        assert code != "EUR"
        assert 60 < second / rates()[code] < 220


def test_a_discount_and_a_card_fee_change_the_price_by_their_percentage() -> None:
    assert run("apply_discount", price=80, currency="EUR", discount_percent=15)["final_price"] == 68
    charged = run("card_charge", amount=200, currency="EUR", fee_percent=1.75)
    assert charged["charged_amount"] == 203.50


def test_amounts_in_two_currencies_are_added_and_compared_in_the_first() -> None:
    arguments = {"first_currency": "EUR", "second": 111.72, "second_currency": "USD"}
    assert run("add_amounts", first=50, **arguments)["total"] == 150
    comparison = run("compare_amounts", first=50, **arguments)
    assert (comparison["cheaper"], comparison["difference"]) == ("first", 50)
    assert run("compare_amounts", first=100, **arguments)["cheaper"] is None


@pytest.mark.parametrize(("percent", "years"), [(3.5, 30), (7.25, 4), (0, 5)])
def test_equal_payments_pay_a_loan_off_to_the_last_cent(percent: float, years: int) -> None:
    loan = run(
        "loan_payment", principal=200_000, currency="EUR", annual_rate_percent=percent, years=years
    )
    owed = 200_000.0
    for _ in range(years * 12):
        owed += owed * percent / 1200 - loan["monthly_payment"]
    assert owed == pytest.approx(0, abs=5)  # half a cent a month, with interest
    assert loan["total_paid"] - loan["total_interest"] == pytest.approx(200_000, abs=0.01)


def test_savings_grow_with_compound_interest() -> None:
    grown = run("savings_growth", deposit=1000, currency="EUR", annual_rate_percent=5, years=2)
    assert (grown["final_balance"], grown["interest_earned"]) == (1102.50, 102.50)


def test_down_payment_and_remainder_make_up_the_price() -> None:
    paid = run("down_payment", price=300_000, currency="EUR", deposit_percent=12.5)
    assert (paid["deposit"], paid["remaining"]) == (37_500, 262_500)


def test_pay_and_savings_are_spread_evenly() -> None:
    pay = run("pay_breakdown", annual_salary=41_600, currency="USD", hours_per_week=40)
    assert (pay["hourly"], pay["weekly"]) == (20, 800)
    saving = run("monthly_saving", goal=900, currency="EUR", months=12)
    assert saving["per_month"] == 75


def test_costs_are_quantity_times_price() -> None:
    assert run("fuel_cost", litres=40, price_per_litre=1.8, currency="EUR")["fuel_cost"] == 72
    kwh = run("electricity_cost", energy_kwh=50, price_per_kwh=0.32, currency="EUR")
    assert kwh["electricity_cost"] == 16
    assert run("postage_cost", mass_kg=2.5, price_per_kg=8, currency="EUR")["postage"] == 20
    floor = run("flooring_cost", area_m2=20, price_per_m2=29.95, currency="EUR")
    assert floor["flooring_cost"] == 599
    assert run("offset_cost", co2_kg=500, price_per_tonne=40, currency="EUR")["offset_cost"] == 20


def test_amounts_suit_the_currency_they_are_said_in() -> None:
    for seed in range(300):
        rng = random.Random(seed)
        for kind, (low, high) in SIZES.items():
            amount = PACK.values[kind].sample(WORLD, rng, {})
            currency = PACK.values["currency.code"].sample(WORLD, rng, {kind: amount})
            assert low * 0.5 <= amount / rates()[currency] <= high * 1.6, (kind, amount, currency)


def test_values_follow_from_the_random_numbers_alone() -> None:
    for values in PACK.values.values():
        one, other = (values.sample(WORLD, random.Random(9), {}) for _ in range(2))
        assert one == other

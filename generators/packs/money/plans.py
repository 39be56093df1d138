"""Money over time: saving up, savings that grow, loans, and pay."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import TypedDict

from callwright.generators.pack import Kind
from callwright.generators.packs.money.tables import money, tidy
from callwright.schemas.errors import ToolError

Code = Annotated[str, Kind("currency.code")]


WORTH_SAVING = ("money.deposit",)


class MonthlySaving(TypedDict):
    goal: Annotated[float, Kind("money.stated")]
    months: int
    per_month: Annotated[float, Kind("money.monthly")]
    currency: Code


def monthly_saving(
    goal: Annotated[float, Kind("money.goal", accepts=WORTH_SAVING)],
    currency: Annotated[str, Kind("currency.code", along="goal")],
    months: Annotated[int, Kind("count.months")],
) -> MonthlySaving:
    """Work out how much to put aside each month to have an amount in so many months.

    Interest is not counted.

    Args:
        goal: Amount to be saved.
        currency: ISO 4217 code of the amount's currency.
        months: Number of months, at least one.
    """
    if months < 1:
        raise ToolError("invalid_arguments", "Saving takes at least one month.")
    return {
        "goal": goal,
        "months": months,
        "per_month": money(goal / months, currency),
        "currency": currency,
    }


class SavingsGrowth(TypedDict):
    deposit: Annotated[float, Kind("money.stated")]
    annual_rate_percent: float
    years: int
    final_balance: Annotated[float, Kind("money.balance")]
    interest_earned: Annotated[float, Kind("money.stated")]
    currency: Code


def savings_growth(
    deposit: Annotated[float, Kind("money.savings")],
    currency: Annotated[str, Kind("currency.code", along="deposit")],
    annual_rate_percent: Annotated[float, Kind("percent.savings")],
    years: Annotated[int, Kind("count.saving_years")],
) -> SavingsGrowth:
    """Work out what a deposit grows to when interest is added to it once a year.

    Args:
        deposit: Amount paid in at the start.
        currency: ISO 4217 code of the deposit's currency.
        annual_rate_percent: Interest in percent a year.
        years: Number of whole years, 60 at most.
    """
    _check_years(years)
    final = deposit * (1 + annual_rate_percent / 100) ** years
    return {
        "deposit": deposit,
        "annual_rate_percent": annual_rate_percent,
        "years": years,
        "final_balance": money(final, currency),
        "interest_earned": money(final - deposit, currency),
        "currency": currency,
    }


class DownPayment(TypedDict):
    price: Annotated[float, Kind("money.stated")]
    deposit_percent: float
    deposit: Annotated[float, Kind("money.deposit")]
    remaining: Annotated[float, Kind("money.remaining")]
    currency: Code


def down_payment(
    price: Annotated[float, Kind("money.home")],
    currency: Annotated[str, Kind("currency.code", along="price")],
    deposit_percent: Annotated[float, Kind("percent.deposit")],
) -> DownPayment:
    """Work out the down payment on a home or a car, and what remains to be borrowed.

    Args:
        price: Full price.
        currency: ISO 4217 code of the price's currency.
        deposit_percent: Down payment in percent of the price.
    """
    if not 0 <= deposit_percent <= 100:
        raise ToolError("invalid_arguments", "A down payment lies between 0 and 100 percent.")
    deposit = price * deposit_percent / 100
    return {
        "price": price,
        "deposit_percent": deposit_percent,
        "deposit": money(deposit, currency),
        "remaining": money(price - deposit, currency),
        "currency": currency,
    }


class LoanPayment(TypedDict):
    principal: Annotated[float, Kind("money.stated")]
    annual_rate_percent: float
    years: int
    monthly_payment: Annotated[float, Kind("money.payment")]
    total_interest: Annotated[float, Kind("money.stated")]
    total_paid: Annotated[float, Kind("money.stated")]
    currency: Code


def loan_payment(
    principal: Annotated[float, Kind("money.loan", accepts=("money.remaining",))],
    currency: Annotated[str, Kind("currency.code", along="principal")],
    annual_rate_percent: Annotated[float, Kind("percent.loan")],
    years: Annotated[int, Kind("count.loan_years")],
) -> LoanPayment:
    """Work out the equal monthly payment that pays off a loan with fixed interest.

    Args:
        principal: Amount borrowed.
        currency: ISO 4217 code of the loan's currency.
        annual_rate_percent: Nominal interest in percent a year.
        years: Term in whole years, 60 at most.
    """
    _check_years(years)
    monthly = annual_rate_percent / 1200
    count = years * 12
    payment = principal * monthly / (1 - (1 + monthly) ** -count) if monthly else principal / count
    return {
        "principal": principal,
        "annual_rate_percent": annual_rate_percent,
        "years": years,
        "monthly_payment": money(payment, currency),
        "total_interest": money(payment * count - principal, currency),
        "total_paid": money(payment * count, currency),
        "currency": currency,
    }


class PayBreakdown(TypedDict):
    annual_salary: Annotated[float, Kind("money.stated")]
    hours_per_week: float
    hourly: Annotated[float, Kind("money.hourly")]
    weekly: Annotated[float, Kind("money.stated")]
    monthly: Annotated[float, Kind("money.monthly_pay")]
    currency: Code


def pay_breakdown(
    annual_salary: Annotated[float, Kind("money.salary")],
    currency: Annotated[str, Kind("currency.code", along="annual_salary")],
    hours_per_week: Annotated[float, Kind("count.weekly_hours")],
) -> PayBreakdown:
    """Break a yearly salary down into pay per hour, week and month, before tax.

    Args:
        annual_salary: Salary for a year.
        currency: ISO 4217 code of the salary's currency.
        hours_per_week: Working hours a week.
    """
    if not 0 < hours_per_week <= 168:
        raise ToolError("invalid_arguments", "A week has between 0 and 168 working hours.")
    return {
        "annual_salary": annual_salary,
        "hours_per_week": tidy(hours_per_week),
        "hourly": money(annual_salary / 52 / hours_per_week, currency),
        "weekly": money(annual_salary / 52, currency),
        "monthly": money(annual_salary / 12, currency),
        "currency": currency,
    }


def _check_years(years: int) -> None:
    if not 1 <= years <= 60:
        raise ToolError("invalid_arguments", "The term lies between 1 and 60 years.")


TOOLS = (monthly_saving, savings_growth, down_payment, loan_payment, pay_breakdown)

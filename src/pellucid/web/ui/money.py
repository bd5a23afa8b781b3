"""Amounts of money as both languages write them: the sign in front, thousands in groups, no empty decimals."""

from decimal import Decimal

SIGNS = {
    "AUD": "A$",
    "CAD": "C$",
    "CNY": "CN¥",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "JPY": "¥",
    "SGD": "S$",
    "TWD": "NT$",
    "USD": "US$",
}


def money(amount: Decimal | float | str | None, currency: str) -> str:
    """An amount with its currency, such as ``NT$3,500`` or ``€89.50``; empty where there is no amount."""
    if amount is None or amount == "":
        return ""
    exact = Decimal(str(amount)).quantize(Decimal("0.01"))
    number = f"{exact:,.0f}" if exact == exact.to_integral_value() else f"{exact:,.2f}"
    return f"{SIGNS.get(currency, currency + ' ')}{number}"

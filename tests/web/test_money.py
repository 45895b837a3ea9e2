"""Amounts of money as pages say them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bcp.templatetags.bcp_tags import money


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        (Decimal("12345.67"), "GBP", "GBP\u00a012,346"),
        (Decimal("99.50"), "EUR", "EUR\u00a099.50"),
        (Decimal("99.00"), "", "99"),
        (Decimal("0"), "EUR", "EUR\u00a00"),
        (None, "EUR", "unknown"),
    ],
)
def test_an_amount_is_rounded_where_it_is_an_estimate_and_unknown_is_not_zero(
    amount: Decimal | None, currency: str, said: str
) -> None:
    assert money(amount, currency) == said

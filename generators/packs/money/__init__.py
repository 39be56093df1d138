"""Currencies, taxes, bills, loans and the cost of things."""

"""Dates and times as this product writes them, by language."""

"""Reads. The first argument is always the organisation."""

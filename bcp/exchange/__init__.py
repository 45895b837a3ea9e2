"""Text ↔ dataclasses for every import and export format; knows no database."""

"""Typed reading of the environment. Every NAME may also come as NAME_FILE, a file with the value,
so that secrets need not stand in a process list or a unit file."""

from __future__ import annotations

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.FileAwareEnv()


def text(name: str, default: str) -> str:
    return str(_env.str(name, default=default))


def flag(name: str, default: bool) -> bool:
    return bool(_env.bool(name, default=default))


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in _env.list(name, default=default) if word.strip()]


def number(name: str, default: int) -> int:
    try:
        return int(_env.int(name, default=default))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number") from error


def database(name: str, default: str) -> dict[str, object]:
    return dict(_env.db_url(name, default=default))


def cache(name: str, default: str) -> dict[str, object]:
    return dict(_env.cache_url(name, default=default))


def email(name: str, default: str) -> dict[str, object]:
    return dict(_env.email_url(name, default=default))


def secret_key(path: Path, generated: str) -> str:
    """The key kept in `path`; the first start writes `generated` there, readable by the owner
    alone, so that one machine works out of the box and sessions survive a restart."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(generated)
    except FileExistsError:
        pass
    return path.read_text().strip()

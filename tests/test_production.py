"""A production start: refused while anything is insecure, clean once it is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SECURE = {
    "DEBUG": "off",
    "SECRET_KEY": "a-long-Random_key+with/many:different;signs.0123456789-abcdefghijk",
    "ALLOWED_HOSTS": "plans.acme.example",
}


def start(tmp_path: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env={**keep, "STATE_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_deployment_check_has_nothing_to_say(tmp_path: Path) -> None:
    checked = start(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **SECURE)
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"HTTPS": "off"}, "HTTPS"),
    ],
)
def test_an_insecure_default_refuses_to_start_and_says_which(
    tmp_path: Path, change: dict[str, str], said: str
) -> None:
    refused = start(tmp_path, "check", **{**SECURE, **change})
    assert refused.returncode != 0
    assert "Refusing to start insecurely" in refused.stderr
    assert said in refused.stderr


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(SECURE["SECRET_KEY"])
    without = {name: value for name, value in SECURE.items() if name != "SECRET_KEY"}
    checked = start(tmp_path, "check", **without, SECRET_KEY_FILE=str(key))
    assert checked.returncode == 0, checked.stderr


def test_one_machine_starts_out_of_the_box(tmp_path: Path) -> None:
    assert start(tmp_path, "migrate", "--verbosity", "0").returncode == 0
    assert start(tmp_path, "check").returncode == 0
    assert (tmp_path / "bcp.sqlite3").exists()
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_no_model_has_changed_without_a_migration(tmp_path: Path) -> None:
    checked = start(tmp_path, "makemigrations", "--check", "--dry-run")
    assert checked.returncode == 0, checked.stdout

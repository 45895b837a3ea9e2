"""Who may import whom (docs/architecture.md): read from the source, so nobody can forget."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "bcp"

MAY_IMPORT = {
    "engine": set(),
    "models": {"engine"},
    "documents": {"engine"},
    "exchange": {"engine"},
    "queries": {"models", "engine"},
    "access": {"models", "engine"},
    "services": {"queries", "models", "engine", "documents", "exchange"},
    "web": {"services", "queries", "access", "engine"},
    "api": {"services", "queries", "access", "engine"},
    "tasks": {"services", "queries"},
    "management": {"services", "queries"},
    "templatetags": {"engine"},
    "errors": set(),
    "config": {"web", "api"},
}
FORMS = ("web/forms/", "api/serializers/")
FRAMEWORKS = {"django", "rest_framework", "celery", "kombu"}

MODULES = [
    path
    for path in sorted(SOURCE.rglob("*.py"))
    if "migrations" not in path.parts and path != SOURCE / "__init__.py"
]


def layer_of(path: Path) -> str:
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


def imports_of(path: Path) -> list[tuple[int, str]]:
    """(line, module) of every import statement, wherever it stands."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def wrong_imports(path: Path) -> list[str]:
    layer = layer_of(path)
    inside = path.relative_to(SOURCE).as_posix()
    allowed = MAY_IMPORT[layer] | {layer}
    if layer != "engine":
        allowed |= {"errors"}
    if inside.startswith(FORMS):
        allowed |= {"models"}
    faults = []
    for line, module in imports_of(path):
        parts = module.split(".")
        if layer == "engine" and parts[0] in FRAMEWORKS:
            faults.append(f"{inside}:{line}: the engine is pure, but imports {module}")
        if parts[0] == "bcp" and (len(parts) < 2 or parts[1] not in allowed):
            faults.append(f"{inside}:{line}: {layer} may not import {module}")
    return faults


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_module_imports_only_from_the_layers_below_it(path: Path) -> None:
    assert wrong_imports(path) == []


def test_the_table_names_every_layer() -> None:
    assert {layer_of(path) for path in MODULES} <= set(MAY_IMPORT)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_module_says_what_it_is_for(path: Path) -> None:
    source = path.read_text()
    assert not source.strip() or ast.get_docstring(ast.parse(source)), f"{path} has no docstring"


def test_a_forbidden_import_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard itself must be able to fail."""
    monkeypatch.setattr("tests.test_layers.SOURCE", tmp_path)
    bad = tmp_path / "engine" / "bad.py"
    bad.parent.mkdir()
    bad.write_text("import django\ndef f():\n    from bcp.models import System\n")
    assert len(wrong_imports(bad)) == 2

"""The journey of the data goes one way, heavy libraries come late, and files stay short."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import FunctionType

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "evisynth"
HEAVY = {"pandas", "scipy", "matplotlib", "duckdb", "numpy"}


def run_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=os.environ, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("code", "forbidden"),
    [
        ("import evisynth", HEAVY | {"yaml", "pydantic"}),
        ("from evisynth.cli.main import build_parser; build_parser()", HEAVY | {"yaml", "pydantic"}),
        ("from evisynth.pipeline.evidence import Evidence; Evidence('.').check([])", HEAVY),
        (
            "from evisynth.pipeline.evidence import Evidence; Evidence('.').query_rows(outcome='OS')",
            HEAVY - {"duckdb"},
        ),
        (
            "from pathlib import Path; from evisynth.pipeline.evidence import Evidence; "
            "Evidence('.').draw_forest('surgery-extent-overall-survival', Path('build/architecture.svg'))",
            {"pandas", "scipy.optimize", "scipy.stats", "matplotlib.pyplot"},
        ),
    ],
    ids=["import", "help", "check", "query", "forest"],
)
def test_heavy_libraries_are_imported_only_where_they_are_used(code: str, forbidden: set[str]) -> None:
    loaded = set(run_python(f"{code}; import sys; print('\\n'.join(sys.modules))").split())
    assert not loaded & forbidden


def test_no_module_outgrows_its_concept() -> None:
    long = {
        str(path): count
        for path in SOURCE.rglob("*.py")
        if (count := len(path.read_text().splitlines())) > 400
    }
    assert not long


def test_package_folders_hold_only_a_docstring_and_a_public_face() -> None:
    face = (
        "import lazy_loader",
        "__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)",
    )
    for init in SOURCE.glob("*/**/__init__.py"):
        docstring, *code = [line for line in init.read_text(encoding="utf-8").splitlines() if line]
        assert docstring.startswith('"""') and docstring.endswith('"""'), init
        assert tuple(code) == (face if init.with_suffix(".pyi").exists() else ()), init


STAGES = sorted(init.parent.name for init in SOURCE.glob("*/__init__.pyi"))


@pytest.mark.parametrize("stage", STAGES)
def test_a_public_face_gives_what_it_names(stage: str) -> None:
    package = import_module(f"evisynth.{stage}")
    assert package.__all__
    for name in package.__all__:
        assert hasattr(package, name), name
        # A module of that name would stand in its way as soon as anybody imported it.
        assert not (SOURCE / stage / f"{name}.py").exists(), f"{stage}.{name}"


def test_stages_use_each_other_through_their_faces() -> None:
    """A merge inside a stage breaks nothing outside it."""
    inside = re.compile(r"^\s*(?:from|import) evisynth\.(\w+)\.\w+", re.MULTILINE)
    found = []
    for path in SOURCE.rglob("*.py"):
        own = path.relative_to(SOURCE).parts[0]
        found += [
            f"{path}: {match[0].strip()}"
            for match in inside.finditer(path.read_text(encoding="utf-8"))
            if match[1] != own and match[1] in STAGES
        ]
    assert not found


def test_drawing_fits_nothing() -> None:
    """Figures import results, their names, and what is read off a result; answers come to them complete."""
    read_off = {"p_value_function", "prediction_error"}
    synthesis = import_module("evisynth.synthesis")
    found = [
        f"{path}: {alias.name}"
        for path in (SOURCE / "figures").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("evisynth.synthesis")
        for alias in node.names
        if isinstance(getattr(synthesis, alias.name), FunctionType) and alias.name not in read_off
    ]
    assert not found


def test_no_module_is_named_after_nothing() -> None:
    nameless = {"utils", "common", "helpers", "base", "misc"}
    assert not [path for path in SOURCE.rglob("*.py") if path.stem in nameless]

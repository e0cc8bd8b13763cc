"""A copy of the project under build/, in which a module may be changed."""

import ast
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PROJECT = Path(__file__).parents[2]
TREES = PROJECT / "build" / "mutants"

_PARTS = ("verifications", "dadashop", "sandbox", "tests", "docs", "deploy", "benchmarks")
_FILES = ("manage.py", "pyproject.toml", "README.md")
_PLAIN = ("staticmethod", "classmethod")  # mutmut knows these


def grow(name: str, *, afresh: bool = True) -> Path:
    """build/mutants/<name>, the project as it stands; else `afresh`, over what is there."""
    tree = TREES / name
    if afresh:
        shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True, exist_ok=True)
    unwanted = shutil.ignore_patterns("__pycache__", "*.png", ".*")
    for part in _PARTS:
        shutil.copytree(PROJECT / part, tree / part, ignore=unwanted, dirs_exist_ok=True)
    for file in _FILES:
        shutil.copy2(PROJECT / file, tree / file)
    return tree


def spread(source: Path, place: Path) -> None:
    """Copies what is no Python."""
    shutil.copytree(
        source, place, ignore=shutil.ignore_patterns("*.py", "*.pyc"), dirs_exist_ok=True
    )


def inside(place: Path, *command: str, **variables: str) -> str:
    """What the command prints there. Raises RuntimeError where it fails.

    What is forked leaves its files behind, so it has a place of its own for them.
    """
    with tempfile.TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as temporary:
        environment = {**os.environ, "TMPDIR": temporary, **variables}
        done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[:4]}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def undecorated(source: str) -> str:
    """The same module, its functions decorated behind their definition instead of before: mutmut
    leaves alone what has a decorator."""
    lines = source.splitlines()
    for function in reversed(_decorated(ast.parse(source))):
        wrapped = function.name
        for decorator in reversed(function.decorator_list):
            wrapped = f"({ast.unparse(decorator)})({wrapped})"
        assert function.end_lineno
        lines.insert(function.end_lineno, f"{' ' * function.col_offset}{function.name} = {wrapped}")
        del lines[function.decorator_list[0].lineno - 1 : function.lineno - 1]
    return "\n".join(lines) + "\n"


def _decorated(module: ast.Module) -> list[ast.FunctionDef]:
    """Of the module and its classes, in their order."""
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    bodies = [module.body, *(one.body for one in classes)]
    functions = [node for body in bodies for node in body if isinstance(node, ast.FunctionDef)]
    found = [one for one in functions if one.decorator_list and not _is_plain(one)]
    return sorted(found, key=lambda one: one.lineno)


def _is_plain(function: ast.FunctionDef) -> bool:
    return [ast.unparse(one) for one in function.decorator_list] in [[name] for name in _PLAIN]

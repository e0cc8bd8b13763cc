"""What the docs tell to type, typed."""

import shlex
import subprocess
import sys

from tests.live import ROOT, clean_environment

Done = subprocess.CompletedProcess[str]


def _run(words: list[str], **environment: str) -> Done:
    return subprocess.run(
        words,
        cwd=ROOT,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=60,
    )


def run_curl(command: str) -> str:
    """What it prints."""
    words = shlex.split(command.replace("\\\n", ""))
    done = _run(["curl", "--silent", "--max-time", "20", *words[1:]])
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_python(command: str, **environment: str) -> Done:
    """`python …`, by this one, with these variables and none of the tests' settings."""
    python, *arguments = shlex.split(command, comments=True)
    assert python == "python", command
    return _run([sys.executable, *arguments], **environment)


def dry_run(command: str) -> str:
    """What `make …` would do."""
    make, *arguments = shlex.split(command, comments=True)
    assert make == "make", command
    done = _run(["make", "--dry-run", *arguments])
    assert done.returncode == 0, done.stderr
    return done.stdout


def has_options(command: str) -> None:
    """Fails where the help of `python -m …` knows not all options that it is given."""
    _, dash_m, module, *arguments = shlex.split(command, comments=True)
    assert dash_m == "-m", command
    told = run_python(f"python -m {module} --help").stdout
    for option in arguments:
        assert not option.startswith("--") or option in told, command

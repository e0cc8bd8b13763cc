"""Virtual environments under build/, for what is not the one that this runs in."""

import shutil
import subprocess
import venv
from pathlib import Path


def python_of(requirements: Path, name: str) -> str:
    """The interpreter of build/<name>, where these are installed; PyPI is asked once for each
    version of the file. Raises RuntimeError."""
    home = Path("build", name).resolve()
    python, installed = home / "bin" / "python", home / "requirements.txt"
    if not installed.exists() or installed.read_text() != requirements.read_text():
        venv.create(home, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        which = ["--require-hashes", "--requirement", str(requirements)]
        done = subprocess.run([*pip, *which], capture_output=True, text=True, timeout=600)
        if done.returncode:
            raise RuntimeError(f"{requirements} cannot be had: {done.stderr.strip()[-300:]}")
        shutil.copy(requirements, installed)
    return str(python)

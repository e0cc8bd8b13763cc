"""Secrets of a developer's machine, made up once and kept beside its data; keys, hashed at once."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from verifications.service_keys import HASHED, hash_of

SHORTEST = 16  # characters of a secret that nobody guesses


class Hashed(NamedTuple):
    hashes: list[str]
    guessable: bool  # whether one of the keys was too short


def hashed(keys: Iterable[str]) -> Hashed:
    """Of SERVICE_KEYS, plain or hashed already: no setting and no frame keeps a plain one."""
    hashes, guessable = [], False
    for key in keys:
        plain = not key.startswith(HASHED)
        hashes.append(hash_of(key) if plain else key)
        guessable |= plain and len(key) < SHORTEST
    return Hashed(hashes, guessable)


def generated(path: Path) -> str:
    """What the file holds, written now if there is none; of two processes one writes it."""
    mine = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        mine.touch(mode=0o600)
        mine.write_text(secrets.token_urlsafe(24))
        try:
            os.link(mine, path)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_text()

"""What all commands share: examples in their help, exit codes, and plain words for what is away.

docs/commands.md has the exit codes in a table.
"""

import logging
import signal
import sys
import textwrap
import threading
from argparse import ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    DjangoHelpFormatter,
)
from django.db import DatabaseError, reset_queries
from redis.exceptions import RedisError
from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm

from verifications import tasks
from verifications.database import lacks_tables
from verifications.exceptions import CountryNotAllowed, InvalidPhone, Unavailable

FAILED, MISUSED, INTERRUPTED = 1, 2, 130

_CODES = {
    0: "all is well",
    FAILED: "something failed or was refused",
    MISUSED: "the call is wrong; nothing was done",
    INTERRUPTED: "ended by Ctrl-C",
}
# Where there is no terminal, a line tells the progress after each tenth, or after so many if more.
_TENTH, _FEWEST = 10, 1000


class Misuse(CommandError):
    """The call itself is wrong: an argument, or a file that cannot be read."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=MISUSED)


class _Formatter(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """The examples stay as they are written."""


class Command(BaseCommand):
    """`examples` are pairs: what is typed, and what it does."""

    examples: tuple[tuple[str, str], ...] = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, formatter_class=_Formatter, **kwargs)
        parser.description = textwrap.fill(self.help, 79)
        parser.epilog = self._epilog()
        return parser

    def _epilog(self) -> str:
        lines = ["examples:"]
        for typed, meaning in self.examples:
            lines += [f"  {typed}", f"      {meaning}"]
        codes = (f"  {code:<5}{meaning}" for code, meaning in _CODES.items())
        return "\n".join([*lines, "", "exit codes:", *codes])

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except KeyboardInterrupt:
            self.stderr.write("Interrupted.")
            raise SystemExit(INTERRUPTED) from None
        except (InvalidPhone, CountryNotAllowed) as refusal:
            raise Misuse(f"That is no phone that may be texted: {refusal.code}.") from None
        except (DatabaseError, RedisError, Unavailable, tasks.Failed) as error:
            raise CommandError(_what_is_away(error)) from error

    @contextmanager
    def progress(self, total: int, unit: str) -> Iterator[Callable[[int], None]]:
        """advance(count): a bar with rate and time left at a terminal, else a line now and then."""
        terminal = sys.stderr.isatty()
        done, step = 0, max(total // _TENTH, _FEWEST)

        def advance(count: int) -> None:
            nonlocal done
            before, done = done, done + count
            bar.update(count)
            if not terminal and done < total and before // step < done // step:
                self.stderr.write(f"{done} of {total} {unit}")
            reset_queries()  # with DEBUG, Django keeps the latest 9,000 with all their values

        bar = tqdm(total=total, unit=f" {unit}", dynamic_ncols=True, disable=not terminal)
        with _quiet(), logging_redirect_tqdm(), bar:
            yield advance


@contextmanager
def _quiet() -> Iterator[None]:
    """A line in the log for each text would hide how far we are; warnings are seen."""
    log = logging.getLogger("verifications")
    before = log.level
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(before)


@contextmanager
def ctrl_c_waits() -> Iterator[Callable[[], bool]]:
    """asked(): whether Ctrl-C was pressed, which ends nothing by itself. Pressed again it does."""
    pressed = False

    def hear(*_: object) -> None:
        nonlocal pressed
        pressed = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    if threading.current_thread() is not threading.main_thread():
        yield lambda: False  # Python takes signals in the main thread alone
        return
    before = signal.signal(signal.SIGINT, hear)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


def read_phone(argument: str) -> str:
    """What was typed, or for `-` the first line of standard input, which no shell remembers."""
    return sys.stdin.readline().strip() if argument == "-" else argument


def address(argument: str) -> str:
    """An IP address, as the type of an argument."""
    try:
        return str(ip_address(argument))
    except ValueError:
        raise ArgumentTypeError("an IP address is expected, such as 203.0.113.7") from None


def _what_is_away(error: Exception) -> str:
    for one in (error, error.__cause__):
        if isinstance(one, RedisError):
            return f"Redis is out of reach ({type(one).__name__}); check REDIS_URL."
        if isinstance(one, DatabaseError):
            return _of_database(one)
    if isinstance(error, Unavailable):
        return "Redis, the database or the queue is out of reach; manage.py doctor tells which."
    return f"{error}; manage.py doctor may tell why."


def _of_database(error: DatabaseError) -> str:
    try:
        if lacks_tables():
            return "Tables are missing; run manage.py migrate."
    except DatabaseError:
        pass
    return f"The database is out of reach ({type(error).__name__}); check DATABASE_URL."

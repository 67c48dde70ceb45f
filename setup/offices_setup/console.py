"""What people see, and how a command ends."""

from __future__ import annotations

import logging
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_logger = logging.getLogger(__name__)


class Trouble(Exception):
    """Something that the person at the keyboard can mend.

    :param message: what is missing or went wrong, in a sentence
    :param remedy: the command or the step that mends it
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class Stopped(BaseException):
    """The process was asked to stop by a signal.

    Derived from BaseException, as KeyboardInterrupt is, so that no handler for
    ordinary errors swallows it.

    :param number: the signal's number
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def say(text: str = "") -> None:
    """Write a line for people to standard output.

    :param text: the line
    """
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def set_up_logging(verbose: bool = False) -> None:
    """Send the log to standard error.

    :param verbose: show debugging messages as well
    """
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO,
        format="%(asctime)s %(message)s",
        datefmt="%H:%M:%S",
        stream=sys.stderr,
        force=True,
    )


@contextmanager
def step(name: str) -> Iterator[None]:
    """Log a long step when it begins and the seconds it took when it is over.

    :param name: what is being done
    """
    _logger.info("%s ...", name)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        _logger.info("%s: not finished, %.1f s", name, time.monotonic() - start)
        raise
    _logger.info("%s: done, %.1f s", name, time.monotonic() - start)


def _on_signal(number: int, frame: FrameType | None) -> NoReturn:
    raise Stopped(number)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let no further signal interrupt a clean-up."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, signal.SIG_IGN) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def guard(work: Callable[[], int]) -> int:
    """Run a command, and turn what can go wrong into a sentence and a status.

    :param work: the command; it returns its exit status
    :return: the status to exit with
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _on_signal)
    try:
        return work()
    except Trouble as trouble:
        _logger.error("%s", trouble)
        if trouble.remedy:
            _logger.error("To mend it: %s", trouble.remedy)
        return 1
    except PermissionError as error:
        _logger.error("%s: permission denied.", error.filename or error)
        _logger.error("To mend it: give this user that path, or use its owner.")
        return 1
    except OSError as error:
        # a full disk, a path that is a folder, ...: the reason is in the message
        _logger.error("The system refused: %s", error)
        return 1
    except KeyboardInterrupt:
        _logger.error("Interrupted.")
        return 128 + signal.SIGINT
    except Stopped as stopped:
        _logger.error("Stopped by signal %s.", stopped.number)
        return 128 + stopped.number

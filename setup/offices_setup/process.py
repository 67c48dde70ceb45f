"""Child processes that never outlive the command, and locks between commands."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from . import console

GRACE_SECONDS = 20
# from the kernel's linux/prctl.h
PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Let a child end when this process is killed with no chance to stop it.

    Called in the child, before its program. On Linux alone; elsewhere the child of a
    killed command goes on.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables for a child process.

    :param extra: variables to set beside the present ones
    :return: all of them
    """
    return {**os.environ, **(extra or {})}


def stop_group(child: subprocess.Popen) -> None:
    """Stop a child that leads its own process group, by force if it lingers.

    :param child: a process started with ``start_new_session=True``
    """
    for number in (signal.SIGTERM, signal.SIGKILL):
        if child.poll() is not None:
            break
        try:
            os.killpg(child.pid, number)
            child.wait(GRACE_SECONDS)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue


def run_logged(
    command: Sequence[str | Path],
    log_file: Path,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] | None = None,
) -> int:
    """Run a command to its end with its output in a file.

    The child gets its own process group: a Ctrl-C reaches this process alone, which
    then stops the child in an orderly way.

    :param command: the program and its arguments
    :param log_file: receives what it writes
    :param cwd: where it runs
    :param env: variables to set beside the present ones
    :param on_line: called with each line
    :return: its exit status
    """
    log_file.parent.mkdir(parents=True, exist_ok=True)
    child = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=environment(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    try:
        with log_file.open("w", encoding="utf-8") as log:
            assert child.stdout is not None
            for line in child.stdout:
                log.write(line)
                if on_line:
                    on_line(line)
        return child.wait()
    finally:
        with console.undisturbed():
            stop_group(child)


def last_lines(log_file: Path, count: int = 15) -> str:
    """Return the end of a file, for an error message.

    :param log_file: the file; it may be missing
    :param count: how many lines
    :return: the lines, indented
    """
    try:
        lines = log_file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in lines[-count:])


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock, waiting for whoever has it.

    The kernel drops the lock when the process dies, so that none is ever stale.

    :param path: the lock's file; made when missing
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield

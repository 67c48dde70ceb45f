"""Children and locks."""

import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest
from offices_setup import process


def test_output_and_status(tmp_path):
    lines = []
    log = tmp_path / "deep" / "log"
    status = process.run_logged(
        ["sh", "-c", 'echo one; echo "$COLOUR" >&2; exit 3'],
        log,
        env={"COLOUR": "red"},
        on_line=lines.append,
    )
    assert status == 3
    assert log.read_text().splitlines() == ["one", "red"]
    assert lines == ["one\n", "red\n"]


def test_last_lines(tmp_path):
    log = tmp_path / "log"
    log.write_text("a\nb\nc\n")
    assert process.last_lines(log, 2) == "    b\n    c"
    assert process.last_lines(tmp_path / "missing") == ""


def test_an_interrupted_child_does_not_outlive_us(tmp_path):
    started = []

    def on_line(line):
        started.append(int(line))
        raise KeyboardInterrupt

    command = ["sh", "-c", "sleep 300 & echo $!; wait"]
    with pytest.raises(KeyboardInterrupt):
        process.run_logged(command, tmp_path / "log", on_line=on_line)
    (grandchild,) = started
    gone, alive = psutil.wait_procs(
        [psutil.Process(grandchild)] if psutil.pid_exists(grandchild) else [], 10
    )
    assert not alive


def test_a_child_that_ignores_the_request_is_killed(monkeypatch):
    monkeypatch.setattr(process, "GRACE_SECONDS", 0.5)
    child = subprocess.Popen(
        ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with child.stdout as output:
        output.readline()
        process.stop_group(child)
    assert child.returncode == -signal.SIGKILL


def test_a_lock_waits_for_its_holder(tmp_path):
    lock = tmp_path / "folder" / "lock"
    order = []
    with process.locked(lock):
        inside = threading.Event()

        def other():
            inside.set()
            with process.locked(lock):
                order.append("other")

        thread = threading.Thread(target=other)
        thread.start()
        inside.wait()
        order.append("holder")
    thread.join()
    assert order == ["holder", "other"]


def test_a_killed_holder_leaves_no_lock(tmp_path):
    lock = tmp_path / "lock"
    code = (
        "import sys, time; from offices_setup import process\n"
        "with process.locked(__import__('pathlib').Path(sys.argv[1])):\n"
        "    print('held', flush=True); time.sleep(300)"
    )
    setup = os.path.dirname(os.path.dirname(process.__file__))
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(lock)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": setup},
    )
    with child.stdout as output:
        output.readline()
        child.kill()
        child.wait()
    with process.locked(lock):
        pass


def test_a_child_ends_when_its_command_is_killed(tmp_path):
    code = (
        "import sys, pathlib; from offices_setup import process\n"
        "process.run_logged(['sh', '-c', 'echo $$; exec sleep 300'],"
        " pathlib.Path(sys.argv[1]), on_line=lambda line: print(line, flush=True))"
    )
    setup = os.path.dirname(os.path.dirname(process.__file__))
    command = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "log")],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": setup},
    )
    with command.stdout as output:
        child = psutil.Process(int(output.readline()))
        command.kill()
        command.wait()
    deadline = time.monotonic() + 10
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)

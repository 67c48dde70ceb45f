"""How a command ends."""

import errno
import logging
import os
import signal
import time

import pytest
from offices_setup import console


@pytest.fixture(autouse=True)
def _handlers():
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def _raise(error):
    def work():
        raise error

    return work


def test_status_goes_through():
    assert console.guard(lambda: 7) == 7


def test_trouble_tells_what_and_how(caplog):
    trouble = console.Trouble("There is no browser.", "apt-get install browser")
    assert console.guard(_raise(trouble)) == 1
    assert "There is no browser." in caplog.text
    assert "To mend it: apt-get install browser" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("number", "text"),
    [(errno.EACCES, "/x: permission denied"), (errno.ENOSPC, "No space left")],
)
def test_system_errors_are_sentences(number, text, caplog):
    error = OSError(number, os.strerror(number), "/x")
    assert console.guard(_raise(error)) == 1
    assert text in caplog.text


def test_a_bug_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        console.guard(lambda: 1 // 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signals(number, caplog):
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def work():
        os.kill(os.getpid(), number)
        time.sleep(10)
        return 0

    assert console.guard(work) == 128 + number


def test_a_clean_up_is_not_disturbed():
    done = []

    def work():
        with console.undisturbed():
            os.kill(os.getpid(), signal.SIGTERM)
            done.append("clean")
        return 0

    assert console.guard(work) == 0
    assert done == ["clean"]


def test_a_step_tells_its_seconds_also_when_it_fails(caplog):
    caplog.set_level(logging.INFO)
    with pytest.raises(ValueError), console.step("Bake"):
        raise ValueError
    assert "Bake: not finished" in caplog.text
    with console.step("Eat"):
        pass
    assert "Eat: done" in caplog.text

"""The dispatcher: every command is there, says what it does, and complains in one sentence."""

from __future__ import annotations

import subprocess
import sys
import time
from importlib import import_module

import pytest

from cem.cli import COMMANDS, main

LIGHT = """
import sys
from cem.cli import main
main(["--help"])
sys.exit(bool({"flask", "sqlalchemy"} & {*sys.modules}))
"""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_be_asked_what_it_does(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = import_module(f"cem.commands.{COMMANDS[name][0]}")
    assert module.__doc__ and callable(module.run)
    with pytest.raises(SystemExit) as leaving:
        main([name, "--help"])
    assert leaving.value.code == 0
    assert f"usage: cem {name}" in capsys.readouterr().out


def test_help_lists_the_commands_without_loading_any() -> None:
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert all(f"  {name}" in done.stdout for name in COMMANDS)


def test_help_comes_at_once() -> None:
    fastest = min(_seconds() for _ in range(3))
    assert fastest < 0.3


def _seconds() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "cem.cli", "--help"], capture_output=True, check=True)
    return time.perf_counter() - began


def test_an_unknown_command_is_one_sentence_and_status_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fly"]) == 2
    assert capsys.readouterr().err == "cem: There is no command 'fly'; `cem --help` lists them.\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [("CEM_PORT", "none"), ("CEM_DEMO", "yes"), ("CEM_ENV", "production")],
)
def test_settings_that_make_no_sense_are_named(
    name: str,
    value: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: object,
) -> None:
    monkeypatch.setenv("CEM_INSTANCE", str(tmp_path))
    monkeypatch.setenv(name, value)
    assert main(["sites"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("cem: CEM_") and said.count("\n") == 1


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    command = f"set -o pipefail; {sys.executable} -m cem.cli topics --pack hotel --json | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout == "[\n"
    assert "Traceback" not in done.stderr

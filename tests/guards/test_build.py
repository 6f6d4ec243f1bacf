"""What a fresh machine does with this repository: locks, scripts, and the package that is built from it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES = ("cem", "surveys", "nlp", "workers", "templates")
PIN = re.compile(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.+!-]+)")


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    found = [PIN.fullmatch(line) for line in lines if line and not line.startswith("#")]
    assert all(found), f"requirements/{name} has a line that is not name==version: run `make lock`"
    return {canonicalize_name(pin[1]): pin[2] for pin in found if pin}


def unmet(wanted: list[str], locked: dict[str, str]) -> list[str]:
    requirements = [Requirement(line) for line in wanted]
    return [
        str(one) for one in requirements if locked.get(canonicalize_name(one.name), "") not in one.specifier
    ]


def test_the_lock_of_make_run_holds_every_dependency() -> None:
    assert unmet(PROJECT["dependencies"], pins("run.txt")) == [], "run `make lock`"


def test_the_lock_of_make_test_adds_every_tool_and_repeats_nothing() -> None:
    run, test = pins("run.txt"), pins("test.txt")
    assert unmet(PROJECT["optional-dependencies"]["test"], run | test) == [], "run `make lock`"
    assert run.keys() & test.keys() == set()


def test_the_lock_of_the_nlp_extra_agrees_with_the_others() -> None:
    run, test, nlp = pins("run.txt"), pins("test.txt"), pins("nlp.txt")
    assert unmet(PROJECT["optional-dependencies"]["nlp"], run | nlp) == [], "run `make lock`"
    assert run.keys() & nlp.keys() == set()
    assert {name: test[name] for name in test.keys() & nlp.keys()}.items() <= nlp.items()


def test_the_lock_holds_what_only_debians_python_needs() -> None:
    assert "async-timeout" in pins("run.txt"), (
        "redis needs it below Python 3.11.3: lock with Debian 12's python3"
    )


@pytest.mark.parametrize("script", [".ci/run", "requirements/install", "requirements/lock"])
def test_scripts_are_executable_and_parse(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["bash", "-n", script], cwd=ROOT, check=True)


def test_continuous_integration_runs_the_readmes_commands_and_skips_nothing() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "set -euo pipefail" in script
    assert "export CEM_TEST_REQUIRE=browser,full" in script
    assert re.search(
        r"\nmake check\nrequirements/install python3 .venv requirements/nlp.txt .*\nmake test\n", script
    )


def test_every_command_of_the_makefile_is_known_to_make() -> None:
    targets = ("run", "test", "bench", "check", "demo", "catalogs", "lock", "clean")
    done = subprocess.run(
        ["make", "-n", "-s", *targets], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names inside the wheel that is built from what git knows of this folder."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, tracked.decode().split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(out)], cwd=source, check=True, capture_output=True)
    with zipfile.ZipFile(next(out.glob("*.whl"))) as built:
        return set(built.namelist())


def test_an_installed_wheel_finds_every_file_that_a_checkout_has(wheel: set[str]) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    missing = [name for name in tracked if (ROOT / name).is_file() and name not in wheel]
    assert missing == [], "not in the wheel: see tool.setuptools in pyproject.toml"


def test_the_wheel_brings_the_command_and_the_licence(wheel: set[str]) -> None:
    assert any(name.endswith("entry_points.txt") for name in wheel)
    assert any(name.endswith("licenses/LICENSE") for name in wheel)

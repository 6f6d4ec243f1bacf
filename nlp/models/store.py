"""Where converted weights stand: one folder for each format, made once, by one process at a time."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nlp.models import Progress, Unavailable, convert
from nlp.models.carried import NotCarried, find

ENCODER = "multilingual-e5-small-1"
"""What its vectors are called: another name means that they cannot be compared with those of before."""
NAME = f"multilingual-e5-small-{convert.FORMAT}"
_MAKING = ".making-"


def present(models: Path) -> Path | None:
    """The folder of weights if it is there and whole; looks, and makes nothing."""
    folder = models / NAME
    return folder if convert.is_whole(folder) else None


def drop_if_damaged(models: Path) -> bool:
    """Whether the folder was there and had to go, so that `ensure` makes it again. Reads it all."""
    folder = present(models)
    if folder is None or not convert.damaged(folder):
        return False
    with _alone(models):
        (folder / convert.RECORD).unlink(missing_ok=True)
    return True


def ensure(models: Path, progress: Progress | None = None, source: Path | None = None) -> Path:
    """The folder of weights, made if need be (seconds); waits while another process makes it.

    A folder appears under its name only when it is complete. Raises `Unavailable` with the reason.
    """
    if folder := present(models):
        return folder
    try:
        models.mkdir(parents=True, exist_ok=True)
        with _alone(models):
            return present(models) or _make(models, source or find(), progress)
    except NotCarried as error:
        raise Unavailable("not_carried", str(error)) from error
    except ImportError as error:
        raise Unavailable("no_runtime", str(error)) from error
    except OSError as error:
        raise Unavailable("failed", f"the weights could not be written to {models}: {error}") from error


def _make(models: Path, source: Path, progress: Progress | None) -> Path:
    for left in models.glob(f"{_MAKING}*"):
        shutil.rmtree(left)  # of a process that was killed: nobody else makes any now
    making = Path(tempfile.mkdtemp(prefix=_MAKING, dir=models))
    try:
        convert.convert(source, making, progress)
        making.chmod(0o755)
        if (models / NAME).exists():
            (models / NAME).rename(making / "replaced")
        making.rename(models / NAME)
        shutil.rmtree(models / NAME / "replaced", ignore_errors=True)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return models / NAME


@contextmanager
def _alone(models: Path) -> Iterator[None]:
    """The lock dies with its process, so that a killed one never blocks the next."""
    handle = os.open(models / ".lock", os.O_CREAT | os.O_RDWR, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

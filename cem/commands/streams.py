"""Text in and out of commands: UTF-8 whatever the terminal's settings, and bars only where somebody looks."""

from __future__ import annotations

import io
import sys
from typing import Any


def speak_utf8() -> None:
    """Broken bytes come in as lone surrogates, which are refused line by line, and go out escaped."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


def bar(**options: Any) -> Any:
    """A progress bar on standard error, silent unless that is a terminal."""
    from tqdm import tqdm

    return tqdm(**({"disable": None, "leave": False, "file": sys.stderr} | options))

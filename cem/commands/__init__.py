"""What the `cem` command can do: one module for each command, imported when it is asked for."""

from __future__ import annotations


class Trouble(Exception):
    """A command cannot go on. The message is one sentence that says why and what to do."""

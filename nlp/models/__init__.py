"""The encoder's weights: read from the package that carries them, turned once into files of our own."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float], None]
"""Told a share of 0..1 while something is made."""


class Unavailable(Exception):
    """The weights cannot be had here.

    `code`: `no_folder no_runtime no_extra not_carried not_made failed unfit`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def quietly(share: float) -> None:
    """Nobody asked to be told."""

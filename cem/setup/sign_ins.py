"""The demo's passwords: random, made once, kept in the instance folder, printed at each start."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from sqlalchemy import bindparam, select, update

from cem.demo import content
from cem.engine.transaction import transaction
from cem.extensions import db
from cem.models import User

FILE: Final = "demo-sign-ins.txt"
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=8 * 1024, parallelism=1)
"""Lighter than people's own passwords need: 82 random bits cannot be guessed, and a first start should not
take half a minute. The first sign-in renews the hash with the parameters of all others."""
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def kept(instance: Path) -> dict[str, str]:
    """The passwords by user name, made now where there are none.

    Each line of the file: user name, password, role, name, with tabs in between.
    """
    path = instance / FILE
    if not path.exists():
        _keep(path, {person.username: _password() for person in content.people()})
    lines = path.read_text(encoding="utf-8").splitlines()
    return {username: password for username, password, *_ in (line.split("\t") for line in lines)}


def hashed(passwords: dict[str, str]) -> dict[str, str]:
    """Argon2id hashes, by user name."""
    return {username: _HASHER.hash(password) for username, password in passwords.items()}


def renew(instance: Path) -> None:
    """The file of a loaded company is gone: new passwords for everybody of the demo, and a new file."""
    if (instance / FILE).exists():
        return
    hashes = hashed(kept(instance))
    with transaction() as tx:
        statement = (
            update(User)
            .where(User.username == bindparam("who"), User.demo)
            .values(password_hash=bindparam("hash"), session_version=User.session_version + 1)
        )
        rows = [{"who": username, "hash": hash} for username, hash in hashes.items()]
        tx.session.connection().execute(statement, rows)
        tx.audit("hub", "demo.passwords_renewed")


def is_demo() -> bool:
    """Whether this hub is the demo company's."""
    return db.session.scalar(select(User.id).where(User.demo).limit(1)) is not None


def _password() -> str:
    """82 random bits, in letters and digits that nobody mistakes for others."""
    return "".join(secrets.choice(_LETTERS) for _ in range(14))


def _keep(path: Path, passwords: dict[str, str]) -> None:
    """Written whole or not at all, for its owner's eyes only."""
    lines = (
        "\t".join((person.username, passwords[person.username], person.role, person.name))
        for person in content.people()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
    beside.replace(path)

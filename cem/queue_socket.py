"""Where the embedded queue server of an instance folder listens; every process works it out alike."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

LONGEST = 107  # bytes: the kernel's sun_path, less its closing NUL


def queue_socket(instance: Path) -> Path:
    """In the instance folder, or in a private temporary one where that path is too long for the kernel.

    A link inside the instance folder would not help: its own path is what the kernel measures.
    """
    path = instance.resolve() / "queue" / "queue.sock"
    if len(os.fsencode(path)) <= LONGEST:
        return path
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"cem-{os.geteuid()}-{digest}" / "queue.sock"

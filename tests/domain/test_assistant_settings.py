"""Where a draft may be sent is refused at the door, with the variable's name."""

from __future__ import annotations

import pytest

from cem.settings import Settings, UnsafeSettings

NAMED = {"CEM_SECRET_KEY": "x" * 32, "CEM_ASSISTANT_MODEL": "writer-1"}


@pytest.mark.parametrize(
    "url",
    ["https://models.example/v1", "http://localhost:11434/v1/", "http://127.0.0.1:1/v1", "http://10.1.2.3:8000/v1"],
)  # fmt: skip
def test_https_and_what_is_near_may_be_named(url: str) -> None:
    settings = Settings.from_environ({**NAMED, "CEM_ASSISTANT_URL": url, "CEM_ASSISTANT_KEY": "very secret"})
    assert settings.assistant_url == url.rstrip("/") and "very secret" not in repr(settings)


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ({"CEM_ASSISTANT_URL": "http://models.example/v1"}, "CEM_ASSISTANT_URL"),
        ({"CEM_ASSISTANT_URL": "http://8.8.8.8/v1"}, "CEM_ASSISTANT_URL"),
        ({"CEM_ASSISTANT_URL": "https://me:secret@models.example"}, "CEM_ASSISTANT_URL"),
        ({"CEM_ASSISTANT_URL": "https://models.example/v1?key=secret"}, "CEM_ASSISTANT_URL"),
        ({"CEM_ASSISTANT_URL": "https://models.example:none/v1"}, "CEM_ASSISTANT_URL"),
        ({"CEM_ASSISTANT_URL": "ftp://models.example"}, "CEM_ASSISTANT_URL"),
        ({"CEM_ASSISTANT_URL": "https://models.example", "CEM_ASSISTANT_MODEL": ""}, "CEM_ASSISTANT_MODEL"),
        ({"CEM_ASSISTANT_SECONDS": "600"}, "CEM_ASSISTANT_SECONDS"),
        ({"CEM_ASSISTANT_DAYS": "0"}, "CEM_ASSISTANT_DAYS"),
    ],
)  # fmt: skip
def test_what_is_unsafe_is_refused(more: dict[str, str], names: str) -> None:
    with pytest.raises(UnsafeSettings, match=names) as refused:
        Settings.from_environ(NAMED | more)
    assert "secret" not in str(refused.value)


def test_without_an_address_there_is_nothing() -> None:
    assert Settings.from_environ({"CEM_SECRET_KEY": "x" * 32}).assistant_url is None

"""The look has one source: raw values live in tokens.css, and nothing is written inline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "cem" / "static" / "css"
STYLESHEETS = sorted(path for path in CSS.rglob("*.css") if path.name != "tokens.css")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "cem" / "static" / "js").rglob("*.js"))
RAW_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklch|oklab)a?\(")
ANCHOR = re.compile(r"""(?:href|action|id)=["']#[^"']*["']|["'`]#[\w-]+["'`]|&#\d+;""")
INLINE = re.compile(r"""<style|\sstyle\s*=|\son[a-z]+\s*=\s*["']|<script(?![^>]*\ssrc=)|javascript:""")
ELSEWHERE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//|@import|url\(["']?(?:https?:)?//""")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [*STYLESHEETS, *TEMPLATES, *SCRIPTS], ids=_name)
def test_no_raw_colour_stands_outside_the_token_file(path: Path) -> None:
    text = ANCHOR.sub("", path.read_text("utf-8"))
    assert not RAW_COLOUR.findall(text), "name the colour in tokens.css and use the token here"


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_a_template_has_no_inline_style_or_script(path: Path) -> None:
    found = INLINE.findall(path.read_text("utf-8"))
    assert not found, "the content security policy refuses inline style and script: use a class or a module"


@pytest.mark.parametrize("path", [*STYLESHEETS, *TEMPLATES], ids=_name)
def test_no_page_asks_another_host_for_anything(path: Path) -> None:
    assert not ELSEWHERE.findall(path.read_text("utf-8"))


def test_both_dark_themes_are_the_same() -> None:
    tokens = (CSS / "tokens.css").read_text("utf-8")
    by_system = re.search(r':root:not\(\[data-theme="light"\]\)\s*\{(.*?)\n\}', tokens, re.S)
    by_choice = re.search(r':root\[data-theme="dark"\]\s*\{(.*?)\n\}', tokens, re.S)
    assert by_system and by_choice
    assert by_system[1].split() == by_choice[1].split()


def test_every_token_that_is_used_exists() -> None:
    everything = "".join(path.read_text("utf-8") for path in [CSS / "tokens.css", *STYLESHEETS])
    defined = set(re.findall(r"(--[\w-]+)\s*:", everything))
    assert set(re.findall(r"var\((--[\w-]+)\)", everything)) <= defined


@pytest.mark.parametrize("path", STYLESHEETS, ids=_name)
def test_a_stylesheet_stays_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 120

"""The hash chain of the audit trail."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from cem.domain.chain import GENESIS, Link, first_break, seal

CONTENTS = st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3), max_size=6)


def sealed(contents: Sequence[dict[str, str]]) -> list[Link]:
    links: list[Link] = []
    previous = GENESIS
    for number, content in enumerate(contents, 1):
        previous = seal(previous, number, content)
        links.append(Link(number, content, previous))
    return links


@given(CONTENTS)
def test_an_untouched_chain_is_whole(contents: list[dict[str, str]]) -> None:
    assert first_break(sealed(contents)) is None


@given(CONTENTS.filter(bool), st.data())
def test_changing_any_row_breaks_the_chain_there(contents: list[dict[str, str]], data: st.DataObject) -> None:
    links = sealed(contents)
    at = data.draw(st.integers(0, len(links) - 1))
    links[at] = Link(links[at].number, links[at].content | {"changed": "yes"}, links[at].hash)
    assert first_break(links) == at + 1


@given(CONTENTS.filter(lambda contents: len(contents) > 1), st.data())
def test_removing_a_row_that_others_follow_breaks_the_chain(
    contents: list[dict[str, str]], data: st.DataObject
) -> None:
    links = sealed(contents)
    at = data.draw(st.integers(0, len(links) - 2))
    del links[at]
    assert first_break(links) == at + 1

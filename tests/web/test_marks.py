"""The reader's marks are cut by code points, and the pieces are always the text itself."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cem.domain.findings import Topic
from cem.http.marks import DOTS, Segment, private_spans, segments


def _topic(sentiment: str, *spans: tuple[int, int]) -> Topic:
    return Topic("food", sentiment, 0.9, spans)  # type: ignore[arg-type]


def test_praise_and_complaint_are_cut_out_of_the_words() -> None:
    text = "鱼很好吃，但服务员一直不理我们。"
    cut = segments(text, [_topic("positive", (0, 4)), _topic("negative", (6, 15))])
    assert cut == [
        Segment("鱼很好吃", "good"),
        Segment("，但"),
        Segment("服务员一直不理我们", "bad"),
        Segment("。"),
    ]


def test_emoji_and_combining_marks_count_as_their_code_points() -> None:
    text = "👩‍👩‍👧 cafe\u0301 was cold 🥶"
    start = text.index("cafe")
    cut = segments(text, [_topic("negative", (start, start + 5))])
    assert cut[1] == Segment("cafe\u0301", "bad")


def test_where_praise_and_complaint_meet_the_complaint_is_shown() -> None:
    cut = segments("abcd", [_topic("negative", (1, 3)), _topic("positive", (0, 4))])
    assert [piece.kind for piece in cut] == ["good", "bad", "good"]


def test_a_neutral_topic_leaves_no_mark() -> None:
    assert segments("abcd", [_topic("neutral", (0, 4))]) == [Segment("abcd")]


@given(
    st.text(max_size=40),
    st.lists(
        st.tuples(
            st.sampled_from(["positive", "negative", "neutral"]), st.integers(-5, 50), st.integers(-5, 50)
        ),
        max_size=6,
    ),
)
def test_nothing_is_ever_added_lost_or_moved(text: str, raw: list[tuple[str, int, int]]) -> None:
    cut = segments(text, [_topic(sentiment, (start, end)) for sentiment, start, end in raw])
    assert "".join(piece.text for piece in cut) == text
    assert all(piece.text for piece in cut)
    assert all(one.kind != other.kind for one, other in pairwise(cut))


def test_dots_stand_for_what_tells_who_somebody_is() -> None:
    text = "请打 13800138000 给王小明，房间太吵"
    cut = segments(text, [_topic("negative", (20, 24))], [(3, 14), (16, 19)])
    assert "".join(each.text for each in cut) == "请打 ••• 给•••，房间太吵"
    assert cut[-1].kind == "bad"


def test_a_text_that_nobody_has_read_yet_hides_its_numbers_too() -> None:
    text = "Call me on 13800138000 please"
    assert segments(text, hidden=private_spans(text, None))[1] == Segment(DOTS)

"""Names of people, where a text says that they are names: 我叫…, …先生, My name is …, Kind regards, ….

A name alone is not looked for: 高兴 would be one. Chinese names begin with a common surname unless the text
says outright that a name follows; English ones are known by their capitals. Every search is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ahocorasick_rs import AhoCorasick

from cem.domain.findings import Pii

_HAN = "\u4e00-\u9fff"
_SURNAME = (
    "(?:欧阳|司徒|上官|诸葛|司马|夏侯|皇甫|令狐|端木|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚"
    "卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤温康施"
    "岑霍尤鲁葛俞倪翁阮麦洪庄文简游詹])"
)
_GIVEN = rf"(?:(?![的了是有在不我你他她们个这那就都也很和跟与上下到给说让把被吗吧呢啊])[{_HAN}]){{1,2}}"
_PERSON = _SURNAME + _GIVEN
_ENDS = rf"(?![{_HAN}])"
_ROLE = "(?:[订系诉约名货件访签]人|联络人|顾客|会员|住客|收件|署名|落款)"
_CHINESE = re.compile(
    rf"(?:我叫|本人叫|名字是|名字叫|姓名[:是 ]{{1,2}})(?![咗左既嘅做了过])(?P<any>[{_HAN}]{{2,4}}){_ENDS}"
    rf"|{_ROLE}[:是 ]{{0,2}}(?P<role>{_PERSON}){_ENDS}"
    rf"|(?:我是|我系|本人|此致|敬礼|敬上)[:!,。！ \n]{{0,3}}(?P<self>{_PERSON}){_ENDS}"
)
_ADDRESSED = re.compile(rf"(?P<titled>{_PERSON})(?=先生|女士|小姐|太太|的名字|的姓名|敬上|敬启|谨上)")
_ADDRESSES = ("先生", "女士", "小姐", "太太", "的名字", "的姓名", "敬上", "敬启", "谨上")
_INTRODUCES = ("我叫", "我是", "我系", "人", "名", "会员", "顾客", "住客", "收件", "此致", "敬礼", "敬上")
_NO_NAMES = frozenset(
    ("高中生", "常客", "金卡", "白金", "高管", "白领", "文员", "程序员", "任何人", "康复中")
)
_CAPITAL = (
    r"[A-Z\u00c0-\u00de](?:['’][A-Z])?[a-z\u00df-\u00ff]+(?:[A-Z][a-z]+)?(?:-[A-Z][a-z\u00df-\u00ff]+)?"
)
_OF = r"(?:van|von|de|da|bin|binti)(?: der| la)?"
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Dr|Mdm|Madam)\.? "
_SOME = rf"{_CAPITAL}(?: {_CAPITAL}| {_OF} {_CAPITAL}){{0,3}}"
_FULL = rf"{_CAPITAL}(?: {_CAPITAL}| {_OF} {_CAPITAL}){{1,3}}(?![a-zA-Z])"
_BOOKED = r"\b(?:under|(?:ask|booking|booked|reservation|table) for)"
_CLOSING = r"(?:regards|sincerely|faithfully|best wishes|cheers|yours|thanks|thank you)"
_ENGLISH = re.compile(
    rf"(?i:\bmy name(?: is|'s)|\bname ?:|\bin the name of|\bunder the name(?: of)?) (?P<said>{_SOME})"
    rf"|(?i:\bi'm|\bi am|{_BOOKED}) (?!{_TITLE})(?P<self>{_FULL})"
    rf"|(?i:\bthis is) (?P<here>{_FULL})(?= from| here| calling| speaking|,| in room| at table)"
    rf"|(?i:{_CLOSING}),?\s{{1,3}}(?P<signed>{_FULL})"
    rf"|\b{_TITLE}(?P<titled>{_SOME})"
)
_SAYS = (
    *("name", "i'm", "i am", "under", " for ", "this is"),
    *("regards", "sincerely", "faithfully", "wishes", "cheers", "yours", "thank"),
    *("mr", "ms", "miss", "dr", "mdm", "madam"),
)
_OWN = re.compile(
    r"my name(?: is|'s) (?!(?:on|in|not|the|and|still|spel\w+|mis\w+|wrong) )"
    r"(?P<name>[a-z]{2,20}(?: [a-z]{2,20})?)"
)

_LOOKS = ((_CHINESE, _INTRODUCES), (_ADDRESSED, _ADDRESSES), (_ENGLISH, _SAYS), (_OWN, ("my name",)))
_SIGNS = [(sign, look) for look, (_, signs) in enumerate(_LOOKS) for sign in signs]
_AUTOMATON = AhoCorasick(sign for sign, _ in _SIGNS)
_CAPITALS = re.compile("[A-Z][a-z]")


def find(folded: str, text: str) -> Iterator[Pii]:
    """Each name in the words that say it is one; spans of `folded` and of `text` are the same."""
    for pattern, where in _worth_trying(folded, text):
        for match in pattern.finditer(where):
            group = match.lastgroup or ""
            if match[group] not in _NO_NAMES:
                yield Pii("name", match.span(group))


def _worth_trying(folded: str, text: str) -> Iterator[tuple[re.Pattern[str], str]]:
    """Most texts name nobody: one look for a few pieces is a tenth of the work."""
    signs = _AUTOMATON.find_matches_as_indexes(folded, overlapping=True)
    for look in sorted({_SIGNS[number][1] for number, _, _ in signs}):
        pattern = _LOOKS[look][0]
        if pattern is not _ENGLISH:
            yield pattern, folded
        elif _CAPITALS.search(text):
            yield pattern, text

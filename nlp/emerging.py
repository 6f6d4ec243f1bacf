"""What customers write about this week and did not before: new phrases, each with the evidence. Pure.

A phrase of `a` of this week's N₁ texts and of `b` of the N₀ texts before is listed where a is too many by
chance: given a + b, a is binomial with N₁ / (N₀ + N₁) if nothing changed (J. Przyborowski and H. Wilenski,
Homogeneity of Results in Testing Samples from Poisson Series, Biometrika 31, 1940). All candidates are
tested, and the share of false ones among those that are listed is held below a twentieth, whatever they
depend on (Y. Benjamini and D. Yekutieli, The Control of the False Discovery Rate in Multiple Testing under
Dependency, Annals of Statistics 29, 2001). Texts are counted, not mentions, and texts that are nearly the
same count once.

A fragment is what nearly always has the same neighbour (Z. Harris, From Phoneme to Morpheme, Language 31,
1955: where one ends many things can follow), and a chance meeting of two words is hardly more frequent than
chance makes it (pointwise mutual information: K. Church and P. Hanks, Word Association Norms, Mutual
Information, and Lexicography, Computational Linguistics 16, 1990).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, log1p
from typing import Final

from nlp import phrases
from nlp.phrases import Phrase, Run
from nlp.script import fold

WEEKS: Final = 8
"""Weeks before this one that it is compared with."""
LEAST: Final = 5
"""Distinct texts that make a phrase."""
FALSE: Final = 0.05
"""The share of listed phrases that may be false."""
TIMES: Final = 3.0
"""So many times as frequent as before, at least: a small change in very many texts is no news."""
SAME_NEIGHBOUR: Final = 0.8
COHESION: Final = 0.5
"""Natural logarithm of how much more often the parts stand together than by chance."""
MOST: Final = 20
COMPARED: Final = 200
ALIKE: Final = 0.7
"""The share of common three-character pieces that makes two texts nearly the same."""


@dataclass(frozen=True, slots=True)
class Said:
    """One text. `week`: 0 is this one, 1 to 8 those before. `masked` spans are personal and never shown."""

    id: str
    text: str
    week: int
    label: str = "neutral"
    topics: tuple[str, ...] = ()
    site: str = ""
    masked: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Emerging:
    """`key` is the phrase in one script and small letters, `shown` as most people wrote it. `weeks`: in how
    many texts of each week, oldest first, this one last. `ids` are the texts of this week that hold it."""

    key: Phrase
    shown: str
    count: int
    before: int
    p_value: float
    weeks: tuple[int, ...]
    labels: dict[str, int]
    topics: tuple[str, ...]
    sites: dict[str, int]
    ids: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`totals`: distinct texts of each week, oldest first, this one last; `sites`: those of this week."""

    found: tuple[Emerging, ...]
    totals: tuple[int, ...]
    sites: dict[str, int]

    @property
    def texts(self) -> int:
        return self.totals[-1]

    @property
    def before(self) -> int:
        return sum(self.totals[:-1])


def emerging(texts: Iterable[Said], hidden: Collection[str] = (), background: Sequence[str] = ()) -> Outcome:
    """The phrases that are new, the clearest first. `hidden` ones are left out; `background`: texts of the
    same kind that stand in where little was said before."""
    distinct = _distinct(sorted(texts, key=lambda each: (each.week, each.id)))
    this = [each for each in distinct if not each.week]
    read = [phrases.runs(each.text, each.masked) for each in this]
    known, tried = phrases.frequent(read, LEAST)
    named = {phrase for phrase in known if phrases.names_something(phrase)}
    weekly, totals = _before(distinct, known, named)
    usual = Counter[Phrase]()
    for text in background:
        usual.update(phrases.held(phrases.runs(text), known, named))
    n, before = len(this), sum(totals) + len(background)
    tested = {
        phrase: (known[phrase], usual[phrase] + sum(week[phrase] for week in weekly)) for phrase in named
    }
    likely = _significant(tested, tried, n, before)
    chosen = [
        each
        for each in _whole(likely, known, read, n)
        if each not in hidden and _is_news(known[each], n, [w[each] for w in weekly], totals)
    ]
    found = _evidence(chosen, likely, this, read, weekly)
    sites = dict(Counter(each.site for each in this))
    return Outcome(tuple(found[:MOST]), (*reversed(totals), n), sites)


def tail(a: int, b: int, share: float) -> float:
    """The chance of `a` or more of `a + b` where each falls to the first with `share`."""
    k = a + b
    if a <= k * share or share >= 1.0:
        return 1.0
    term = exp(lgamma(k + 1) - lgamma(a + 1) - lgamma(b + 1) + a * log(share) + b * log1p(-share))
    total, odds = 0.0, share / (1 - share)
    for i in range(a, k + 1):
        total += term
        term *= odds * (k - i) / (i + 1)
        if term < total * 1e-12:
            break
    return min(total, 1.0)


def _distinct(texts: Sequence[Said]) -> list[Said]:
    """Without texts that say the same letter by letter, in whatever script, within one week."""
    found: dict[tuple[int, str], Said] = {}
    for each in texts:
        found.setdefault((each.week, "".join(filter(str.isalpha, fold(each.text)))), each)
    return list(found.values())


def _before(
    texts: Sequence[Said], known: Collection[Phrase], named: Collection[Phrase]
) -> tuple[list[Counter[Phrase]], list[int]]:
    """How often each week before held each phrase, the last week first; and how many texts it had."""
    weekly: list[Counter[Phrase]] = [Counter() for _ in range(WEEKS)]
    totals = [0] * WEEKS
    for each in texts:
        if 1 <= each.week <= WEEKS:
            totals[each.week - 1] += 1
            if named:
                weekly[each.week - 1].update(phrases.held(phrases.runs(each.text, each.masked), known, named))
    return weekly, totals


def _significant(
    tested: dict[Phrase, tuple[int, int]], tried: int, n: int, before: int
) -> dict[Phrase, float]:
    """Those that hold against all the others, with their p-value. Whatever was too rare to be tested counts
    among the `tried`: it was left out because of what this week says."""
    if not n or not before:
        return {}
    share = n / (n + before)
    ranked = sorted((tail(a, b, share), phrase) for phrase, (a, b) in tested.items())
    many = max(tried, len(ranked), 1)
    each = FALSE / (many * sum(1 / i for i in range(1, many + 1)))
    last = max((i for i, (p, _) in enumerate(ranked, 1) if p <= i * each), default=0)
    return {phrase: p for p, phrase in ranked[:last]}


def _is_news(a: int, n: int, weekly: Sequence[int], totals: Sequence[int]) -> bool:
    """Much more than here before in all, and more than in any single week before."""
    b, before = sum(weekly), max(1, sum(totals))
    usual = max((c / total for c, total in zip(weekly, totals, strict=True) if total >= 20), default=0.0)
    return a / n >= TIMES * b / before and a / n > 2 * usual


def _whole(
    likely: dict[Phrase, float], known: dict[Phrase, int], texts: Sequence[Sequence[Run]], n: int
) -> list[Phrase]:
    """Without fragments of longer phrases and chance meetings of words, the clearest first."""
    cohesive = {phrase for phrase in likely if _cohesion(phrase, known, n) >= COHESION}
    around: dict[Phrase, tuple[Counter[str], Counter[str], int]] = {}
    for text in texts:
        for phrase in phrases.held(text, known, cohesive):
            left, right, times = around.get(phrase, (Counter(), Counter(), 0))
            for before, after in phrases.neighbours(phrase, text):
                left[before] += bool(before)
                right[after] += bool(after)
                times += 1
            around[phrase] = left, right, times
    free = [
        phrase
        for phrase, (left, right, times) in around.items()
        if max([*left.values(), *right.values(), 0]) < SAME_NEIGHBOUR * times
    ]
    return sorted(free, key=lambda phrase: (likely[phrase], -len(phrase), phrase))


def _cohesion(phrase: Phrase, known: dict[Phrase, int], n: int) -> float:
    """Of the two parts that belong together least."""
    count = known[phrase]
    return min(
        (log(n * count / (known[one] * known[other])) for one, other in phrases.splits(phrase)),
        default=COHESION,
    )


def _evidence(
    chosen: Sequence[Phrase],
    likely: dict[Phrase, float],
    this: Sequence[Said],
    read: Sequence[Sequence[Run]],
    weekly: Sequence[Counter[Phrase]],
) -> list[Emerging]:
    parts = {phrase[:i] for phrase in chosen for i in range(1, len(phrase) + 1)}
    holding: dict[Phrase, list[Said]] = {phrase: [] for phrase in chosen}
    for said, text in zip(this, read, strict=True):
        for phrase in phrases.held(text, parts, holding):
            holding[phrase].append(said)
    found: list[Emerging] = []
    taken: list[tuple[Phrase, set[str]]] = []
    for phrase in chosen:
        ids = {said.id for said in holding[phrase]}
        longer = {said.id for other in chosen if phrase in other != phrase for said in holding[other]}
        if len(ids & longer) >= SAME_NEIGHBOUR * len(ids):
            continue  # it is only a part of them: 餐机 of 点餐机 and of 送餐机器人
        if any(_overlap(phrase, ids, *other) for other in taken):
            continue
        different = _different(holding[phrase])
        if len(different) < LEAST:
            continue
        taken.append((phrase, ids))
        found.append(_told(phrase, likely[phrase], holding[phrase], different, weekly))
    return found


def _overlap(phrase: Phrase, ids: set[str], other: Phrase, others: set[str]) -> bool:
    """Whether one is a part of the other and mostly said in the same texts, or is said in the very same."""
    common = len(ids & others)
    part = phrase in other or other in phrase
    return common >= (0.5 if part else 0.9) * min(len(ids), len(others))


def _different(texts: Sequence[Said]) -> list[Said]:
    """Without those that are nearly the same as one before."""
    kept: list[Said] = []
    pieces: list[set[str]] = []
    for said in texts[:COMPARED]:
        letters = "".join(filter(str.isalpha, fold(said.text)))
        own = {letters[i : i + 3] for i in range(max(1, len(letters) - 2))}
        if all(len(own & other) < ALIKE * len(own | other) for other in pieces):
            kept.append(said)
            pieces.append(own)
    return [*kept, *texts[COMPARED:]]


def _told(
    phrase: Phrase,
    p_value: float,
    holding: Sequence[Said],
    different: Sequence[Said],
    weekly: Sequence[Counter[Phrase]],
) -> Emerging:
    before = [week[phrase] for week in weekly]
    topics = Counter(code for said in holding for code in said.topics)
    often = [
        code
        for code, count in sorted(topics.items(), key=lambda one: (-one[1], one[0]))
        if count * 3 >= len(holding)
    ]
    clear = sorted(different, key=lambda said: (abs(len(said.text) - 40), said.id))
    return Emerging(
        key=phrase,
        shown=_as_written(phrase, holding),
        count=len(different),
        before=sum(before),
        p_value=p_value,
        weeks=(*reversed(before), len(different)),
        labels=dict(Counter(said.label for said in different)),
        topics=tuple(often[:2]),
        sites=dict(Counter(said.site for said in different)),
        ids=tuple(said.id for said in different),
        examples=tuple(said.id for said in clear[:3]),
    )


def _as_written(phrase: Phrase, holding: Sequence[Said]) -> str:
    """As most people wrote it: in their script, with their capitals."""
    forms: Counter[str] = Counter()
    for said in holding:
        start = fold(said.text).find(phrase)
        if start >= 0:
            forms[said.text[start : start + len(phrase)]] += 1
    return min(forms, key=lambda form: (-forms[form], form)) if forms else phrase

"""The carried word pieces as a tokenizer: sentence pieces by their scores, after `nmt_nfkc`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nlp.models.carried import Vocabulary
from nlp.models.pieces import SPACE

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MASK = "<mask>"
_TILDE, _ASIDE = "\uff5e", "\ue123"
"""The one character that `nmt_nfkc` leaves alone and NFKC would change; it steps aside meanwhile."""


def build(vocabulary: Vocabulary, ids: Sequence[int]) -> Tokenizer:
    """A tokenizer of the pieces `ids`, numbered anew in that order."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    pieces = [(vocabulary.pieces[id], vocabulary.scores[id]) for id in ids]
    new = {old: id for id, old in enumerate(ids)}
    tokenizer = Tokenizer(Unigram(pieces, unk_id=new[vocabulary.unk], byte_fallback=False))
    steps: list[Any] = [
        normalizers.Nmt(),
        normalizers.Replace(_TILDE, _ASIDE),
        normalizers.NFKC(),
        normalizers.Replace(_ASIDE, _TILDE),
        normalizers.Replace(Regex(" {2,}"), " "),
    ]
    tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(SPACE, prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(SPACE, prepend_scheme="always", split=True)
    begin, end = vocabulary.pieces[vocabulary.bos], vocabulary.pieces[vocabulary.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, new[vocabulary.bos]), (end, new[vocabulary.eos])],
    )
    names = [vocabulary.pieces[id] for id in vocabulary.special]
    tokenizer.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in names])
    if MASK in vocabulary.pieces:
        tokenizer.add_special_tokens([AddedToken(MASK, lstrip=True, special=True, normalized=False)])
    return tokenizer

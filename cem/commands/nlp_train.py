"""`cem nlp train`: fit the head of the `standard` profile, measure it, and let it read if it is not worse."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cem import clock
from cem.commands import Trouble
from cem.commands.hub import settings_here
from cem.commands.streams import bar

if TYPE_CHECKING:
    from nlp.gate import Refusal
    from nlp.models.embedder import Embedder

REFUSED = 1


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=0, help="the same seed makes the same head (0)")
    parser.add_argument("--out", type=Path, help="the candidate (instance/models/heads/candidate.json)")
    parser.add_argument(
        "--promote", action="store_true", help="let it read from now on, if the gate lets it pass"
    )
    parser.add_argument(
        "--head", type=Path, help="the head to compare with and replace (the one in use here)"
    )
    parser.add_argument(
        "--similar",
        action="store_true",
        help="fit instead how vectors are turned before they are compared, and write it into the package",
    )
    parser.add_argument(
        "--adapter",
        action="store_true",
        help="teach instead the upper layers of the encoder, and write them into the package (nlp extra)",
    )

    parser.add_argument(
        "--ngrams",
        action="store_true",
        help="teach instead the n-grams of `fast`, and write them into the package (nlp extra)",
    )


def run(args: Namespace) -> int | None:
    if args.similar:
        _fit_turn()
        return None
    if args.adapter:
        _teach(args.seed)
        return None
    if args.ngrams:
        _teach_ngrams()
        return None
    return _fit_head(args)


def _teach(seed: int) -> None:
    """The head that weighs what they say is to be fitted anew afterwards."""
    from nlp.corpus.taught import taught
    from nlp.models import Unavailable, adapter
    from nlp.models.store import ensure

    try:
        folder = ensure(settings_here().models)
        from nlp.teach import teach
    except Unavailable as error:
        raise Trouble(f"There is nothing to teach: {error}.") from error
    except ImportError as error:
        raise Trouble("To teach the encoder, install the nlp extra: pip install 'answered[nlp]'.") from error
    with bar(desc="teaching", unit=" %", total=100) as told:
        version, advance = adapter.shipped().version + 1, lambda share: told.update(100 * share - told.n)
        made = teach(folder, taught(), version, advance, seed)
    adapter.write(made, adapter.FILE)
    print(f"Version {made.version}, taught with {len(taught())} sentences, stands in {adapter.FILE}")


def _teach_ngrams() -> None:
    """And fit how `fast` is read with them. The head of `standard`, which listens to it, is to follow."""
    from nlp import ngrams
    from nlp.corpus.taught import taught
    from nlp.corpus.told import told

    try:
        from nlp import words_fit
        from nlp.teach_ngrams import teach
    except ImportError as error:
        raise Trouble("To teach the n-grams, install the nlp extra: pip install 'answered[nlp]'.") from error
    rows, risks = taught(), {row.text: row.risks for row in told("train", "seen")}
    version = ngrams.shipped().version + 1
    with bar(desc="teaching", unit=" %", total=100) as seen:
        made = teach(rows, risks, version, lambda share: seen.update(100 * share - seen.n))
    ngrams.write(made, ngrams.FILE)
    ngrams.shipped.cache_clear()
    words_fit.refit()
    print(f"Version {made.version}, {len(made.hashes)} n-grams, stands in {ngrams.FILE}")


def _fit_turn() -> None:
    """On every sentence of our own; texts that are stored get their new vectors by `cem reanalyse`."""
    from nlp import corpus, similar
    from nlp.models import Unavailable
    from nlp.models.embedder import Embedder
    from nlp.models.store import ENCODER, ensure
    from nlp.train import vectors

    try:
        folder = ensure(settings_here().models)
    except Unavailable as error:
        raise Trouble(f"There is nothing to fit on: {error}.") from error
    texts = [each.text for each in corpus.sentences()]
    with bar(desc="fitting", unit=" sentences", total=len(texts)) as told:
        rows = vectors(Embedder(folder), texts, told.update)
    turn = similar.fit(rows, ENCODER, similar.stored().version + 1 if similar.FILE.exists() else 1)
    similar.write(turn)
    print(f"{turn.space}, fitted on {len(texts)} sentences, stands in {similar.FILE}")


def _fit_head(args: Namespace) -> int | None:
    from nlp import gate, train
    from nlp.backends.encoder import Head, head_in_use
    from nlp.head_files import promoted
    from nlp.models import Unavailable
    from nlp.models.embedder import Embedder
    from nlp.models.store import ENCODER, ensure

    models = settings_here().models
    try:
        folder = ensure(models)
        current = Head.of(train.stored(args.head)) if args.head else head_in_use(models)
    except (Unavailable, OSError, ValueError, KeyError) as error:
        raise Trouble(f"There is nothing to fit a head on: {error}.") from error
    embedder = Embedder(folder)
    with bar(desc="fitting", unit=" sentences", total=_sentences()) as told:
        made = train.candidate(embedder, ENCODER, current.version + 1, args.seed, told.update)
    before, after = _both(embedder, current, Head.of(made))
    made["metrics"] = _summary(after)
    made["made_at"] = clock.now().isoformat(timespec="seconds")
    train.write(made, args.out or promoted(models).with_name("candidate.json"))
    found = gate.refusals(before, after)
    print("\n".join(_said(before, after, found)))
    if not args.promote:
        return None
    if found:
        print("cem: the new head is refused; the one in use stays.", file=sys.stderr)
        return REFUSED
    train.write(made, args.head or promoted(models))
    print(f"Version {made['version']} reads from now on; the one before stands beside it.")
    return None


def _sentences() -> int:
    from nlp import corpus

    return len(corpus.sentences("train"))


def _both(embedder: Embedder, *heads: Any) -> list[dict[str, Any]]:
    """What each head makes of the frozen part; every text is embedded once."""
    from nlp import tables
    from nlp.backends.encoder import EncoderBackend
    from nlp.labelled import own
    from nlp.models.embedder import Remembering
    from nlp.packs import load_pack
    from nlp.pipeline import Pipeline
    from nlp.topics import TopicFinder

    sets, once = own(), Remembering(embedder)
    measured = []
    with bar(desc="measuring", unit=" texts", total=2 * tables.count(sets)) as told:
        for head in heads:
            pipeline = Pipeline(EncoderBackend(once, head), TopicFinder(load_pack("restaurant")))
            measured.append(tables.measure(pipeline, sets, told.update, compare=False))
    return measured


_TOLD = ("accuracy", "macro_f1", "calibration_error", "coverage_at_95")


def _summary(table: dict[str, Any]) -> dict[str, Any]:
    """What a head's file says of it."""
    told = {name: round(table["pooled"][name], 4) for name in _TOLD}
    parts = {name: round(row["macro_f1"], 4) for name, row in table["parts"].items()}
    return {"n": table["pooled"]["n"], **told, "parts": parts, "risks": table["risks"]["recall_of_any"]}


def _said(before: dict[str, Any], after: dict[str, Any], found: tuple[Refusal, ...]) -> list[str]:
    texts = f"on {after['pooled']['n']} held out sentences"
    lines = [f"{texts:<32}  {before['model']:>12}  {after['model']:>12}"]
    for name in _TOLD:
        lines.append(f"{name:<32}  {before['pooled'][name]:>12.4f}  {after['pooled'][name]:>12.4f}")
    for refusal in found:
        now = "not measured" if refusal.after is None else f"{refusal.after:.4f}"
        lines.append(f"refused ({refusal.code}) {refusal.part}: {refusal.before:.4f} -> {now}")
    return lines if found else [*lines, "nothing is worse: the gate lets it pass"]

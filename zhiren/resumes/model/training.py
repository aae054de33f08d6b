"""From labelled texts to a model with its card: readers of two published formats, training, figures."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from typing import Any

from zhiren.resumes.model import crf, metrics
from zhiren.resumes.model.learning import Example, Plan, learn
from zhiren.resumes.model.linear import Linear, learn_linear
from zhiren.resumes.model.made_up import Labelled
from zhiren.resumes.model.network import Network
from zhiren.resumes.model.tagger import Language, Tagger, spans_of, tags_for
from zhiren.resumes.model.views import VIEWS

Say = Callable[[str], None]
LINEAR_SHARE = 0.5
"""What the linear part counts beside the networks. From two fifths to two thirds made no difference that counts."""
LEAST_WEIGHTS = {"zh": 0.1, "en": 0.0}
"""Marks of less weight make no difference to what is found and cost time: three of four Chinese ones are such."""
PLANS = {
    "zh": Plan(
        widths=(64, 64, 16, 48),
        at_least=(1, 2, 1, 2),
        forgets=(True, True, False, True),
        size=96,
        rounds=14,
        batch=32,
        rate=0.005,
    ),
    "en": Plan(
        widths=(64, 24, 16, 24),
        at_least=(2, 2, 1, 1),
        forgets=(True, True, False, False),
        size=64,
        rounds=14,
        batch=8,
        rate=0.004,
    ),
}
SMALL_PLANS = {
    "zh": Plan(
        widths=(40, 32, 12, 24),
        at_least=(2, 6, 1, 6),
        forgets=(True, True, False, True),
        size=64,
        rounds=10,
        batch=32,
        rate=0.005,
    ),
    "en": Plan(
        widths=(32, 16, 12, 16),
        at_least=(3, 3, 1, 1),
        forgets=(True, True, False, False),
        size=48,
        rounds=10,
        batch=8,
        rate=0.004,
    ),
}
"""For the models that come with the package: half the size, a little less good."""
_EAGERNESS = (0.0, 0.3, 0.6, 1.0, 1.5, 2.0, 2.5)
_TEMPERATURES = (0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.3, 2.6, 3.0)
_BMES_LABELS = {
    "NAME": "name",
    "CONT": "country",
    "RACE": "ethnicity",
    "LOC": "place",
    "EDU": "degree",
    "ORG": "org",
    "PRO": "major",
    "TITLE": "title",
}
_SPAN_LABELS = {
    "Name": "name",
    "Companies worked at": "employer",
    "Designation": "title",
    "College Name": "school",
    "Degree": "degree",
    "Location": "place",
    "Graduation Year": "graduation",
    "Email Address": "mail",
    "Years of Experience": "experience",
    "Skills": "skills",
}
LABELS = {
    "zh": tuple(_BMES_LABELS.values()),
    "en": (
        "name",
        "employer",
        "title",
        "school",
        "degree",
        "major",
        "place",
        "graduation",
        "mail",
        "experience",
        "skills",
    ),
}


def read_bmes(text: str) -> list[Labelled]:
    """Return the sentences of a file with a character and its BMES tag on each line blank lines between."""
    found = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        rows = [row.split(" ") for row in block.split("\n") if row]
        if not rows:
            continue
        tags = [row[-1] if row[-1] == "O" else f"{row[-1][:2]}{_BMES_LABELS[row[-1][2:]]}" for row in rows]
        found.append(
            Labelled(
                "".join(row[0] for row in rows), tuple((start, end, label) for label, start, end in spans_of(tags))
            )
        )
    return found


def read_spans(text: str) -> list[Labelled]:
    """Return the texts of a JSON-lines file with `content` and spans in `annotation`, their ends inclusive.

    Blanks at the edges of a span are not part of it; of two spans that overlap the longer one stays; spans labelled
    otherwise than the ten known labels are left out.
    """
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        item = json.loads(line)
        content = item["content"]
        entities: list[tuple[int, int, str]] = []
        for note in item["annotation"] or ():
            for label in note["label"]:
                if label not in _SPAN_LABELS:
                    continue
                for point in note["points"]:
                    start, end = point["start"], min(point["end"] + 1, len(content))
                    inner = content[start:end]
                    start += len(inner) - len(inner.lstrip())
                    end -= len(inner) - len(inner.rstrip())
                    if end > start:
                        entities.append((start, end, _SPAN_LABELS[label]))
        kept: list[tuple[int, int, str]] = []
        for start, end, label in sorted(set(entities), key=lambda entity: entity[0] - entity[1]):
            if all(end <= other[0] or other[1] <= start for other in kept):
                kept.append((start, end, label))
        found.append(Labelled(content, tuple(sorted(kept))))
    return found


def train(
    language: Language,
    examples: Sequence[Labelled],
    *,
    seed: int = 3,
    networks: int = 1,
    plan: Plan | None = None,
    rounds: int = 100,
    at_least: int = 1,
    workers: int = 1,
    say: Say = lambda _: None,
) -> Tagger:
    """Return a model of these texts, its card still empty. `networks` of 0 leaves the linear part alone.

    `workers` is how many processes share the work. The same texts and seed give the same model.
    """
    labels = LABELS[language]
    least_weight = 0.0 if plan else LEAST_WEIGHTS[language]
    pieces = [part for example in examples for part in _cut(language, example)]
    say(f"{len(pieces)} texts; the linear part and {networks} networks, {workers} at a time")
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            linear_later = pool.submit(_linear, language, pieces, rounds, at_least, least_weight)
            later = [
                pool.submit(_network, language, pieces, plan or PLANS[language], seed + number)
                for number in range(networks)
            ]
            linear, learned = linear_later.result(), tuple(part.result() for part in later)
    else:
        linear = _linear(language, pieces, rounds, at_least, least_weight)
        learned = tuple(
            _network(language, pieces, plan or PLANS[language], seed + number, say) for number in range(networks)
        )
    return Tagger(
        language=language,
        labels=labels,
        linear=linear,
        networks=learned,
        linear_share=LINEAR_SHARE if networks else 1.0,
        temperature=1.0,
        eagerness=0.0,
        card={},
    )


def _linear(language: Language, pieces: Sequence[Labelled], rounds: int, at_least: int, least_weight: float) -> Linear:
    view = VIEWS[language]
    return learn_linear(
        [(view.marks(piece.text), _tags(language, piece)) for piece in pieces],
        crf.tags_of(LABELS[language]),
        rounds=rounds,
        at_least=at_least,
        least_weight=least_weight,
    )


def _network(language: Language, pieces: Sequence[Labelled], plan: Plan, seed: int, say: Say | None = None) -> Network:
    view = VIEWS[language]
    tags = crf.tags_of(LABELS[language])
    number_of = {tag: number for number, tag in enumerate(tags)}
    examples: list[Example] = [
        (view.words(piece.text), [number_of[tag] for tag in _tags(language, piece)]) for piece in pieces
    ]
    return learn(examples, tags, plan, seed=seed, say=say)


def _cut(language: Language, example: Labelled) -> list[Labelled]:
    """Return a text in the pieces the model sees; an entity cut in two is lost."""
    parts = []
    for offset, piece in VIEWS[language].pieces(example.text):
        end = offset + len(piece)
        parts.append(
            Labelled(
                piece,
                tuple(
                    (start - offset, stop - offset, label)
                    for start, stop, label in example.entities
                    if offset <= start and stop <= end
                ),
            )
        )
    return [part for part in parts if VIEWS[language].units(part.text)]


def _tags(language: Language, example: Labelled) -> list[str]:
    units = VIEWS[language].units(example.text)
    inside = []
    for start, end, label in example.entities:
        covered = [number for number, (first, last) in enumerate(units) if first < end and start < last]
        if covered:
            inside.append((label, covered[0], covered[-1] + 1))
    return tags_for(inside, len(units))


def calibrated(tagger: Tagger, examples: Sequence[Labelled], *, eager: bool = False) -> Tagger:
    """Return the same model with the temperature at which its probabilities are least off on these texts.

    What it finds stays the same, unless `eager`: then it is also made as eager to find as gives the best F1 here, for
    data whose annotators left much out.
    """
    texts = [example.text for example in examples]
    true = [[(label, start, end) for start, end, label in example.entities] for example in examples]

    def good(eagerness: float) -> float:
        given = replace(tagger, eagerness=eagerness).entities(texts)
        return metrics.exact(true, [[entity[:3] for entity in entities] for entities in given])[metrics.ALL].f1

    if eager:
        tagger = replace(tagger, eagerness=max(_EAGERNESS, key=good))

    def off(temperature: float) -> float:
        given = replace(tagger, temperature=temperature).entities(texts)
        return metrics.calibration_error(metrics.reliability(true, given))

    return replace(tagger, temperature=min(_TEMPERATURES, key=off))


def judged(tagger: Tagger, examples: Sequence[Labelled]) -> dict[str, Any]:
    """Return the figures of a model on texts it has not seen, as they stand in a card.

    `f1` and `labels` count an entity as right if label, start and end are; `overlap_f1` if at least half of both is
    common. The reliability table tells how often entities given with a probability were right.
    """
    texts = [example.text for example in examples]
    given = tagger.entities(texts)
    true = [[(label, start, end) for start, end, label in example.entities] for example in examples]
    bare = [[(label, start, end) for label, start, end, _ in entities] for entities in given]
    scores, overlap = metrics.exact(true, bare), metrics.overlapping(true, bare)
    bands = metrics.reliability(true, given)
    return {
        "texts": len(examples),
        "f1": round(scores[metrics.ALL].f1, 2),
        "overlap_f1": round(overlap[metrics.ALL].f1, 2),
        "labels": {
            label: {
                "precision": round(score.precision, 2),
                "recall": round(score.recall, 2),
                "f1": round(score.f1, 2),
                "overlap_f1": round(overlap[label].f1, 2),
                "true": score.true,
            }
            for label, score in scores.items()
            if label != metrics.ALL
        },
        "reliability": [[band.low, band.high, band.count, band.said, band.right] for band in bands],
        "calibration_error": round(metrics.calibration_error(bands), 4),
    }


def card(*, sets: Sequence[dict[str, Any]], on: date, figures: dict[str, Any], note: str) -> dict[str, Any]:
    """Return what a model's card says beside its format: data, day, figures and the versions it was made with."""
    return {
        "trained_on": list(sets),
        "date": on.isoformat(),
        "note": note,
        "figures": figures,
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "python-crfsuite", "rjieba")},
        },
    }

"""What `zhiren train` does: reads data, has models trained, writes them with their cards."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from zhiren.resumes.model import made_up, store, training
from zhiren.resumes.model.made_up import Labelled
from zhiren.resumes.model.tagger import Language, Tagger

Say = Callable[[str], None]
CHINESE_TRAIN, CHINESE_DEV = Path("resume_ner_zh/train.char.bmes"), Path("resume_ner_zh/dev.char.bmes")
ENGLISH = Path("resume_entities_en/traindata.json.gz")
MADE_UP_ENGLISH = 60
"""How many made-up résumés are mixed in. None in Chinese: 3,000 lines beside the 3,821 sentences of ResumeNER took
about half a point of F1 from each part of the model on the development part."""
SHIPPED_LINES = {"zh": 5_000, "en": 250}
SHIPPED_TEMPERATURE = 2.5
"""Real texts are less like made-up ones than these are like each other: at this the probabilities of the Chinese model
are off by 0.02 on ResumeNER's development part; at 1 by 0.11."""
SEED, OTHER_SEED = 7, 8
SHIPPED_NOTE = "Trained on texts this project makes up, and on nothing else: no real résumé went into it."
TRAINED_NOTE = "Trained on data of this installation; it may hold words of it. Do not pass it on."


class NoData(ValueError):
    """The folder holds none of the files a model can be trained on."""


def train_resumes(*, data: Path, out: Path, on: date, say: Say, workers: int = 1) -> dict[Language, dict[str, Any]]:
    """Train a model for each language whose data the folder has, write them and return their figures.

    Chinese: judged on the development part, which nothing is learned from but the temperature (on its even sentences;
    the reliability is told for the odd ones). English: judged on every fifth document by a model of the others.

    Raises:
        NoData: there is nothing to learn from.
    """
    figures: dict[Language, dict[str, Any]] = {}
    out.mkdir(parents=True, exist_ok=True)
    if (data / CHINESE_TRAIN).is_file():
        say("Chinese")
        figures["zh"] = _write(out, _chinese(data, on=on, say=say, workers=workers), say)
    if (data / ENGLISH).is_file():
        say("English")
        figures["en"] = _write(out, _english(data, on=on, say=say, workers=workers), say)
    if not figures:
        raise NoData(f"{data} has neither {CHINESE_TRAIN} nor {ENGLISH}")
    return figures


def train_shipped(*, out: Path, on: date, say: Say, workers: int = 1) -> dict[Language, dict[str, Any]]:
    """Train the small models that come with the package, from made-up texts alone, write them and return figures."""
    figures: dict[Language, dict[str, Any]] = {}
    out.mkdir(parents=True, exist_ok=True)
    languages: tuple[Language, ...] = ("zh", "en")
    for language in languages:
        say("Chinese" if language == "zh" else "English")
        make = made_up.chinese if language == "zh" else made_up.english
        count = SHIPPED_LINES[language]
        tagger = training.train(
            language,
            make(count, seed=SEED),
            networks=1,
            plan=training.SMALL_PLANS[language],
            rounds=60,
            at_least=2,
            workers=workers,
            say=say,
        )
        tagger = replace(tagger, temperature=SHIPPED_TEMPERATURE)
        found = training.judged(tagger, make(count // 10, seed=OTHER_SEED))
        sets = [{"name": "made-up texts", "texts": count, "seed": SEED}]
        note = f"{SHIPPED_NOTE} The figures are of other made-up texts: they say little of real ones."
        figures[language] = _write(
            out, replace(tagger, card=training.card(sets=sets, on=on, figures=found, note=note)), say
        )
    return figures


def _chinese(data: Path, *, on: date, say: Say, workers: int = 1) -> Tagger:
    raw = (data / CHINESE_TRAIN).read_bytes()
    examples = training.read_bmes(raw.decode())
    sets = [_described("ResumeNER, train", raw, examples)]
    tagger = training.train("zh", examples, workers=workers, say=say)
    found: dict[str, Any] = {}
    if (data / CHINESE_DEV).is_file():
        dev = training.read_bmes((data / CHINESE_DEV).read_text(encoding="utf-8"))
        tagger = training.calibrated(tagger, dev[::2])
        odd = training.judged(tagger, dev[1::2])
        tagger = replace(tagger, temperature=SHIPPED_TEMPERATURE)
        found = training.judged(tagger, dev) | {
            "on": "ResumeNER, dev",
            "reliability": odd["reliability"],
            "calibration_error": odd["calibration_error"],
        }
    return replace(tagger, card=training.card(sets=sets, on=on, figures=found, note=TRAINED_NOTE))


def _english(data: Path, *, on: date, say: Say, workers: int = 1) -> Tagger:
    raw = (data / ENGLISH).read_bytes()
    examples = training.read_spans(gzip.decompress(raw).decode())
    mixed = made_up.english(MADE_UP_ENGLISH, seed=SEED)
    held = examples[::5]
    say("on four of five documents, to be judged on the fifth")
    judge = training.train("en", [*_others(examples), *mixed], workers=workers, say=say)
    judge = training.calibrated(judge, held[::2], eager=True)
    odd = training.judged(judge, held[1::2])
    found = training.judged(judge, held) | {
        "on": "every fifth document, by a model of the others",
        "reliability": odd["reliability"],
        "calibration_error": odd["calibration_error"],
    }
    say("on all documents")
    tagger = training.train("en", [*examples, *mixed], workers=workers, say=say)
    tagger = replace(tagger, temperature=judge.temperature, eagerness=judge.eagerness)
    sets = [
        _described("Dataturks résumés", raw, examples),
        {"name": "made-up texts", "texts": len(mixed), "seed": SEED},
    ]
    return replace(tagger, card=training.card(sets=sets, on=on, figures=found, note=TRAINED_NOTE))


def _others(examples: Sequence[Labelled]) -> list[Labelled]:
    return [example for number, example in enumerate(examples) if number % 5]


def _described(name: str, raw: bytes, examples: Sequence[Labelled]) -> dict[str, Any]:
    entities = sum(len(example.entities) for example in examples)
    return {"name": name, "texts": len(examples), "entities": entities, "sha256": hashlib.sha256(raw).hexdigest()}


def _write(out: Path, tagger: Tagger, say: Say) -> dict[str, Any]:
    for name, content in store.to_files(tagger).items():
        (out / name).write_bytes(content)
        say(f"{out / name}: {len(content) / 1e6:.2f} MB")
    found: dict[str, Any] = tagger.card["figures"]
    return found

"""Keeping a model: numbers and words in one compressed file, a card of plain JSON beside it. Nothing of it is code."""

from __future__ import annotations

import functools
import hashlib
import io
import json
from collections.abc import Iterable
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zhiren.resumes.model.linear import Linear
from zhiren.resumes.model.network import Network
from zhiren.resumes.model.tagger import Language, Tagger
from zhiren.resumes.model.views import VIEWS

FORMAT = 1
LANGUAGES: tuple[Language, ...] = ("zh", "en")


class UnusableModel(ValueError):
    """A model's files are incomplete, were changed, or belong to another version of this package."""


def to_files(tagger: Tagger) -> dict[str, bytes]:
    """Return the files of a model by their names: `zh.npz` and its card `zh.json`."""
    arrays: dict[str, npt.NDArray[Any]] = {"marks": _packed_words(tagger.linear.marks)}
    places = np.flatnonzero(tagger.linear.rows)
    arrays["rows_at"] = np.diff(places, prepend=0).astype(np.uint32)
    arrays["rows"] = tagger.linear.rows.ravel()[places].astype(np.float16)
    arrays["transitions"] = tagger.linear.transitions
    for number, network in enumerate(tagger.networks):
        for kind, words in enumerate(network.words):
            arrays[f"{number}.dictionary{kind}"] = _packed_words(words)
        for name, values in network.weights.items():
            if name.startswith("words"):
                scale = np.maximum(np.abs(values).max(axis=1, keepdims=True) / 127, 1e-8)
                arrays[f"{number}.{name}"] = np.rint(values / scale).astype(np.int8)
                arrays[f"{number}.{name}.scale"] = scale.astype(np.float16)
            else:
                arrays[f"{number}.{name}"] = values.astype(np.float16)
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    data = file.getvalue()
    card = {
        "format": FORMAT,
        "language": tagger.language,
        "features": VIEWS[tagger.language].version,
        "labels": list(tagger.labels),
        "networks": len(tagger.networks),
        "linear_share": tagger.linear_share,
        "temperature": tagger.temperature,
        "eagerness": tagger.eagerness,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        **tagger.card,
    }
    text = json.dumps(card, ensure_ascii=False, indent=2) + "\n"
    return {f"{tagger.language}.npz": data, f"{tagger.language}.json": text.encode()}


def from_files(data: bytes, card_text: str) -> Tagger:
    """Return the model in these files.

    Raises:
        UnusableModel: they do not belong together, are damaged, or were made for other features.
    """
    try:
        card = json.loads(card_text)
        language: Language = card["language"]
        if card["format"] != FORMAT or card["features"] != VIEWS[language].version:
            raise UnusableModel("the model was trained for another version: train it again")
        if hashlib.sha256(data).hexdigest() != card["sha256"]:
            raise UnusableModel("the model is not the one its card describes")
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return _tagger(language, card, arrays)
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise UnusableModel("the model or its card is incomplete") from error


def load(folder: Path | None) -> dict[Language, Tagger]:
    """Return the models of a folder by language; those that come with the package where the folder has none.

    Each file is read once a process.

    Raises:
        UnusableModel: a model of the folder cannot be used.
    """
    return {language: _read_once(folder if _has(folder, language) else None, language) for language in LANGUAGES}


def _has(folder: Path | None, language: Language) -> bool:
    return folder is not None and (folder / f"{language}.json").is_file()


@functools.cache
def _read_once(folder: Path | None, language: Language) -> Tagger:
    base: Traversable = folder or resources.files("zhiren.resumes.model").joinpath("data")
    return from_files(
        base.joinpath(f"{language}.npz").read_bytes(), base.joinpath(f"{language}.json").read_text(encoding="utf-8")
    )


def _tagger(language: Language, card: dict[str, Any], arrays: Any) -> Tagger:
    marks = _words(arrays["marks"], first=1)
    rows = np.zeros((len(marks) + 1, arrays["transitions"].shape[0]), dtype=np.float32)
    rows.ravel()[np.cumsum(arrays["rows_at"], dtype=np.int64)] = arrays["rows"]
    networks = []
    for number in range(card["networks"]):
        mine = [name for name in arrays.files if name.startswith(f"{number}.")]
        kinds = sum(1 for name in mine if ".dictionary" in name)
        weights = {
            name.partition(".")[2]: arrays[name].astype(np.float32)
            for name in mine
            if ".dictionary" not in name and not name.endswith(".scale")
        }
        for kind in range(kinds):
            weights[f"words{kind}"] *= arrays[f"{number}.words{kind}.scale"].astype(np.float32)
        words = tuple(_words(arrays[f"{number}.dictionary{kind}"], first=2) for kind in range(kinds))
        networks.append(Network(words, weights))
    return Tagger(
        language=language,
        labels=tuple(card["labels"]),
        linear=Linear(marks, rows, arrays["transitions"].astype(np.float32)),
        networks=tuple(networks),
        linear_share=float(card["linear_share"]),
        temperature=float(card["temperature"]),
        eagerness=float(card["eagerness"]),
        card=card,
    )


def _packed_words(words: Iterable[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode("utf-8", "surrogatepass"), dtype=np.uint8)


def _words(packed: npt.NDArray[np.uint8], *, first: int) -> dict[str, int]:
    text = packed.tobytes().decode("utf-8", "surrogatepass")
    return {word: number for number, word in enumerate(text.split("\n"), first)} if text else {}

"""Print how well the model of résumé entities reads ResumeNER, how long it takes, and what the shipped model gives.

    python benchmarks/resume_ner.py --data ../shared/data [--test FILE ...] [--model FOLDER] [--workers 2]

Learns from `resume_ner_zh/train.char.bmes`, unless `--model` names a folder that `zhiren train resumes` wrote, and is
judged on `resume_ner_zh/dev.char.bmes` and on every `--test`, files of the same form; the last line is of the last.
An entity is right if its label and both ends are (BMES, eight labels). Nothing is learned from the files judged.
Time is that of one sentence at a time, features, both parts and probabilities included, after the model is loaded.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the matrices are small: threads cost more than they bring

from _common import machine, percentile, say, timed

from zhiren.resumes.model import Tagger, store, training


def main() -> None:
    parser = argparse.ArgumentParser(description="How well the model of résumé entities reads ResumeNER.")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds resume_ner_zh")
    parser.add_argument("--test", type=Path, action="append", default=[], help="another file to judge on")
    parser.add_argument("--model", type=Path, help="folder with a trained model, instead of training one")
    parser.add_argument("--workers", type=int, default=2, help="processes that share the training")
    options = parser.parse_args()
    folder = options.data / "resume_ner_zh"
    if options.model:
        tagger = store.load(options.model)["zh"]
        say(f"model: {options.model}, trained on {', '.join(item['name'] for item in tagger.card['trained_on'])}")
    else:
        began = time.perf_counter()
        examples = training.read_bmes((folder / "train.char.bmes").read_text(encoding="utf-8"))
        tagger = training.train("zh", examples, workers=options.workers, say=say)
        say(f"trained on {len(examples)} sentences in {time.perf_counter() - began:.0f} s")
    files = [folder / "dev.char.bmes", *options.test]
    figures = [judge(tagger, path) for path in files]
    seconds = timed(lambda: store.load(None))
    say(f"\nshipped model (made-up texts alone), loaded with the English one in {seconds * 1000:.0f} ms")
    for path in files:
        found = training.judged(Tagger.default("zh"), training.read_bmes(path.read_text(encoding="utf-8")))
        say(f"  {path.name}: F1 {found['f1']:.2f} %, half common {found['overlap_f1']:.2f} %")
    say(machine(with_database=False))
    say(f"resume_ner_f1: {figures[-1]:.2f} %")


def judge(tagger: Tagger, path: Path) -> float:
    """Print the figures on a file and return its F1 in percent."""
    examples = training.read_bmes(path.read_text(encoding="utf-8"))
    found = training.judged(tagger, examples)
    say(f"\n{path.name}: {len(examples)} sentences")
    for label, row in found["labels"].items():
        say(
            f"  {label:<10} precision {row['precision']:6.2f}  recall {row['recall']:6.2f}  F1 {row['f1']:6.2f}"
            f"  half common {row['overlap_f1']:6.2f}  n={row['true']}"
        )
    say(f"  all: F1 {found['f1']:.2f} %, half common {found['overlap_f1']:.2f} %")
    say(f"  probabilities are off by {found['calibration_error']:.3f}:")
    for low, high, count, said, right in found["reliability"]:
        say(f"    {low:.2f} to {high:.2f}: {count:5} entities, said {said:.3f}, right {right:.3f}")
    times = [timed(lambda text=example.text: tagger.tag(text)) for example in examples]
    say(f"  {percentile(times, 0.5):.1f} ms a sentence (median), {percentile(times, 0.95):.1f} ms (95 of 100)")
    return float(found["f1"])


if __name__ == "__main__":
    main()

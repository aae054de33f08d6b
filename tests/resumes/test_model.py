"""The model of résumé entities: its chain, its network, its files, its figures and what the shipped ones find."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from zhiren.resumes.model import (
    Tagger,
    UnusableModel,
    crf,
    learning,
    load,
    made_up,
    metrics,
    network,
    store,
    training,
)
from zhiren.resumes.model.made_up import Labelled
from zhiren.resumes.model.network import Network
from zhiren.resumes.model.tagger import spans_of, tags_for
from zhiren.site import training as site_training

TAGS = crf.tags_of(["name", "org"])
PLAN = learning.Plan(
    widths=(5, 3),
    at_least=(1, 1),
    forgets=(False, False),
    size=6,
    dropped=0.0,
    hidden=0.0,
    rounds=30,
    batch=2,
    rate=0.05,
)


def random_chain(seed: int) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    random = np.random.default_rng(seed)
    count = len(TAGS)
    chain = crf.masked(TAGS, random.normal(size=(count, count)), random.normal(size=count), random.normal(size=count))
    return random.normal(size=(4, count)), chain


def all_paths(scores: np.ndarray, chain: tuple[np.ndarray, np.ndarray, np.ndarray]) -> dict[tuple[int, ...], float]:
    transitions, first, last = chain
    found = {}
    for path in np.ndindex(*[scores.shape[1]] * len(scores)):
        total = first[path[0]] + last[path[-1]] + sum(scores[at, tag] for at, tag in enumerate(path))
        total += sum(transitions[one, two] for one, two in pairwise(path))
        if total > -5000:
            found[path] = total
    return found


class TestBestPath:
    def test_is_the_best_of_all_paths(self) -> None:
        scores, chain = random_chain(1)
        paths = all_paths(scores, chain)

        assert tuple(crf.best_path(scores, *chain)) == max(paths, key=paths.__getitem__)

    def test_never_leaves_an_entity_open(self) -> None:
        scores, chain = random_chain(2)
        scores[-1, TAGS.index("B-org")] = 50

        tags = [TAGS[number] for number in crf.best_path(scores, *chain)]

        assert tags[-1][0] in "OES"


class TestMarginals:
    def test_are_the_shares_of_all_paths(self) -> None:
        scores, chain = random_chain(3)
        paths = all_paths(scores, chain)
        total = sum(np.exp(score) for score in paths.values())
        wanted = np.zeros_like(scores)
        for path, score in paths.items():
            for at, tag in enumerate(path):
                wanted[at, tag] += np.exp(score) / total

        assert np.allclose(crf.marginals(scores, *chain), wanted)


class TestLearning:
    def test_goes_down_the_slope_it_says(self) -> None:
        random = np.random.default_rng(0)
        words = ({"a": 2, "b": 3, "c": 4}, {"x": 2, "y": 3})
        weights = {
            name: value.astype(np.float64)
            for name, value in learning._beginning(words, len(TAGS), PLAN, random).items()
        }
        network = Network(words, weights)
        data = [
            (network.look_up([list("abcab"), list("xyxyx")]), [0, 1, 2, 3, 0]),
            (network.look_up(["bca", "yyx"]), [4, 0, 8]),
        ]
        once = [np.zeros(9, dtype=bool)] * 2

        def slopes() -> tuple[float, dict[str, np.ndarray], dict[str, np.ndarray]]:
            return learning._slopes(weights, TAGS, data, PLAN, once, np.random.default_rng(1))

        _, found, rows = slopes()
        looked_at = {
            "input": (1, 2, 7), "recur": (0, 3, 11), "bias": (1, 20), "out": (7, 4), "words0": (3, 1),
            "transitions": (4, 1), "first": (8,), "last": (3,),
        }  # fmt: skip
        for name, at in looked_at.items():
            full = np.zeros_like(weights[name])
            full[rows.get(name, slice(None))] += found[name]
            before = weights[name][at]
            weights[name][at] = before + 0.01
            up = slopes()[0]
            weights[name][at] = before - 0.01
            down = slopes()[0]
            weights[name][at] = before
            assert (up - down) / 0.02 / len(data) == pytest.approx(full[at], rel=1e-2, abs=1e-5)

    def test_learns_what_it_is_shown_and_twice_the_same(self) -> None:
        examples = [((list("abc"), list("xxx")), [1, 3, 0]), ((list("cba"), list("xyx")), [0, 8, 0])]

        first, again = (learning.learn(examples, TAGS, PLAN, seed=3) for _ in range(2))

        for inputs, answer in examples:
            scores = first.scores([inputs])[0]
            chain = crf.masked(TAGS, *(first.weights[name] for name in ("transitions", "first", "last")))
            assert crf.best_path(scores, *chain) == answer
            assert np.array_equal(scores, again.scores([inputs])[0])


class TestRead:
    def test_gives_the_states_that_learning_sees(self) -> None:
        random = np.random.default_rng(5)
        weights = {
            "recur": random.normal(size=(2, 6, 24)).astype(np.float32),
            "input": random.normal(size=(2, 5, 24)).astype(np.float32),
            "bias": random.normal(size=(2, 24)).astype(np.float32),
        }
        values = random.normal(size=(3, 7, 5)).astype(np.float32)
        order = network.turned(np.array([7, 4, 1]), 7)

        assert np.allclose(
            network.read(network.halved(weights), values, order), network.run(weights, values, order)[0], atol=1e-5
        )


class TestTagsFor:
    def test_come_back_as_the_same_spans(self) -> None:
        entities = [("name", 0, 1), ("org", 1, 3), ("org", 3, 8)]

        assert spans_of(tags_for(entities, 9)) == entities

    def test_keep_the_first_of_two_that_overlap(self) -> None:
        assert spans_of(tags_for([("name", 0, 3), ("org", 2, 5)], 6)) == [("name", 0, 3)]


class TestExact:
    def test_counts_an_entity_only_with_its_label_and_both_ends(self) -> None:
        scores = metrics.exact([[("name", 0, 2), ("org", 3, 9)]], [[("name", 0, 2), ("org", 3, 8)]])

        assert (scores["all"].true, scores["all"].given, scores["all"].right) == (2, 2, 1)
        assert scores["org"].f1 == 0

    def test_counts_half_common_as_right_when_overlap_is_asked_for(self) -> None:
        scores = metrics.overlapping([[("name", 0, 2), ("org", 3, 9)]], [[("org", 0, 2), ("org", 3, 8)]])

        assert (scores["org"].right, scores["name"].right) == (1, 0)


class TestReliability:
    def test_tells_how_often_each_band_was_right(self) -> None:
        bands = metrics.reliability([[("name", 0, 2)]], [[("name", 0, 2, 0.96), ("org", 5, 6, 0.98)]])

        assert [(band.count, band.right) for band in bands] == [(2, 0.5)]
        assert metrics.calibration_error(bands) == pytest.approx(0.47)


class TestReadBmes:
    def test_gives_sentences_with_their_entities(self) -> None:
        text = "王 B-NAME\n小 M-NAME\n明 E-NAME\n任 O\n\n厂 S-ORG\n"

        assert training.read_bmes(text) == [
            Labelled("王小明任", ((0, 3, "name"),)),
            Labelled("厂", ((0, 1, "org"),)),
        ]


class TestReadSpans:
    def test_trims_blanks_and_keeps_the_longer_of_two_that_overlap(self) -> None:
        notes = [
            {"label": ["Name"], "points": [{"start": 0, "end": 7, "text": "Jo Doe \n"}]},
            {"label": ["Designation"], "points": [{"start": 8, "end": 11}]},
            {"label": ["Designation"], "points": [{"start": 8, "end": 16}]},
            {"label": ["UNKNOWN"], "points": [{"start": 17, "end": 18}]},
        ]
        line = json.dumps({"content": "Jo Doe \nTest Lead at X", "annotation": notes})

        assert training.read_spans(line) == [Labelled("Jo Doe \nTest Lead at X", ((0, 6, "name"), (8, 17, "title")))]


class TestMadeUp:
    @pytest.mark.parametrize("make", [made_up.chinese, made_up.english])
    def test_lines_are_the_same_for_the_same_seed_and_hold_their_entities(self, make) -> None:
        lines = make(60, seed=5)

        assert lines == make(60, seed=5)
        assert lines != make(60, seed=6)
        assert len({line.text for line in lines}) > 50
        for line in lines:
            for (_, end, _), (start, _, _) in pairwise(line.entities):
                assert end <= start
            assert all(line.text[start:end].strip() == line.text[start:end] != "" for start, end, _ in line.entities)


@pytest.fixture(scope="module")
def small() -> Tagger:
    plan = learning.Plan(
        widths=(16, 8, 8, 8), at_least=(1, 3, 1, 3), forgets=(False,) * 4, size=16, rounds=3, batch=8, rate=0.01
    )
    return training.train("zh", made_up.chinese(150, seed=1), networks=1, plan=plan, rounds=20)


class TestFiles:
    def test_give_the_same_model_again(self, small: Tagger) -> None:
        files = store.to_files(small)
        again = store.from_files(files["zh.npz"], files["zh.json"].decode())
        text = "现任华鑫电子有限公司副总经理，中国国籍，本科学历。"

        wanted, found = small.tag(text), again.tag(text)

        assert [(span.label, span.start, span.end) for span in found] == [
            (span.label, span.start, span.end) for span in wanted
        ]
        assert [span.probability for span in found] == pytest.approx([span.probability for span in wanted], abs=0.1)

    def test_are_refused_when_changed(self, small: Tagger) -> None:
        files = store.to_files(small)
        data = bytearray(files["zh.npz"])
        data[len(data) // 2] ^= 1

        with pytest.raises(UnusableModel):
            store.from_files(bytes(data), files["zh.json"].decode())

    def test_are_refused_when_made_for_other_marks(self, small: Tagger) -> None:
        files = store.to_files(small)
        card = json.loads(files["zh.json"]) | {"features": 0}

        with pytest.raises(UnusableModel):
            store.from_files(files["zh.npz"], json.dumps(card))

    def test_of_a_folder_come_before_those_of_the_package(self, small: Tagger, tmp_path: Path) -> None:
        for name, content in store.to_files(small).items():
            (tmp_path / name).write_bytes(content)

        models = load(tmp_path)

        assert models["zh"].card["sha256"] != Tagger.default("zh").card["sha256"]
        assert models["en"] is Tagger.default("en")


class TestTag:
    def test_finds_what_a_line_of_a_form_says(self) -> None:
        text = "2019.03 - 2021.06  宁波鑫远达电子科技有限公司  高级产品经理"

        found = {(span.label, text[span.start : span.end]) for span in Tagger.default("zh").tag(text)}

        assert found == {("employer", "宁波鑫远达电子科技有限公司"), ("title", "高级产品经理")}

    def test_finds_what_a_sentence_says(self) -> None:
        text = (
            "王晓东先生，中国国籍，汉族，毕业于华东工业大学会计学专业，硕士学历。曾任苏州明泰机械制造有限公司副总经理。"
        )

        found = {(span.label, text[span.start : span.end]) for span in Tagger.default("zh").tag(text)}

        assert {
            ("name", "王晓东"), ("country", "中国国籍"), ("ethnicity", "汉族"), ("school", "华东工业大学"),
            ("degree", "硕士学历"), ("employer", "苏州明泰机械制造有限公司"), ("title", "副总经理"),
        } <= found  # fmt: skip

    def test_finds_what_an_english_resume_says(self) -> None:
        text = "Nadia Keller\nLeeds, UK\nnadia.keller@example.com\n\nWORK EXPERIENCE\n\n"
        text += "Senior Test Engineer\n\nBrightfield Systems Ltd\n"
        text += "\nJune 2016 to Present\n\nEDUCATION\n\nBachelor of Science in Statistics\n\nLeeds University\n\n2015\n"

        found = {(span.label, text[span.start : span.end]) for span in Tagger.default("en").tag(text)}

        assert {
            ("name", "Nadia Keller"),
            ("title", "Senior Test Engineer"),
            ("employer", "Brightfield Systems Ltd"),
        } <= found

    def test_of_a_long_or_empty_text_keeps_places_right(self) -> None:
        tagger = Tagger.default("zh")
        text = "负责客户的开发与维护，完成部门目标。" * 40 + "\n\n \n现任成都华信软件有限公司总经理。"

        spans = tagger.tag(text)

        assert tagger.tag("") == tagger.tag(" \n") == []
        assert "成都华信软件有限公司" in {text[span.start : span.end] for span in spans}
        assert all(0 < span.probability <= 1 for span in spans)

    def test_of_many_lines_is_that_of_each(self) -> None:
        tagger = Tagger.default("zh")
        lines = [line.text for line in made_up.chinese(20, seed=9)]

        together = tagger.tag_lines(lines)

        for line, spans in zip(lines, together, strict=True):
            assert [(span.label, span.start, span.end) for span in spans] == [
                (span.label, span.start, span.end) for span in tagger.tag(line)
            ]

    @pytest.mark.parametrize(
        "text", ["\ud800壹\x00贰", "😀" * 30, "　\t任\r经理", "a\u2028b", "𠮷田公司经理", "１２３ＡＢ公司"]
    )
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_of_strange_characters_raises_nothing(self, language, text: str) -> None:
        for span in Tagger.default(language).tag(text):
            assert 0 <= span.start < span.end <= len(text)


class TestShippedModels:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_are_small_and_learned_from_nobodys_resume(self, language) -> None:
        card = Tagger.default(language).card

        assert card["bytes"] <= 2_000_000
        assert [item["name"] for item in card["trained_on"]] == ["made-up texts"]


class TestTrainResumes:
    def test_refuses_a_folder_with_nothing_to_learn_from(self, tmp_path: Path) -> None:
        with pytest.raises(site_training.NoData):
            site_training.train_resumes(data=tmp_path, out=tmp_path / "out", on=date(2026, 1, 5), say=lambda _: None)

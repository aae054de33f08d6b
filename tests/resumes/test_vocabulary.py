"""The word lists."""

import re
from pathlib import Path

from zhiren import resumes
from zhiren.resumes.vocabulary import confidence, first_pieces, load, pieces, regions, simplified, small


class TestConfidence:
    def test_is_listed_only_for_rules_that_exist(self) -> None:
        code = "".join(path.read_text(encoding="utf-8") for path in Path(resumes.__file__).parent.glob("*.py"))
        named = set(re.findall(r'"([a-z]+(?:_[a-z]+)*)"', code))

        assert set(load("confidence")["measured"]) <= named

    def test_is_a_half_where_nothing_was_measured(self) -> None:
        assert confidence("no_such_rule") == 0.5

    def test_is_never_certainty(self) -> None:
        assert all(0.5 <= value < 1 for value in load("confidence")["measured"].values())


class TestSimplified:
    def test_keeps_the_length(self) -> None:
        assert simplified("學歷：國立臺灣大學") == "学历：国立台湾大学"


class TestSmall:
    def test_keeps_the_length(self) -> None:
        assert small("İZMİR Résumé") == "izmir résumé"


class TestPieces:
    def test_parts_words_digits_and_signs(self) -> None:
        assert pieces("cet-6 英语") == ["cet", "6", "英", "语"]


class TestFirstPieces:
    def test_is_what_a_text_with_the_name_must_have(self) -> None:
        assert first_pieces(["certified scrum master", "注册会计师"]) == {"certified", "注"}


class TestRegions:
    def test_leaves_out_names_that_places_share(self) -> None:
        assert "朝阳区" not in regions()

    def test_gives_codes_of_six_digits(self) -> None:
        assert all(re.fullmatch(r"\d{6}", code) for _, code in regions().values())

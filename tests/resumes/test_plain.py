"""Text files in the encodings people send."""

import pytest

from zhiren.resumes.errors import Reason, Unreadable
from zhiren.resumes.plain import decode, read_plain

CHINESE = "姓名：李若水\n现居：杭州\n工作经历\n2019.03-至今 青禾网络科技有限公司 工程师\n"
TRADITIONAL = "姓名：陳若水\n學歷：國立臺灣大學 資訊管理 碩士\n工作經驗：軟體工程師，負責系統開發\n"


class TestDecode:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
    def test_reads_simplified_chinese_in(self, encoding: str) -> None:
        assert decode(CHINESE.encode(encoding)).lstrip("\ufeff") == CHINESE

    @pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb18030"])
    def test_reads_traditional_chinese_in(self, encoding: str) -> None:
        assert decode(TRADITIONAL.encode(encoding)) == TRADITIONAL

    @pytest.mark.parametrize("encoding", ["shift_jis", "utf-16-le", "utf-8"])
    def test_reads_japanese_in(self, encoding: str) -> None:
        text = "履歴書\n氏名 山本花子\nシステム開発を担当しました。\n"

        assert decode(text.encode(encoding)) == text

    @pytest.mark.parametrize(
        ("text", "encoding"),
        [
            ("李若水", "gb18030"),
            ("姓名：陳若水", "big5"),
            ("履歷表", "big5"),
            ("欧阳澜\n本科", "utf-16-le"),
            ("山田太郎", "shift_jis"),
            ("Zoë", "cp1252"),
            ("naïve “quotes” and – dashes", "cp1252"),
        ],
    )
    def test_reads_a_few_letters(self, text: str, encoding: str) -> None:
        assert decode(text.encode(encoding)) == text

    def test_believes_what_the_file_says_where_it_can_be(self) -> None:
        assert decode("山田".encode("euc_jp"), declared="EUC-JP") == "山田"
        assert decode("李若水".encode("gbk"), declared="no-such-encoding") == "李若水"

    def test_reads_western_text(self) -> None:
        text = "Résumé of Zoë Müller, café manager in Orléans\n"

        assert decode(text.encode("cp1252")) == text


class TestReadPlain:
    def test_refuses_bytes_that_are_no_text(self) -> None:
        with pytest.raises(Unreadable) as caught:
            read_plain(bytes([0x81, 0xFF, 0xFE, 0xFF] * 400))

        assert caught.value.reason is Reason.DAMAGED

    def test_takes_the_marks_of_direction_out_and_says_so(self) -> None:
        document = read_plain("姓名：李\u202e若水\u202c\n工作经历\n".encode())

        assert "李若水" in document.text
        assert document.warnings == ("hidden_marks",)

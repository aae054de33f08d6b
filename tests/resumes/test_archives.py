"""ZIP files from strangers."""

import io
import stat
import tracemalloc
import zipfile

import pytest

from tests.resumes import builders
from zhiren.resumes.archives import DEFAULT_LIMITS, MEGABYTE, Limits, Member, Refused, safe_name, unpack
from zhiren.resumes.errors import Reason, Unreadable

TEXT = "姓名：李若水\n手机：13800001234\n".encode()


def refusals(data: bytes, limits: Limits = DEFAULT_LIMITS) -> dict[str, Reason]:
    return {item.name: item.reason for item in unpack(data, limits=limits) if isinstance(item, Refused)}


def names(data: bytes) -> list[str]:
    return [item.name for item in unpack(data) if isinstance(item, Member)]


class TestUnpack:
    def test_yields_every_real_file_and_no_litter(self) -> None:
        data = builders.archive(
            {
                "简历/": b"",
                "简历/a.txt": TEXT,
                "简历/b.txt": TEXT,
                "__MACOSX/简历/._a.txt": b"\x00\x05",
                "简历/.DS_Store": b"\x00",
                "Thumbs.db": b"x",
                ".hidden.txt": TEXT,
            }
        )

        assert names(data) == ["a.txt", "b.txt", ".hidden.txt"]
        assert refusals(data) == {}

    def test_keeps_two_files_of_one_name(self) -> None:
        assert names(builders.archive({"x/cv.txt": TEXT, "y/cv.txt": TEXT})) == ["cv.txt", "cv.txt"]

    @pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
    def test_reads_names_written_without_saying_in_which_encoding(self, encoding: str) -> None:
        data = builders.archive_with_raw_name("李若水的简历.txt".encode(encoding), TEXT)

        assert names(data) == ["李若水的简历.txt"]

    @pytest.mark.parametrize("path", ["../../etc/cv.txt", "/etc/cv.txt", "C:\\cv.txt", "a/../../cv.txt", "..\\cv.txt"])
    def test_refuses_a_path_that_leaves_the_archive(self, path: str) -> None:
        assert refusals(builders.archive({path: TEXT})) == {"cv.txt": Reason.LYING}

    def test_refuses_a_link(self) -> None:
        assert refusals(builders.archive_with_link("cv.pdf", "/etc/passwd")) == {"cv.pdf": Reason.LYING}

    def test_refuses_an_archive_inside(self) -> None:
        inner = builders.archive({"cv.txt": TEXT})

        assert refusals(builders.archive({"inner.zip": inner, "inner.docx": inner})) == {
            "inner.zip": Reason.UNSUPPORTED,
            "inner.docx": Reason.UNSUPPORTED,
        }

    def test_takes_a_word_file_for_a_file(self) -> None:
        assert names(builders.archive({"cv.docx": builders.docx(builders.paragraph("李若水"))})) == ["cv.docx"]

    def test_refuses_an_empty_file(self) -> None:
        assert refusals(builders.archive({"cv.txt": b""})) == {"cv.txt": Reason.EMPTY}

    def test_refuses_a_member_that_grows_a_hundredfold(self) -> None:
        assert refusals(builders.archive({"cv.txt": b"0" * 20 * MEGABYTE})) == {"cv.txt": Reason.BOMB}

    def test_never_holds_a_bomb_in_memory(self) -> None:
        data = builders.lying_size(b"0" * 40 * MEGABYTE)
        tracemalloc.start()

        assert refusals(data)["cv.txt"] in {Reason.DAMAGED, Reason.LYING, Reason.BOMB}

        assert tracemalloc.get_traced_memory()[1] < 4 * MEGABYTE
        tracemalloc.stop()

    def test_refuses_a_member_that_is_too_large(self) -> None:
        data = builders.archive({"big.txt": TEXT * 100, "small.txt": TEXT}, stored=True)

        assert refusals(data, Limits(member_bytes=1_000)) == {"big.txt": Reason.TOO_LARGE}

    def test_names_each_file_beyond_the_total(self) -> None:
        data = builders.archive({f"{number}.txt": TEXT * 10 for number in range(5)}, stored=True)

        refused = refusals(data, Limits(total_bytes=len(TEXT) * 25))

        assert refused == {"2.txt": Reason.TOO_LARGE, "3.txt": Reason.TOO_LARGE, "4.txt": Reason.TOO_LARGE}

    def test_refuses_too_many_members_at_once(self) -> None:
        data = builders.archive({f"{number}.txt": b"x" for number in range(2_001)})

        with pytest.raises(Unreadable) as caught:
            list(unpack(data))

        assert (caught.value.reason, caught.value.detail) == (Reason.BOMB, "members")

    def test_refuses_an_encrypted_member(self) -> None:
        data = bytearray(builders.archive({"cv.txt": TEXT}))
        data[data.index(b"PK\x01\x02") + 8] |= 1
        data[6] |= 1

        assert refusals(bytes(data)) == {"cv.txt": Reason.ENCRYPTED}

    def test_refuses_a_compression_that_costs_memory(self) -> None:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as out:
            out.writestr("cv.txt", TEXT)

        assert refusals(made.getvalue()) == {"cv.txt": Reason.UNSUPPORTED}

    def test_goes_on_after_a_damaged_member(self) -> None:
        data = builders.archive({"bad.txt": TEXT * 50, "good.txt": TEXT}, stored=True)
        broken = data.replace(TEXT, b"?" * len(TEXT), 1)

        assert refusals(broken) == {"bad.txt": Reason.DAMAGED}
        assert names(broken) == ["good.txt"]

    @pytest.mark.parametrize(("data", "reason"), [(b"", Reason.EMPTY), (b"PK\x03\x04 broken", Reason.DAMAGED)])
    def test_refuses_what_is_no_archive(self, data: bytes, reason: Reason) -> None:
        with pytest.raises(Unreadable) as caught:
            list(unpack(data))

        assert caught.value.reason is reason

    def test_takes_a_file_with_unix_rights_for_a_file(self) -> None:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as out:
            info = zipfile.ZipInfo("cv.txt")
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            out.writestr(info, TEXT)

        assert names(made.getvalue()) == ["cv.txt"]


class TestSafeName:
    @pytest.mark.parametrize(
        ("path", "shown"),
        [
            ("a/b/cv.pdf", "cv.pdf"),
            ("a\\b\\cv.pdf", "cv.pdf"),
            ("cv\u202efdp.exe", "cvfdp.exe"),
            ("cv\r\nX-Header: 1.pdf", "cvX-Header: 1.pdf"),
            ("..", "?"),
            ("", "?"),
        ],
    )
    def test_shows(self, path: str, shown: str) -> None:
        assert safe_name(path) == shown

    def test_keeps_the_ending_of_a_long_name(self) -> None:
        name = safe_name("很" * 300 + ".pdf")

        assert len(name) <= 120
        assert name.endswith("….pdf")

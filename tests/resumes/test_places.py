"""Where somebody lives, and where they only come from or want to go."""

import pytest

from tests.resumes.reading import read
from zhiren.resumes.places import code_of, is_place


class TestCityIn:
    @pytest.mark.parametrize(
        ("written", "city", "code"),
        [
            ("现居：湖南长沙", "长沙", "430100"),
            ("现居住于南京-栖霞区", "南京", "320100"),
            ("所在地：昆山市", "昆山", "320583"),
            ("现居地：海淀区", "北京", "110000"),
            ("现居地：新疆维吾尔自治区伊犁哈萨克自治州", "伊犁", "654000"),
            ("地址：吉林省长春市", "长春", "220100"),
            ("地址：臺北市大安區", "台北", "710000"),
            ("地址：香港九龍觀塘道100號", "香港", "810000"),
            ("Location: Beijing, China", "Beijing", "110000"),
            ("Location: Bengaluru, India", "Bengaluru", ""),
            ("Location: Valencia, Spain", "Valencia", ""),
        ],
    )
    def test_reads(self, written: str, city: str, code: str) -> None:
        found = read(f"姓名：李若水\n{written}\n工作经历\n").city

        assert found is not None
        assert (found.value, found.code) == (city, code)

    @pytest.mark.parametrize(
        "written",
        [
            "户口：湖南长沙",
            "籍贯 湖南 长沙",
            "户籍所在地：河南郑州",
            "期望城市：北京",
            "期望工作地区：杭州、上海",
            "现居：湖南",
        ],
    )
    def test_takes_no_home_from(self, written: str) -> None:
        assert read(f"姓名：李若水\n{written}\n工作经历\n").city is None


class TestIsPlace:
    @pytest.mark.parametrize(
        "text", ["上海·浦东", "北京朝阳区", "Austin, TX", "Utrecht, Netherlands", "台北市", "İstanbul"]
    )
    def test_knows(self, text: str) -> None:
        assert is_place(text)

    @pytest.mark.parametrize("text", ["南京路1号", "朝阳区", "上海云杉信息技术有限公司", "Rook & Finch", "Berlın"])
    def test_does_not_take_for_one(self, text: str) -> None:
        assert not is_place(text)


class TestCodeOf:
    def test_is_empty_for_a_city_abroad(self) -> None:
        assert code_of("Paris") == ""

"""The reader of plain text in the encodings Chinese, Japanese and Western systems write."""

from __future__ import annotations

import codecs
import functools
import re

from zhiren.resumes.document import Document, RawLine, build
from zhiren.resumes.errors import Reason, Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_FEWEST_LETTERS = 2
_SAMPLE = 64 * 1024
# What files call an encoding, and the larger one that holds everything somebody may have written under that name.
_LARGER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "shift_jis": "cp932",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "euc_kr": "cp949",
}
_CANDIDATES = ("gb18030", "big5hkscs", "cp932", "cp1252")
# The letters résumés are full of. Read in the wrong encoding, two bytes hardly ever make one of them.
_EVERYDAY = frozenset(
    "的一是在了不和有人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "姓名男女性别出生日期年龄身高籍贯族婚姻状况电话手机邮箱件地址现居住户口所政治面貌党员团群众毕业院校专业学历位本科硕士博士大专高中"
    "教育背景工作经历验项目培训技能特长证书语言自我评价求职意向应聘岗位职务部门公司有限责任技术经理主管助理工程师销售会计财务行政人事资源"
    "负责参与完成开发设计管理系统客户市场运营产品数据分析团队熟悉掌握熟练精通良好能力英语级期望薪资月至今北京上海广州深圳杭州南京成都武汉"
    "張李王劉陳楊趙黃周吳徐孫馬朱胡郭何林羅鄭梁謝宋唐許韓馮鄧曹彭曾蕭田董潘袁蔡蔣余于杜葉程魏蘇呂丁任盧姚沈鍾姜崔譚陸范汪廖石金韋"
    "张刘陈杨赵黄吴孙马罗郑谢许韩冯邓萧蒋叶苏吕卢钟谭陆韦号省市区县路街院"
    "學歷經歷電話機郵業專畢業國臺灣科碩技術開發設計負責參與資訊軟體師務營銷財會計應徵職務專長證照語言能力系統團隊熟悉為於與時後個們這來對"
    "の氏名年月日歳男女生住所電話学歴職歴入社卒業株式会社大学部課担当資格免許趣味特技志望動機本人希望記入欄以上現在至"
    "はがをにでとたしいてるもなかられりこそれよまスーンルトイラリアドシタムク"
    "伟芳娜秀静丽强磊军洋勇艳杰娟涛超霞平刚桂文辉鑫宇博思雨欣涵子轩梓浩然若水澜云山石田太郎花美佳介翔健一二三小林木村井川藤"
    "履表銷企劃簡歷書類職種內務處經營護理餐飲"
    "，。、：；（）《》“”！？—…·"
)
_EVERYDAY_WESTERN = frozenset("éèêëáàâäãåæçíìîïñóòôöõøœúùûüýßÉÈÁÀÄÅÇÍÑÓÖØÚÜŠšžŽ’‘“”–—•·…€£°«»®©½\u00a0§")
_RARE = re.compile(r"[\u3400-\u4dbf\ue000-\uf8ff\uff61-\uff9f\ufffd\u0080-\u009f\U00020000-\U0003ffff]")


def read_plain(data: bytes) -> Document:
    """Return the lines of a text file.

    Raises:
        Unreadable: `damaged` (no known encoding fits), `empty`.
    """
    text = decode(data)
    if sum(char.isalnum() for char in text[:100_000]) < _FEWEST_LETTERS:
        raise Unreadable(Reason.EMPTY, "text")
    return build((RawLine(line) for line in text.splitlines()), pages=None, layout="txt")


def decode(data: bytes, *, declared: str = "") -> str:
    """Return the text of bytes in UTF-8, UTF-16, UTF-32, GB18030, Big5, Shift-JIS or Windows-1252.

    `declared` is what the file says of itself; it is believed where the bytes can be read so.

    Raises:
        Unreadable: `damaged`.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding).removeprefix("\ufeff")
    if b"\x00" in data:
        return _decoded(data, "utf-16-be" if data[::2].count(b"\x00") > data[1::2].count(b"\x00") else "utf-16-le")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    named = known_encoding(declared)
    if named and _strangeness(data[:_SAMPLE].decode(named, errors="replace")) == 0:
        return data.decode(named, errors="replace")
    if _is_utf16_without_zeros(data):
        return _decoded(data, _utf16_order(data))
    return _decoded(data, _guess(data))


@functools.lru_cache(maxsize=64)
def known_encoding(name: str) -> str:
    """Return the codec for a name found in a file, widened to what people write under it; "" for no text encoding."""
    try:
        info = codecs.lookup(name.strip().strip("\"'").replace("x-", "", 1) if name.startswith("x-") else name.strip())
    except (LookupError, ValueError, UnicodeError):
        return ""
    if not getattr(info, "_is_text_encoding", False) or info.name.startswith(
        ("utf-7", "idna", "punycode", "unicode", "raw")
    ):
        return ""
    return _LARGER.get(info.name, info.name)


def _guess(data: bytes) -> str:
    """Choose among the encodings without a mark: the one in which the fewest things are broken or strange wins."""
    sample = data[:_SAMPLE]
    best, best_score = "gb18030", float("-inf")
    high = [match.end() - match.start() for match in re.finditer(rb"[\x80-\xff]+", sample)]
    lonely = sum(length == 1 for length in high)
    for encoding in _CANDIDATES:
        text = sample.decode(encoding, errors="replace")
        foreign = [char for char in text if char > "\x7f"]
        if not foreign:
            continue
        if encoding == "cp1252":
            score = _western(foreign, lonely)
        else:
            usual = sum(char in _EVERYDAY for char in foreign)
            score = (usual - 3 * len(_RARE.findall(text))) / len(foreign) - (0.5 if lonely * 2 > len(high) > 0 else 0)
        if score > best_score:
            best, best_score = encoding, score
    return best


def _western(foreign: list[str], lonely: int) -> float:
    """Score Windows-1252: everyday letters that stand alone among Latin ones."""
    usual = sum(char in _EVERYDAY_WESTERN for char in foreign)
    return (usual + lonely) / (2 * len(foreign)) - (len(foreign) - usual) / len(foreign)


def _strangeness(text: str) -> int:
    """Return how many letters a text has too many that its encoding cannot have meant."""
    broken = text.count("\ufffd")
    return broken if broken * 200 > len(text) else 0


def _is_utf16_without_zeros(data: bytes) -> bool:
    """Tell bare UTF-16 of Chinese alone: read so, most of it is everyday letters."""
    sample = data[: _SAMPLE // 2 * 2]
    if len(data) % 2 or len(sample) < 6:
        return False
    text = sample.decode(_utf16_order(data), errors="replace")
    return sum(char in _EVERYDAY or "\u3040" <= char <= "\u30ff" for char in text) * 3 >= len(text) * 2


def _utf16_order(data: bytes) -> str:
    sample = data[: _SAMPLE // 2 * 2]
    little, big = (
        sum(char in _EVERYDAY for char in sample.decode(f"utf-16-{order}", errors="replace")) for order in ("le", "be")
    )
    return "utf-16-le" if little >= big else "utf-16-be"


def _decoded(data: bytes, encoding: str) -> str:
    """Decode; a few broken characters are let through as marks, more than 2 % are not."""
    text = data.decode(encoding, errors="replace")
    if text.count("\ufffd") * 50 > len(text):
        raise Unreadable(Reason.DAMAGED, "encoding")
    return text

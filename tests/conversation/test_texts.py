from zhiren.conversation import shipped, texts


class TestUnknownPlaceholder:
    def test_finds_nothing_in_a_good_text(self) -> None:
        assert texts.unknown_placeholder("{{ candidate_name }}，{{opening_title}} 100% {x}") is None

    def test_names_what_it_does_not_know(self) -> None:
        for bad in ("{{ password }}", "{{ candidate_name.__class__ }}", "{{ 7*7 }}", "{{", "}}", "{% load x %}"):
            assert texts.unknown_placeholder(f"Hi {bad} there"), bad

    def test_every_shipped_template_knows_its_names(self) -> None:
        for entry in shipped.read():
            for language in ("zh", "en"):
                words = entry[language]
                assert texts.unknown_placeholder(words["subject"] + words["text"]) is None, entry["key"]


class TestFill:
    def test_puts_values_in_as_they_are(self) -> None:
        filled = texts.fill("你好 {{ candidate_name }}", {"candidate_name": "<b>{{ why }}</b> {% x %}", "why": "no"})

        assert filled == "你好 <b>{{ why }}</b> {% x %}"

    def test_leaves_out_a_line_without_its_value(self) -> None:
        text = "A\n电话 {{ recruiter_phone }}\nB"

        assert texts.fill(text, {"recruiter_phone": " "}) == "A\nB"

    def test_leaves_out_a_heading_with_nothing_beneath_it(self) -> None:
        text = "前\n\n面试官对你的印象：\n{{ summary }}\n\n后"

        assert texts.fill(text, {}) == "前\n\n后"
        assert "印象：\n- 思路清楚" in texts.fill(text, {"summary": "- 思路清楚"})


class TestFillLine:
    def test_stays_one_line_whatever_the_value(self) -> None:
        line = texts.fill_line("申请：{{ opening_title }}", {"opening_title": "工程师\r\nBcc: x@example.com"})

        assert line == "申请：工程师 Bcc: x@example.com"


class TestAsHtml:
    def test_escapes_everything(self) -> None:
        page = texts.as_html(
            '<script>alert(1)</script>\n- <img src=x onerror=1>\n\nhttps://e.example/"><script>',
            subject="</title><script>",
            sender="<i>",
            language="en",
        )

        assert "<script" not in page
        assert "<img" not in page
        assert "<i>" not in page

    def test_shows_paragraphs_lists_and_links(self) -> None:
        page = texts.as_html(
            "看这里：\nhttps://example.com/c/abc。\n\n- 一\n- 二", subject="s", sender="云杉", language="zh-hans"
        )

        assert '<a href="https://example.com/c/abc" target="_blank" rel="noopener noreferrer">' in page
        assert "<ul><li>一</li><li>二</li></ul>" in page
        assert '<html lang="zh-Hans">' in page
        assert "prefers-color-scheme:dark" in page


class TestBlocks:
    def test_never_links_to_anything_but_the_web(self) -> None:
        found = texts.blocks("javascript:alert(1) data:text/html,x http://ok.example")

        assert [span.href for span in found[0].lines[0] if span.href] == ["http://ok.example"]

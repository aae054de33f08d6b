"""How pages are arranged: points that are drawn, narrow columns, contacts beside a name, tables of employments."""

from __future__ import annotations

from tests.resumes.builders import column, docx, paragraph, pdf, table
from tests.resumes.reading import facts_of, jobs_of, read, stays_of, value
from zhiren.resumes import Resume, parse
from zhiren.resumes.document import Glyph, RawLine, build
from zhiren.resumes.pdf import read_pdf
from zhiren.resumes.pipeline import assemble

HEAD = [(60.0, 800.0, "Jane Roe"), (60.0, 785.0, "jane.roe@example.com"), (60.0, 760.0, "Experience")]


def dots(*places: tuple[float, float]) -> bytes:
    """Filled squares of three points, as browsers draw the points of a list."""
    return b" ".join(b"%.1f %.1f 3 3 re f" % place for place in places) + b"\n"


def large(*texts: tuple[float, float, str]) -> bytes:
    """Texts of 24 points."""
    return b" ".join(b"BT /F1 24 Tf %.1f %.1f Td (%s) Tj ET" % (x, y, text.encode()) for x, y, text in texts)


def jobs_in(made: bytes) -> list[tuple[str | None, ...]]:
    return jobs_of(parse(made, "cv.pdf"))


class TestPointsThatAreDrawn:
    def test_are_read_as_bullets(self) -> None:
        document = read_pdf(pdf([[*HEAD, (72, 740, "Led a team of nine")]], drawing=dots((60, 742))))

        assert document.lines[-1].text == "• Led a team of nine"

    def test_keep_what_was_done_from_being_an_employer(self) -> None:
        texts = [
            *HEAD,
            (60, 740, "Kitchen Manager"),
            (60, 726, "The Keg Steakhouse, Toronto, Canada"),
            (60, 712, "May 2018 - Present"),
            (72, 698, "Trained the waiters"),
            (60, 684, "Shift Supervisor"),
            (60, 670, "Kestrel, Calgary, Canada"),
            (60, 656, "June 2012 - August 2014"),
            (72, 642, "Opened and closed the store, handled cash"),
        ]

        assert jobs_in(pdf([texts], size=10, drawing=dots((62, 700), (62, 644)))) == [
            ("The Keg Steakhouse", "Kitchen Manager", "2018-05", "now"),
            ("Kestrel", "Shift Supervisor", "2012-06", "2014-08"),
        ]

    def test_are_not_dots_between_words_or_rows_of_dots(self) -> None:
        drawing = dots((175, 803), *((x, 743) for x in (100, 106, 112)))
        texts = [(60, 800, "jane.roe@example.com"), (182, 800, "Dublin"), (60, 740, "SQL"), (120, 740, "Python")]

        assert "•" not in read_pdf(pdf([texts], drawing=drawing)).text

    def test_may_be_written_as_angles(self) -> None:
        resume = read(
            "Jane Roe\njane@example.com\n\nExperience\nCook, Kestrel Ltd\nMay 2018 - Present\n› Ran the Bank Store\n"
        )

        assert jobs_of(resume) == [("Kestrel Ltd", "Cook", "2018-05", "now")]


class TestNarrowColumns:
    def test_a_heading_on_two_lines_is_one(self) -> None:
        texts = [
            (40, 800, "Jane Roe"),
            (40, 786, "jane.roe@example.com"),
            (40, 760, "Professional"),
            (180, 760, "Northwind Ltd, Line Cook"),
            (450, 760, "May 2018 - June 2020"),
            (40, 746, "Experience"),
            (180, 746, "Worked the grill"),
        ]

        assert jobs_in(pdf([texts])) == [("Northwind Ltd", "Line Cook", "2018-05", "2020-06")]

    def test_a_name_on_two_lines_is_one(self) -> None:
        drawing = large((60, 800, "Grace"), (60, 772, "Kamau-"), (60, 744, "Roe"))
        texts = column(["Teacher", "grace.kamau@example.com", "Education", "Kenyatta University, 2011 - 2015"], top=720)
        resume = parse(pdf([texts], drawing=drawing), "cv.pdf")

        assert value(resume.name) == "Grace Kamau-Roe"
        assert resume.name is not None
        assert resume.text[resume.name.start : resume.name.end] == "Grace\nKamau-\nRoe"

    def test_a_list_of_skills_goes_on_below(self) -> None:
        texts = column(
            [
                *("Jane Roe", "jane.roe@example.com", "Education", "Kestrel University, 2011 - 2015", "Skills"),
                *("Kitchen: Menu Planning, Pastry, Sauce Making, Inventory", "Management"),
            ]
        )
        resume = parse(pdf([texts], size=10), "cv.pdf")

        assert [skill.value for skill in resume.skills if "ventory" in skill.source] == ["Inventory Management"]

    def test_the_rest_of_a_point_is_no_school(self) -> None:
        texts = [
            (60, 800, "Jane Roe"),
            (60, 785, "jane.roe@example.com"),
            (60, 760, "Education"),
            (60, 745, "Kestrel University"),
            (60, 730, "MBA in Finance, 2018 - 2019"),
            (72, 715, "Exchange term at the famous"),
            (72, 700, "Columbia Business School"),
        ]

        assert stays_of(parse(pdf([texts], drawing=dots((60, 717))), "cv.pdf")) == [
            ("Kestrel University", "master", "Finance", "2018", "2019"),
        ]

    def test_a_date_that_breaks_off_in_its_cell_is_whole(self) -> None:
        texts = [
            (60, 800, "Jane Roe"),
            (60, 785, "jane.roe@example.com"),
            (60, 760, "Education"),
            (60, 745, "Heriot-Watt University, MSc in Physics"),
            (450, 745, "Sept 2013 - June"),
            (450, 731, "2015"),
        ]

        assert stays_of(parse(pdf([texts]), "cv.pdf")) == [
            ("Heriot-Watt University", "master", "Physics", "2013-09", "2015-06"),
        ]


class TestContactsBesideTheName:
    def test_stand_before_all_parts_of_the_page(self) -> None:
        left = ["Jane Roe", "Cook", "", "Experience", "Northwind Ltd", "Cook", "2019 - 2022", "Made soup", "Made bread"]
        right = ["+1 416-555-0134", "jane.roe@example.com", "Toronto, Canada", "Education", "Kestrel University", "BA"]
        right += ["2011 - 2015", "Second class", "Skills", "Excel"]
        made = pdf([[*column([text for text in left if text], x=40), *column(right, x=320)]])

        assert facts_of(parse(made, "cv.pdf"))[1:4] == (["+14165550134"], ["jane.roe@example.com"], "Toronto")

    def test_dates_with_a_label_below_them_are_no_column(self) -> None:
        rows = [
            ("", "Work History"),
            ("07/2021 - present", "Kestrel Ltd, Product Manager"),
            ("06/2018 - 06/2021", "Northwind Ltd, Product Manager"),
            ("07/2014 - 05/2016", "Contoso Ltd, Systems Engineer"),
            ("", "Education"),
            ("06/2010 - 03/2014", "Kestrel University, MBA"),
            ("", "Skills"),
            ("Tools", "SQL, Figma"),
            ("Languages", "Python, Java"),
        ]
        texts = [(40.0, 800.0, "Jane Roe"), (40.0, 785.0, "jane.roe@example.com")]
        for place, (left, right) in enumerate(rows):
            y = 760.0 - 16 * place
            texts += [(x, y, text) for x, text in ((40.0, left), (190.0, right)) if text]

        assert jobs_in(pdf([texts])) == [
            ("Kestrel Ltd", "Product Manager", "2021-07", "now"),
            ("Northwind Ltd", "Product Manager", "2018-06", "2021-06"),
            ("Contoso Ltd", "Systems Engineer", "2014-07", "2016-05"),
        ]

    def test_two_columns_may_be_headed_by_words_that_are_labels_elsewhere(self) -> None:
        left = ["+33 612345678", "jane@example.com", "Dublin, Ireland", "Python", "SQL", "Excel", "French"]
        right = ["Cook", "Northwind Ltd", "2019 - 2022", "Made soup for two hundred guests", "Waiter", "Kestrel Ltd"]
        drawing = b" ".join(
            b"BT /F1 14 Tf %d %d Td (%s) Tj ET" % place
            for place in (
                (40, 800, b"Contact"),
                (220, 800, b"Jane Roe"),
                (40, 726, b"Expertise"),
                (220, 780, b"Experience"),
            )
        )
        shown = [*column(left[:3], x=40), *column(left[3:], x=40, top=706), *column(right, x=220, top=762)]
        text = read_pdf(pdf([[*shown, (220, 666, "2015 - 2018")]], drawing=drawing)).text.splitlines()

        assert text[text.index("Contact") :][:9] == ["Contact", *left[:3], "Expertise", *left[3:]]


class TestTableWithAHead:
    def test_tells_what_its_columns_hold(self) -> None:
        resume = read(
            "Jane Roe\njane.roe@example.com\n\nExperience\nPeriod\tEmployer\tTitle\tDuties\n"
            "05/2018 - Present\tThe Keg\tLine Cook\tOpened and closed the store\n"
            "06/2012 - 04/2018\tStore Manager\tShift Supervisor\tHandled cash\nand the keys\n"
        )

        assert jobs_of(resume) == [
            ("The Keg", "Line Cook", "2018-05", "now"),
            ("Store Manager", "Shift Supervisor", "2012-06", "2018-04"),
        ]
        assert [value(job.text) for job in resume.employers] == [
            "Opened and closed the store",
            "Handled cash\nand the keys",
        ]

    def test_may_be_chinese_and_without_duties(self) -> None:
        resume = read("张三\n13800001234\n\n工作经历\n起止时间\t单位\t职务\n2015.07-2018.06\t红旗连锁\t店长助理\n")

        assert jobs_of(resume) == [("红旗连锁", "店长助理", "2015-07", "2018-06")]


class TestFieldOfATitle:
    def resume(self, *lines: str) -> Resume:
        return read("\n".join(("Jane Roe", "jane.roe@example.com", "", "Experience", *lines)))

    def test_is_part_of_it_where_the_employer_stands_apart(self) -> None:
        for lines in (
            ("Zalando", "Staff Engineer, Payments", "April 2021 - Present"),
            ("Staff Engineer, Payments\tApr 2021 - Present", "Zalando, Berlin, Germany"),
            ("Zalando - Staff Engineer, Payments (Apr 2021 - now)",),
            ("Staff Engineer, Payments @ Zalando", "April 2021 - Present / Berlin, Germany"),
        ):
            assert jobs_of(self.resume(*lines, "• Own the ledger")) == [
                ("Zalando", "Staff Engineer, Payments", "2021-04", "now")
            ], lines

    def test_is_the_employer_where_no_other_is_named(self) -> None:
        assert jobs_of(self.resume("Staff Engineer, Zalando", "April 2021 - Present", "• Own the ledger")) == [
            ("Zalando", "Staff Engineer", "2021-04", "now")
        ]


class TestSubjects:
    def subjects(self, *lines: str) -> list[str | None]:
        resume = read("\n".join(("Jane Roe", "jane.roe@example.com", "", "Education", *lines)))
        return [stay[2] for stay in stays_of(resume)]

    def test_stand_before_a_degree_in_brackets(self) -> None:
        assert self.subjects("Kestrel University", "Nursing Science (BSc)", "2009 - 2014") == ["Nursing Science"]
        assert self.subjects("Kestrel University", "Education (MEd)", "2009 - 2014") == ["Education"]
        assert self.subjects("浙江大学", "工业设计（硕士）", "2011.09-2014.06") == ["工业设计"]

    def test_stand_directly_behind_a_degree(self) -> None:
        assert self.subjects("浙江大学", "硕士工业设计", "2011.09-2014.06") == ["工业设计"]
        assert self.subjects("BA Law", "Uppsala University", "1998 - 2001") == ["Law"]

    def test_stand_before_a_place_or_a_school(self) -> None:
        assert self.subjects("Kestrel University", "BSc in Nursing Science, Giza, Egypt", "2009 - 2014") == [
            "Nursing Science"
        ]
        assert self.subjects("2012 - 2015\tBSc, Computer Science, ETH Zürich") == ["Computer Science"]

    def test_are_no_months(self) -> None:
        assert self.subjects("Kestrel University", "History - MSc, September, 2013 - July, 2015") == ["History"]

    def test_stand_behind_a_degree_and_a_dot(self) -> None:
        assert self.subjects("Kestrel University", "BS · History", "2013 - 2015") == ["History"]

    def test_come_with_a_diploma(self) -> None:
        assert self.subjects("George Brown College", "Culinary Management (Diploma)", "2016 - 2018") == [
            "Culinary Management"
        ]


class TestNamesOfSchools:
    def schools(self, *lines: str) -> list[str | None]:
        resume = read("\n".join(("Jane Roe", "jane.roe@example.com", "", "Education", *lines)))
        return [stay[0] for stay in stays_of(resume)]

    def test_may_say_where_the_school_is(self) -> None:
        assert self.schools("The University of Texas at Austin, Austin, TX", "MBA in Finance, 2014 - 2016") == [
            "The University of Texas at Austin"
        ]

    def test_are_no_towns_that_sound_like_one(self) -> None:
        assert self.schools("BA in History, College Station, TX", "Texas A&M University, 2004 - 2008") == [
            "Texas A&M University"
        ]

    def test_need_no_word_that_says_so_beside_a_degree_and_dates(self) -> None:
        assert self.schools(
            "BSc, Physics, Kestrel University, 2013 - 2016", "ETH Zürich", "MSc, Physics", "2016 - 2018"
        ) == [
            "Kestrel University",
            "ETH Zürich",
        ]


class TestPlacesBesideNames:
    def test_a_stroke_parts_a_school_from_its_place(self) -> None:
        resume = read(
            "Jane Roe\njane@example.com\n\nEducation\nBSc in Physics\nCairo University / Giza, Egypt / 2008\n"
        )

        assert [value(stay.school) for stay in resume.schools] == ["Cairo University"]

    def test_a_country_may_begin_the_name_of_an_employer(self) -> None:
        resume = read(
            "Jane Roe\njane@example.com\n\nExperience\nVolunteer Coordinator, Kenya Red Cross, Kisumu, Kenya\n"
            "May 2011 - Dec 2012\n"
        )

        assert jobs_of(resume) == [("Kenya Red Cross", "Volunteer Coordinator", "2011-05", "2012-12")]

    def test_an_emirate_is_a_city_where_its_country_follows(self) -> None:
        resume = read(
            "Jane Roe\njane@example.com\n\nExperience\nSite Engineer\nAECOM, Dubai, UAE\nMay 2011 - Dec 2012\n"
        )

        assert jobs_of(resume) == [("AECOM", "Site Engineer", "2011-05", "2012-12")]

    def test_a_chinese_firm_may_have_its_city_directly_behind_it(self) -> None:
        resume = read("张三\n13800001234\n\n工作经历\n杭州有赞科技有限公司杭州\n产品经理\n2015.07-2018.06\n")

        assert jobs_of(resume) == [("杭州有赞科技有限公司", "产品经理", "2015-07", "2018-06")]

    def test_a_city_stands_beside_a_mail_address(self) -> None:
        assert facts_of(read("陈思远\n+86 138 5712 3456 chen@example.cn 杭州\n工作经历\n2015.07-2018.06 甲乙公司\n"))[
            3
        ] == ("杭州")


class TestGroupsOfSkills:
    def skills(self, text: str) -> list[str]:
        return [
            skill.value
            for skill in read(
                f"Jane Roe\njane@example.com\n\nExperience\n2019 - 2022 Kestrel Ltd\n\nSkills\n{text}\n"
            ).skills
        ]

    def test_have_names_that_are_no_skills(self) -> None:
        assert self.skills("Sales: Negotiation, Forecasting") == ["Negotiation", "Forecasting"]
        assert self.skills("Software\tAutoCAD, Revit") == ["AutoCAD", "Revit"]
        assert self.skills("Software\n• AutoCAD\n• Revit") == ["AutoCAD", "Revit"]

    def test_may_be_told_by_their_bold_letters_alone(self) -> None:
        def line(text: str, weight: int, number: int) -> RawLine:
            letters = [
                Glyph(char, 9.0 * at, 9.0 * at + 8, 700.0 - 15 * number, 10, weight=weight)
                for at, char in enumerate(text)
            ]
            return RawLine(text, 1, 10.0, letters=letters, sheet=(595, 842))

        texts = [("Jane", 4), ("jane@example.com", 4), ("Experience", 8), ("2019-2022", 4), ("Skills", 8)]
        texts += [("Languages", 8), ("Python", 4), ("Rust", 4), ("Methods", 8), ("Scrum", 4)]
        document = build([line(text, weight * 100, at) for at, (text, weight) in enumerate(texts)], pages=1)

        assert [skill.value for skill in assemble(document).skills] == ["Python", "Rust", "Scrum"]

    def test_may_be_named_by_a_skill(self) -> None:
        assert self.skills("Python: Django, Flask") == ["Python", "Django", "Flask"]


class TestLabelsOfAForm:
    def test_with_a_number_of_years_are_no_headings(self) -> None:
        rows = (("Experience", "2 years"), ("Degree", "MSc"), ("Year of birth", "2001"))
        body = table([[[label], [content]] for label, content in rows])
        head = paragraph("Jane Roe") + paragraph("jane.roe@example.com")
        resume = parse(
            docx(head + body + paragraph("Education") + paragraph("Kestrel University, 2019 - 2023")), "cv.docx"
        )

        assert value(resume.birth) == "2001"


class TestApostropheOfAName:
    def test_is_the_one_that_keys_have(self) -> None:
        resume = read("Daniel O’Connor\ndan.oconnor@example.ca\n\nExperience\nCook, Kestrel Ltd\nMay 2018 - Present\n")

        assert resume.name is not None
        assert (resume.name.value, resume.name.source) == ("Daniel O'Connor", "Daniel O’Connor")


class TestPhones:
    def test_of_a_plan_that_sets_the_number_aside_count_near_the_top(self) -> None:
        assert facts_of(read("Emily Carter\nemily.carter@example.com\n+44 7700 900123\nEducation\n"))[1] == [
            "+447700900123"
        ]

    def test_that_are_too_long_for_their_country_do_not(self) -> None:
        assert facts_of(read("Emily Carter\nemily.carter@example.com\n+44 7700 9001234567\nEducation\n"))[1] == []


class TestTownsBesideNames:
    def test_are_neither_employers_nor_titles_however_small(self) -> None:
        resume = read(
            "Jürgen Weiß\njuergen.weiss@example.de\n\nExperience\n"
            "Key Account Manager\tLohr am Main\n"
            "Kestrel Rexham\tMay 2014 – Dec 2019\n"
            "• Won the contract with a maker of presses\n"
            "Sales Engineer, Northwind – Nürnberg\tOct 2010 – Apr 2014\n"
            "• Supported sixty customers\n"
        )

        assert jobs_of(resume) == [
            ("Kestrel Rexham", "Key Account Manager", "2014-05", "2019-12"),
            ("Northwind", "Sales Engineer", "2010-10", "2014-04"),
        ]

    def test_are_no_subjects(self) -> None:
        resume = read(
            "Amara Okonkwo\namara@example.edu\n\nEducation\n"
            "University of Ibadan – Ibadan\tSept 2005 – July 2009\nBSc in Statistics\n"
        )

        assert stays_of(resume) == [("University of Ibadan", "bachelor", "Statistics", "2005-09", "2009-07")]

    def test_leave_a_firm_alone_that_is_called_like_a_town(self) -> None:
        resume = read(
            "Jane Roe\njane.roe@example.com\n\nExperience\nYork\tMay 2014 – Dec 2019\nSales Engineer\n• Sold chillers\n"
        )

        assert jobs_of(resume) == [("York", "Sales Engineer", "2014-05", "2019-12")]

    def test_stand_behind_german_degrees(self) -> None:
        resume = read(
            "Jürgen Weiß\nj.weiss@example.de\n\nEducation\nTechnische Universität Dresden\tOct 2004 – Sept 2010\n"
            "Dipl.-Ing. in Mechatronics\n"
        )

        assert stays_of(resume) == [("Technische Universität Dresden", "master", "Mechatronics", "2004-10", "2010-09")]


class TestTwoCellsThatBreakTogether:
    def test_are_whole_again(self) -> None:
        texts = [
            *HEAD,
            (60, 740, "Finance Business Partner, Supply"),
            (240, 740, "Jun 2014 - Dec"),
            (60, 726, "Chain"),
            (240, 726, "2019"),
            (60, 712, "Kestrel, Manchester"),
        ]

        assert jobs_in(pdf([texts])) == [("Kestrel", "Finance Business Partner, Supply Chain", "2014-06", "2019-12")]


class TestLabelsThatTheirColumnBreaks:
    def test_are_whole_again(self) -> None:
        texts = [
            *HEAD,
            *((60.0, 740.0, "Dates"), (200.0, 740.0, "Sep 2018 - present")),
            *((60.0, 726.0, "Occupation or"), (200.0, 726.0, "Analyst"), (60.0, 712.0, "position held")),
            *((60.0, 698.0, "Main activities and"), (200.0, 698.0, "Forecasts of sales")),
            *((60.0, 684.0, "responsibilities"), (200.0, 684.0, "Coach of the team in 2022")),
            *((60.0, 670.0, "Name and address"), (200.0, 670.0, "Kestrel, Smallville"), (60.0, 656.0, "of employer")),
        ]

        assert jobs_in(pdf([texts])) == [("Kestrel", "Analyst", "2018-09", "now")]

"""Subjects and schools: lists of subjects, names without a telling word, labels, what is no degree."""

from __future__ import annotations

import pytest

from tests.resumes.reading import read, stays_of


def stays(*lines: str) -> list[tuple[str | None, ...]]:
    return stays_of(read("\n".join(["Jane Roe", "jane.roe@example.com", "", "Education", "", *lines])))


class TestASubjectThatIsAList:
    @pytest.mark.parametrize(
        "line",
        [
            "BSc, Physics, Economics and Law - University of Eastmere (2007 - 2010)",
            "University of Eastmere\t2007 - 2010\nBachelor of Education, Physics, Economics and Law; first class",
            "2007 - 2010\tBachelor of Education Physics, Economics and Law\nUniversity of Eastmere",
        ],
    )
    def test_is_whole(self, line: str) -> None:
        assert stays(*line.split("\n"))[0][2] == "Physics, Economics and Law"

    def test_is_whole_in_chinese(self) -> None:
        resume = read("李若水\n手机：13800001234\n\n教育经历\n2004年9月-2008年7月\t青禾大学\t经济学、金融学\t学士")

        assert stays_of(resume) == [("青禾大学", "bachelor", "经济学、金融学", "2004-09", "2008-07")]

    def test_needs_no_and_between_subjects_of_schools(self) -> None:
        assert stays("Kestrel College\t2007 - 2009", "A-levels, Mathematics, Physics, Economics") == [
            ("Kestrel College", "secondary", "Mathematics, Physics, Economics", "2007", "2009")
        ]

    def test_does_not_take_the_school_in(self) -> None:
        assert stays("BSc, Physics, Kestrel College, Smallville and Overthere\t2007 - 2010")[0][2] == "Physics"


class TestASchool:
    def test_without_a_telling_word_stands_beside_degree_and_years(self) -> None:
        assert stays("MSc, Business Economics — KU Leuven (2010–2012)") == [
            ("KU Leuven", "master", "Business Economics", "2010", "2012")
        ]

    def test_ends_with_its_sentence(self) -> None:
        assert stays("2011–2015\tPhD in Marine Biology, University of Oslo. Thesis: Grazing") == [
            ("University of Oslo", "doctor", "Marine Biology", "2011", "2015")
        ]

    def test_is_not_the_diploma_of_one(self) -> None:
        assert stays("09/1997 - 06/2002\tIstituto Tecnico Avogadro", "High School Diploma in Mechanics") == [
            ("Istituto Tecnico Avogadro", "secondary", "Mechanics", "1997-09", "2002-06")
        ]

    def test_is_not_a_label(self) -> None:
        assert stays("From – to\t2010 – 2012", "School\tKU Leuven", "Qualification\tMSc, Business Economics") == [
            ("KU Leuven", "master", "Business Economics", "2010", "2012")
        ]

    def test_may_have_dates_that_a_number_seems_to_begin(self) -> None:
        assert stays("09.2007 – 12.2011\tBSc in Physics", "University of Eastmere") == [
            ("University of Eastmere", "bachelor", "Physics", "2007-09", "2011-12")
        ]


class TestADegree:
    def test_is_not_a_postgraduate_diploma(self) -> None:
        assert stays("University of Eastmere\t2013 - 2014", "Postgraduate Diploma, Gerontological Nursing") == [
            ("University of Eastmere", None, "Gerontological Nursing", "2013", "2014")
        ]

    def test_is_one_in_management_as_indian_schools_give_it(self) -> None:
        assert stays("Kestrel College\t2013 - 2014", "Post Graduate Diploma in Management")[0][1] == "master"


class TestLines:
    def test_of_a_subject_alone_stand_between_school_and_degree(self) -> None:
        resume = read("李若水\n手机：13800001234\n\n教育背景\n青禾大学\n软件工程\n本科 2012/09-2016/06")

        assert stays_of(resume) == [("青禾大学", "bachelor", "软件工程", "2012-09", "2016-06")]

    def test_that_break_within_a_month_and_its_year_are_one(self) -> None:
        assert stays("University of Eastmere – BSc, Physics (Sep", "2010 to Feb 2012)") == [
            ("University of Eastmere", "bachelor", "Physics", "2010-09", "2012-02")
        ]

    def test_with_a_label_for_the_subject_say_it(self) -> None:
        assert stays(
            "Period: 09/2007 - 12/2011",
            "Degree: Bachelor of Education",
            "Field of study: Physics, Economics and Law",
            "Institution: University of Eastmere",
        ) == [("University of Eastmere", "bachelor", "Physics, Economics and Law", "2007-09", "2011-12")]

    @pytest.mark.parametrize(
        ("named", "subject"), [("软件工程专业", "软件工程"), ("经济学、金融学专业", "经济学、金融学")]
    )
    def test_with_the_word_for_subject_behind_it_do_not_take_the_degree_for_one(self, named: str, subject: str) -> None:
        resume = read(f"李若水\n手机：13800001234\n\n教育经历\n2004年09月至2008年06月　青禾大学　{named}　学士")

        assert stays_of(resume) == [("青禾大学", "bachelor", subject, "2004-09", "2008-06")]

"""Statements that are planned once."""

import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from zhiren.plumbing import statements

MOMENT = datetime(2026, 11, 30, 8, 55, 1, 250_000, tzinfo=UTC)


def prepared() -> set[str]:
    """Return what is prepared on this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return {statement for (statement,) in cursor.fetchall()}


@pytest.mark.django_db
class TestRows:
    def test_are_those_of_a_statement_that_stays_prepared(self) -> None:
        assert statements.rows("SELECT %s::int + 1", [1]) == [(2,)]

        assert "SELECT $1::int + 1" in prepared()

    def test_are_seen_by_whoever_notes_what_is_asked(self, django_assert_num_queries: object) -> None:
        with django_assert_num_queries(1) as asked:  # type: ignore[operator]  # a fixture
            statements.rows("SELECT %s::int", [7])

        assert asked.captured_queries[0]["sql"] == "SELECT 7::int"

    def test_take_values_by_name_each_as_often_as_it_is_named(self) -> None:
        asked = "SELECT %(one)s::int, %(other)s::text, %(one)s::int, 100 %% 7"

        assert statements.rows(asked, {"other": "b", "one": 1, "more": 2}) == [(1, "b", 1, 2)]

    def test_are_asked_again_after_one_that_failed(self) -> None:
        with pytest.raises(DataError), transaction.atomic():
            statements.rows("SELECT 1 / %s::int", [0])

        assert statements.rows("SELECT 1 / %s::int", [1]) == [(1,)]


@pytest.mark.django_db(transaction=True)
class TestConnections:
    def test_are_asked_anew_after_one_was_closed(self) -> None:
        before = statements.rows("SELECT pg_backend_pid()")
        connection.close()

        assert statements.rows("SELECT pg_backend_pid()") != before


@pytest.mark.django_db
class TestRowsAnew:
    def test_are_those_of_a_statement_that_is_not_prepared(self) -> None:
        assert statements.rows_anew("SELECT %s::int + 2", [1]) == [(3,)]

        assert "SELECT $1::int + 2" not in prepared()


@pytest.mark.django_db
class TestUnderWay:
    def test_are_answered_in_order_by_the_end_of_the_block(self) -> None:
        with statements.under_way(("SELECT %s::int", [1]), ("SELECT %s::text UNION ALL SELECT 'c'", ["b"])) as answers:
            assert answers == []

        assert answers == [[(1,)], [("b",), ("c",)]]
        assert "SELECT $1::int" in prepared()

    def test_may_be_none(self) -> None:
        with statements.under_way() as answers:
            statements.rows("SELECT 1")

        assert answers == []

    def test_are_seen_by_whoever_notes_what_is_asked(self, django_assert_num_queries: object) -> None:
        with (
            django_assert_num_queries(2),  # type: ignore[operator]  # a fixture
            statements.under_way(("SELECT %s::int", [1]), ("SELECT 2", ())) as answers,
        ):
            pass

        assert answers == [[(1,)], [(2,)]]

    def test_tell_what_went_wrong_and_leave_the_connection_usable(self) -> None:
        with (
            pytest.raises(DataError),
            transaction.atomic(),
            statements.under_way(("SELECT 1 / %s::int", [0]), ("SELECT 2", ())),
        ):
            pass

        assert statements.rows("SELECT 3") == [(3,)]


@pytest.mark.django_db
class TestTogether:
    def test_does_all_in_order(self) -> None:
        with statements.together():
            statements.run("CREATE TEMP TABLE told (number int PRIMARY KEY)")
            for number in range(5):
                statements.run("INSERT INTO told SELECT coalesce(max(number), 0) + %s::int FROM told", [number])

        assert statements.rows("SELECT max(number) FROM told") == [(10,)]

    def test_tells_what_went_wrong_and_leaves_the_connection_usable(self) -> None:
        statements.run("CREATE TEMP TABLE told (number int PRIMARY KEY)")

        @transaction.atomic
        def tell_twice() -> None:
            with statements.together():
                for number in (1, 1, 2):
                    statements.run("INSERT INTO told VALUES (%s::int)", [number])

        for _time in range(2):
            with pytest.raises(IntegrityError):
                tell_twice()

        assert statements.rows("SELECT count(*) FROM told") == [(0,)]


def way_of_planning() -> str:
    """Return when this connection plans a prepared statement anew."""
    return str(statements.rows("SHOW plan_cache_mode")[0][0])


@pytest.mark.django_db
class TestRowsBlindly:
    def test_are_planned_once_from_the_first_time_on(self) -> None:
        statements.run("CREATE TEMP TABLE told AS SELECT 1 AS number")
        for _time in range(3):
            assert statements.rows_blindly("SELECT number FROM told WHERE number = %s::int", [1]) == [(1,)]

        asked = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE %s"
        assert statements.rows(asked, ["SELECT number FROM told%"]) == [(3, 0)]
        assert way_of_planning() == "auto"

    def test_leave_the_way_of_planning_with_a_transaction_that_fails(self) -> None:
        with pytest.raises(DataError), transaction.atomic():
            statements.rows_blindly("SELECT 1 / %s::int", [0])

        assert way_of_planning() == "auto"

    def test_are_seen_by_whoever_notes_what_is_asked(self, django_assert_num_queries: object) -> None:
        with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture
            assert statements.rows_blindly("SELECT %s::int", [1]) == [(1,)]


@pytest.mark.django_db(transaction=True)
class TestRowsBlindlyOutsideOfTransactions:
    def test_leave_the_way_of_planning_where_they_fail(self) -> None:
        with pytest.raises(DataError):
            statements.rows_blindly("SELECT 1 / %s::int", [0])

        assert way_of_planning() == "auto"
        assert statements.rows("SELECT 3") == [(3,)]


@pytest.mark.django_db
class TestAsIds:
    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_gives_the_database_what_was_there(self, count: int) -> None:
        ids = [uuid.UUID(int=number) for number in range(count)]

        assert statements.rows("SELECT %s::uuid[]", [statements.as_ids(ids)]) == [(ids,)]


@pytest.mark.django_db
class TestAsJson:
    def test_gives_the_database_what_was_there(self) -> None:
        statements.run("CREATE TEMP TABLE told (id uuid, at timestamptz, day date, text text, details jsonb, no int)")
        one = uuid.uuid4()
        row = {"id": one, "at": MOMENT, "day": date(2026, 11, 30), "text": "刷卡 \" \\ '", "details": {"a": [1, None]}}

        statements.run("INSERT INTO told SELECT * FROM json_populate_recordset(NULL::told, %s::json)",
                       [statements.as_json([row | {"no": None}])])  # fmt: skip

        assert statements.rows("SELECT id, at, day, text, details ->> 'a', no FROM told") == [
            (one, MOMENT, date(2026, 11, 30), "刷卡 \" \\ '", "[1, null]", None)
        ]

    @pytest.mark.parametrize(
        ("text", "is_one"), [("a\0b", True), ("\\\0", True), ("\\u0000", False), ("\\\\u0000", False)]
    )
    def test_refuses_a_nul_as_the_driver_does(self, text: str, is_one: bool) -> None:
        if is_one:
            with pytest.raises(DataError, match=r"NUL \(0x00\)"):
                statements.as_json([{"text": text}])
        else:
            asked = [statements.as_json([{"text": text}])]
            assert statements.rows("SELECT one ->> 'text' FROM json_array_elements(%s::json) one", asked) == [(text,)]

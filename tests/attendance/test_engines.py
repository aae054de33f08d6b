from __future__ import annotations

import importlib.util
import random
from dataclasses import dataclass

import pytest

from tests.attendance.comparing import frames_of
from tests.attendance.worlds import random_person
from zhiren.attendance import bulk, engines

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: there are no Arrow tables")
BUCKETS = 3


@dataclass(frozen=True)
class TwoPeople:
    """Two made-up people for each bucket."""

    days: int = 6

    def __call__(self, bucket: int) -> bulk.Frames:
        return frames_of([random_person(random.Random(2 * bucket + one), self.days) for one in (0, 1)])


WORK = engines.Compute(TwoPeople())


def engine(name: str, module: str) -> object:
    missing = importlib.util.find_spec(module) is None
    return pytest.param(name, marks=pytest.mark.skipif(missing, reason=f"{module} is not installed"), id=name)


class TestRun:
    @pytest.mark.slow
    @pytest.mark.enable_socket
    @pytest.mark.filterwarnings("default")
    @pytest.mark.parametrize("name", ["local", engine("ray", "ray"), engine("spark", "pyspark")])
    def test_gives_the_days_of_each_bucket_in_order(self, name: str) -> None:
        expected = [bulk.compute(TwoPeople()(bucket)).table() for bucket in range(BUCKETS)]

        found = list(engines.run(WORK, BUCKETS, engine=name, workers=2))

        assert [table.equals(other) for table, other in zip(found, expected, strict=True)] == [True] * BUCKETS

    def test_needs_no_other_process_for_one_worker(self) -> None:
        seen = list(engines.run(lambda bucket: bucket * bucket, 3, workers=1))

        assert seen == [0, 1, 4]

    def test_knows_no_other_engine(self) -> None:
        with pytest.raises(LookupError, match="abacus"):
            list(engines.run(WORK, 1, engine="abacus"))

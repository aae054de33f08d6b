"""Days from Parquet files: a file for each bucket, whole or not there, and the same whoever runs them."""

from __future__ import annotations

import importlib.util
import os
import random
from pathlib import Path

import pytest

from tests.attendance.comparing import frames_of
from tests.attendance.worlds import random_person
from zhiren.attendance import bulk, frames

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: there are no Parquet files")
pq = pytest.importorskip("pyarrow.parquet")
NAMES = ("north", "south", "west")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with three buckets of two people each, who share their plans."""
    crowd = [random_person(random.Random(number), 6) for number in range(6)]
    every = frames_of(crowd)
    frames.write_plans(tmp_path / "plans.parquet", every.plans)
    for number, name in enumerate(NAMES):
        (tmp_path / name).mkdir()
        for frame, columns in frames.COLUMNS.items():
            table = pa.table({column: getattr(every, frame)[column] for column in columns})
            mine = [one // 2 == number for one in table["employee"].to_pylist()]
            pq.write_table(table.filter(pa.array(mine)), tmp_path / name / f"{frame}.parquet")
    return tmp_path


def engine(name: str, module: str) -> object:
    missing = importlib.util.find_spec(module) is None
    return pytest.param(name, marks=pytest.mark.skipif(missing, reason=f"{module} is not installed"), id=name)


class TestCompute:
    @pytest.mark.slow
    @pytest.mark.enable_socket
    @pytest.mark.filterwarnings("default")
    @pytest.mark.parametrize("name", ["local", engine("ray", "ray"), engine("spark", "pyspark")])
    def test_writes_the_days_of_each_bucket_whoever_runs_them(self, name: str, folder: Path, tmp_path: Path) -> None:
        to = tmp_path / "days"

        parts = [part for _buckets, part in frames.compute(folder, to, engine=name, workers=2)]

        assert sorted(path.name for path in to.iterdir()) == [f"{name}.parquet" for name in NAMES]
        for bucket, part in zip(NAMES, parts, strict=True):
            expected = bulk.compute(frames.read(folder, bucket), compiled=False)
            found = pq.read_table(to / f"{bucket}.parquet")
            assert found.replace_schema_metadata(None).equals(expected.table())
            assert (part.days, part.stray, part.kept) == (len(expected), expected.stray, False)

    def test_keeps_what_was_computed_before_it_was_stopped(self, folder: Path, tmp_path: Path) -> None:
        to = tmp_path / "days"
        steps = frames.compute(folder, to)
        first = next(steps)[1]
        steps.close()
        assert [path.name for path in to.iterdir()] == ["north.parquet"]

        parts = [part for _buckets, part in frames.compute(folder, to)]

        assert [part.kept for part in parts] == [True, False, False]
        assert (parts[0].days, parts[0].stray) == (first.days, first.stray)
        assert [part.kept for _buckets, part in frames.compute(folder, to, again=True)] == [False] * 3

    def test_computes_again_what_changed_since_and_what_other_rules_computed(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        to = tmp_path / "days"
        list(frames.compute(folder, to))
        changed = folder / "south" / "punches.parquet"
        later = (to / "south.parquet").stat().st_mtime_ns + 1_000_000_000
        os.utime(changed, ns=(later, later))
        assert [part.kept for _buckets, part in frames.compute(folder, to)] == [True, False, True]

        monkeypatch.setattr("zhiren.attendance.rules.RULES_VERSION", 2)
        assert [part.kept for _buckets, part in frames.compute(folder, to)] == [False] * 3

    def test_says_what_is_missing_before_it_begins(self, folder: Path, tmp_path: Path) -> None:
        pq.write_table(pa.table({"employee": [1], "when": [2]}), folder / "south" / "punches.parquet")
        with pytest.raises(frames.Unreadable, match=r"south/punches.parquet has no column at"):
            list(frames.compute(folder, tmp_path / "days"))

        (folder / "south" / "punches.parquet").write_bytes(b"no file of that kind")
        with pytest.raises(frames.Unreadable, match=r"punches.parquet is no Parquet file"):
            list(frames.compute(folder, tmp_path / "days"))

        (folder / "plans.parquet").unlink()
        with pytest.raises(frames.Unreadable, match=r"plans.parquet is missing"):
            list(frames.compute(folder, tmp_path / "days"))
        with pytest.raises(frames.Unreadable, match="no folders with a roster"):
            list(frames.compute(folder / "north", tmp_path / "days"))

        assert not (tmp_path / "days").exists()

    def test_needs_neither_absences_nor_approvals(self, folder: Path, tmp_path: Path) -> None:
        for name in ("absences", "overtimes"):
            (folder / "west" / f"{name}.parquet").unlink()

        parts = [part for _buckets, part in frames.compute(folder, tmp_path / "days")]

        assert len(parts) == 3

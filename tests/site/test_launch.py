"""What is checked before anything is started."""

import socket
from pathlib import Path

import pytest

from zhiren.plumbing import postgres
from zhiren.site import launch


class TestRefuseTakenPort:
    @pytest.mark.enable_socket
    def test_names_the_port_and_the_way_out(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]

            with pytest.raises(launch.PortTaken, match=rf"Port {port} is in use .*--port {port + 1}"):
                launch.refuse_taken_port("127.0.0.1", port)

        launch.refuse_taken_port("127.0.0.1", port)

    @pytest.mark.enable_socket
    def test_names_an_address_that_is_not_here(self) -> None:
        with pytest.raises(launch.PortTaken, match=r"192\.0\.2\.1 port 8000 cannot be listened on"):
            launch.refuse_taken_port("192.0.2.1", 8000)


class TestCheckReachable:
    @pytest.mark.parametrize(
        ("url", "sentence"),
        [
            ("postgresql://zhiren@127.0.0.1:1/zhiren", "The database does not answer: connection failed"),
            ("oracle://somewhere", "DATABASE_URL is no address like postgresql://"),
        ],
    )
    def test_is_one_sentence_when_it_is_not(self, url: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", url)

        with pytest.raises(postgres.DatabaseUnavailable) as refusal:
            launch.check_reachable()

        assert str(refusal.value).startswith(sentence)
        assert "\n" not in str(refusal.value)


class TestMigrationsOnDisk:
    def test_changes_with_a_migration_and_with_nothing_else(self, tmp_path: Path) -> None:
        first = tmp_path / "people" / "migrations" / "0001_initial.py"
        for path in (first, tmp_path / "site" / "settings.py"):
            path.parent.mkdir(parents=True)
            path.write_text("# nothing yet")
        before = launch.migrations_on_disk(tmp_path)

        (tmp_path / "people" / "views.py").write_text("# a page")
        assert launch.migrations_on_disk(tmp_path) == before
        first.write_text("# another column")
        changed = launch.migrations_on_disk(tmp_path)
        first.with_name("0002_more.py").write_text("# a table")

        assert len({before, changed, launch.migrations_on_disk(tmp_path)}) == 3

from uuid import UUID

import pytest

from zhiren.careers import links
from zhiren.kernel.ids import new_id
from zhiren.kernel.refusals import NotFound

APPLICATION = UUID("019aa000-0000-7000-8000-000000000001")


class TestTokenFor:
    def test_is_the_same_every_time_and_another_for_another_application(self) -> None:
        assert links.token_for(APPLICATION) == links.token_for(APPLICATION)
        assert links.token_for(APPLICATION) != links.token_for(new_id())

    def test_fits_into_an_address(self) -> None:
        assert len(links.token_for(APPLICATION)) == 43
        assert links.token_for(APPLICATION).replace("-", "").replace("_", "").isalnum()


class TestReadToken:
    def test_opens_what_it_was_made_for(self) -> None:
        assert links.read_token(links.token_for(APPLICATION)) == APPLICATION

    @pytest.mark.parametrize("place", range(0, 43, 6))
    def test_refuses_every_change(self, place: int) -> None:
        token = links.token_for(APPLICATION)
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]

        with pytest.raises(NotFound):
            links.read_token(changed)

    def test_refuses_another_spelling_of_the_same_bytes(self) -> None:
        token = links.token_for(APPLICATION)
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        twin = token[:-1] + alphabet[alphabet.index(token[-1]) + 1]

        with pytest.raises(NotFound):
            links.read_token(twin)

    @pytest.mark.parametrize("text", ["", "x", "知人", "a" * 43, "../../etc/passwd", "%00"])
    def test_refuses_what_is_no_token(self, text: str) -> None:
        with pytest.raises(NotFound):
            links.read_token(text)


class TestStatusLink:
    def test_is_a_whole_address(self) -> None:
        assert links.status_link(APPLICATION) == f"http://127.0.0.1:8000/c/{links.token_for(APPLICATION)}/"


class TestReadUploadToken:
    def test_does_not_take_the_token_of_another_purpose(self) -> None:
        upload_id = new_id()

        assert links.read_upload_token(links.upload_token(upload_id)) == upload_id
        with pytest.raises(NotFound):
            links.read_upload_token(links.sent_token(upload_id, shows_link=True))

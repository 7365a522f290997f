"""Objects in a directory, and their presigned URLs."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from switchroom.base.errors import ServiceError
from switchroom.storage.objects import ROUTE, Grant, ObjectStore

KEY = "connect/demo/ChatTranscripts/2024/03/01/日本 a+b.json"


@pytest.fixture
def objects(tmp_path: Path) -> ObjectStore:
    return ObjectStore(tmp_path / "objects", b"secret")


def visit(url: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(url)
    assert parts.path.startswith(ROUTE)
    return unquote(parts.path.removeprefix(ROUTE)), dict(parse_qsl(parts.query))


async def test_an_object_lives_from_put_to_delete(objects: ObjectStore) -> None:
    assert not await objects.exists(KEY)
    await objects.put(KEY, b"one", "application/json")
    await objects.put(KEY, b"other")
    await objects.put("elsewhere/x", b"")
    assert await objects.get(KEY) == b"other"
    assert await objects.size(KEY) == 5
    assert [found async for found in objects.list("connect/demo")] == [(KEY, 5)]
    await objects.delete(KEY)
    await objects.delete(KEY)
    with pytest.raises(ServiceError, match="ResourceNotFoundException"):
        await objects.get(KEY)


async def test_a_part_of_an_object(objects: ObjectStore) -> None:
    """QUAL-137: both ends count; what is not there is said."""
    await objects.put(KEY, b"0123456789")
    assert await objects.get_range(KEY, 0, 0) == b"0"
    assert await objects.get_range(KEY, 3, 9) == b"3456789"
    with pytest.raises(ServiceError, match="ResourceNotFoundException"):
        await objects.get_range("elsewhere/nothing", 0, 1)


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/./b", "a/"])
async def test_a_key_stays_inside_the_store(objects: ObjectStore, key: str) -> None:
    with pytest.raises(ValueError, match="object key"):
        await objects.put(key, b"")


async def test_a_presigned_url_allows_what_it_was_made_for(objects: ObjectStore) -> None:
    key, query = visit(await objects.presign_get(KEY, 60, content_type="text/plain; charset=utf-8", filename="ü.txt"))
    assert objects.verify("GET", key, query) == Grant("GET", KEY, "text/plain; charset=utf-8", "ü.txt")
    assert objects.verify("HEAD", key, query).method == "GET"
    url = await objects.presign_put(KEY, 60, "image/png", 1000, origin="https://example.com")
    assert url.startswith("https://example.com/objects/connect/demo/")
    key, query = visit(url)
    assert objects.verify("PUT", key, query) == Grant("PUT", KEY, "image/png", None, 1000)


async def test_a_changed_or_expired_url_is_refused(objects: ObjectStore, tmp_path: Path) -> None:
    key, query = visit(await objects.presign_put(KEY, 60, "image/png", 1000))
    changes = ({"max-bytes": "9999"}, {"content-type": "text/html"}, {"expires": "9999999999"}, {"signature": ""})
    for change in (*changes, {"expires": ""}, {"signature": "日本"}):
        with pytest.raises(ServiceError, match="AccessDeniedException"):
            objects.verify("PUT", key, query | change)
    for method, path in (("GET", key), ("DELETE", key), ("PUT", key + "x")):
        with pytest.raises(ServiceError, match="AccessDeniedException"):
            objects.verify(method, path, query)
    with pytest.raises(ServiceError, match="AccessDeniedException"):
        ObjectStore(tmp_path / "objects", b"another").verify("PUT", key, query)
    key, query = visit(await objects.presign_get(KEY, -1))
    with pytest.raises(ServiceError, match="expired"):
        objects.verify("GET", key, query)

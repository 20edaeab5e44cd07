import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.domain.errors import ConfigurationError
from storage.objects import make_object_store
from storage.objects.checksum import digest_parts
from storage.objects.factory import _s3_address
from storage.objects.folder import FolderStore
from storage.objects.s3 import S3Store


def test_settings_name_a_folder_or_a_bucket(tmp_path) -> None:
    assert isinstance(make_object_store(f"file:{tmp_path}/objects"), FolderStore)
    assert isinstance(make_object_store(f"file://{tmp_path}/objects"), FolderStore)
    assert isinstance(make_object_store("s3+http://key:secret@127.0.0.1:9000/bucket"), S3Store)


def test_an_s3_setting_is_taken_apart() -> None:
    address = _s3_address("s3+https://a%3Ab:c%2Fd@s3.example.org:444/images?region=cn-north-1")
    assert (address.endpoint, address.bucket, address.secure) == ("s3.example.org:444", "images", True)
    assert (address.access_key, address.secret_key, address.region) == ("a:b", "c/d", "cn-north-1")
    assert "c/d" not in repr(address)


@pytest.mark.parametrize(
    "url", ["", "objects", "http://x/y", "file:", "file://host/path", "s3+http://host/b", "s3+http://k:s@host/a/b"]
)
def test_other_settings_are_explained(url: str) -> None:
    with pytest.raises(ConfigurationError, match="COUNTYREAD_OBJECT_STORE"):
        make_object_store(url)


@given(st.binary(max_size=100), st.integers(1, 30))
def test_digests_foretell_etags(content: bytes, part_size: int) -> None:
    digests = digest_parts(io.BytesIO(content), part_size)
    parts = [content[start : start + part_size] for start in range(0, len(content), part_size)] or [b""]
    md5s = b"".join(hashlib.md5(part).digest() for part in parts)
    assert digests.size == len(content)
    assert digests.sha256 == hashlib.sha256(content).hexdigest()
    assert digests.single_etag == hashlib.md5(content).hexdigest()
    assert digests.multipart_etag == f"{hashlib.md5(md5s).hexdigest()}-{len(parts)}"

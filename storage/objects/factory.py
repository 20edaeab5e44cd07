"""From the setting to the store."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from storage.domain.errors import ConfigurationError
from storage.objects.contract import ObjectStore
from storage.objects.folder import FolderStore
from storage.objects.s3 import S3Address, S3Store

_EXAMPLES = "file:/var/lib/countyread/objects or s3+http://KEY:SECRET@HOST:9000/BUCKET"


def make_object_store(url: str) -> ObjectStore:
    """The store named by `COUNTYREAD_OBJECT_STORE`; nothing is contacted yet. Raises `ConfigurationError`."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path and not parts.netloc:
        return FolderStore(Path(unquote(parts.path)))
    if parts.scheme in ("s3+http", "s3+https"):
        return S3Store(_s3_address(url))
    raise ConfigurationError(f"COUNTYREAD_OBJECT_STORE must look like {_EXAMPLES}.")


def _s3_address(url: str) -> S3Address:
    parts = urlsplit(url)
    bucket = parts.path.strip("/")
    if not (parts.username and parts.password and parts.hostname and bucket) or "/" in bucket:
        raise ConfigurationError(
            "COUNTYREAD_OBJECT_STORE needs an access key, a secret, a host and one bucket: "
            "s3+https://KEY:SECRET@HOST:PORT/BUCKET (write '/' in a secret as %2F)."
        )
    return S3Address(
        endpoint=parts.netloc.rpartition("@")[2],
        access_key=unquote(parts.username),
        secret_key=unquote(parts.password),
        bucket=bucket,
        secure=parts.scheme == "s3+https",
        region=parse_qs(parts.query).get("region", ["us-east-1"])[0],
    )

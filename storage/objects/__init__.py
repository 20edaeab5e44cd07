"""Where the bytes live: one small contract, kept by a local folder and by any S3 server."""

from storage.objects.contract import ObjectStore, exists
from storage.objects.factory import make_object_store

__all__ = ["ObjectStore", "exists", "make_object_store"]

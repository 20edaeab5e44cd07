"""What is in the archive already."""

from collections.abc import Sequence

from sqlalchemy import select

from storage.db.models import Instance
from storage.db.session import UnitOfWork


def known_instances(work: UnitOfWork, sop_instance_uids: Sequence[str]) -> set[str]:
    """Which of these UIDs have rows."""
    query = select(Instance.sop_instance_uid).where(Instance.sop_instance_uid.in_(sorted(set(sop_instance_uids))))
    return set(work.session.execute(query).scalars())


def referenced_keys(work: UnitOfWork, keys: Sequence[str]) -> set[str]:
    """Which of these objects of the store stand for an instance. A key holds the hash of the object's bytes."""
    hashes = {key.rpartition("/")[2].removesuffix(".dcm"): key for key in keys}
    query = select(Instance.object_key).where(Instance.sha256.in_(sorted(hashes)))
    return set(keys) & set(work.session.execute(query).scalars())

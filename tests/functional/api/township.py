"""A county behind a running HTTP server: people log in, images are stored, studies are read."""

import hashlib
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from fastapi import FastAPI
from sqlalchemy import select
from starlette.routing import BaseRoute

from storage.db.models import Device, Instance, Institution, Patient, ReadingTask, Rendition, Series, Study
from storage.db.queries import logins
from storage.domain.studies import InstanceState, RenditionKind, RenditionState, StudyState
from storage.ingest.data_set_digest import DataSetDigest
from storage.ingest.header import ObjectHeader, ReadingRules, read_header
from storage.ingest.part10 import read_start
from storage.ingest.spool import IDENTITY
from storage.ingest.spool_entry import SUFFIX, SpoolEntry
from storage.ingest.study_keys import study_keys
from storage.objects import ObjectStore, make_object_store
from storage.settings import Settings
from tests.services.waiting import wait_until
from tests.unit.reading_queue.county import County
from viewer_api.app import build_app
from viewer_api.auth.tokens import new_token, token_hash
from viewer_api.process import Server, make_server

PASSWORD = "a long enough password"
_ZONE = ZoneInfo("Asia/Shanghai")
_ROUTES: list[BaseRoute] = []


@dataclass
class Township:
    """The county, its object store, and the address of its API."""

    county: County
    store: ObjectStore
    settings: Settings
    server: Server
    url: str
    _clients: dict[str, httpx.Client] = field(default_factory=dict)

    @property
    def database(self):
        return self.county.database

    def client(self, username: str) -> httpx.Client:
        """A client with a bearer token of `username`."""
        if username not in self._clients:
            headers = {"Authorization": f"Bearer {self.token(username)}"}
            self._clients[username] = httpx.Client(base_url=self.url, headers=headers, timeout=30)
        return self._clients[username]

    def anonymous(self) -> httpx.Client:
        if "" not in self._clients:
            self._clients[""] = httpx.Client(base_url=self.url, timeout=30)
        return self._clients[""]

    def token(self, username: str) -> str:
        token = new_token()
        with self.database.write() as work:
            user_id = self.county.user(username).id
            logins.open_login(work, user_id, token_hash(token), work.now + timedelta(hours=12))
        return token

    def bearer(self, token: str) -> httpx.Client:
        """A client with this token."""
        if token not in self._clients:
            headers = {"Authorization": f"Bearer {token}"}
            self._clients[token] = httpx.Client(base_url=self.url, headers=headers, timeout=30)
        return self._clients[token]

    def log_in(self, username: str, **more: object) -> dict[str, Any]:
        """What the API answers to the right password of `username`."""
        body = {"username": username, "password": PASSWORD, **more}
        answer = self.anonymous().post("/api/v1/session", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def key(self, institution: str, *scopes: str) -> httpx.Client:
        """A client with an API key of an institution."""
        name = f"key of {institution} for {scopes}"
        if name not in self._clients:
            body = {"name": "HIS", "institution": institution, "scopes": list(scopes)}
            secret = self.client("admin").post("/api/v1/admin/api-keys", json=body).json()["secret"]
            headers = {"Authorization": f"Bearer {secret}"}
            self._clients[name] = httpx.Client(base_url=self.url, headers=headers, timeout=30)
        return self._clients[name]

    def shared(self, study_instance_uid: str, **asked: object) -> str:
        """The token of a browser that has shown a link to that study."""
        url = f"/api/v1/studies/{study_instance_uid}/shares"
        link = self.client("manager").post(url, json=asked).json()["path"]
        shown = {"token": link.rsplit("/", 1)[1], "passcode": asked.get("passcode", "")}
        return self.anonymous().post("/api/v1/shared", json=shown).json()["token"]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()

    def _spool(self, data: bytes, name: str) -> None:
        """Put a file where a gateway of this machine keeps what is not stored yet."""
        folder = self.settings.spool / "gateway"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / IDENTITY).write_text("gateway@test")
        (folder / f"{name}{SUFFIX}").write_bytes(data)

    def image(self, data: bytes, code: str = "t01", *, spooled: bool = False, **over: str) -> Instance:
        """Catalogue and store one Part 10 file as the gateway does; `over` replaces its UIDs."""
        stream = io.BytesIO(data)
        meta = read_start(stream)
        offset = stream.tell()
        header = read_header(stream, meta.transfer_syntax_uid, self.county.clock.now(), ReadingRules(_ZONE))
        sha256 = hashlib.sha256(data).hexdigest()
        key = f"instances/{sha256[:2]}/{sha256}.dcm"
        entry = SpoolEntry(1, sha256, 1)
        if spooled:
            self._spool(data, entry.name)
        else:
            self.store.put(key, io.BytesIO(data), size=len(data), sha256=sha256)
        with self.database.write() as work:
            institution = work.session.execute(select(Institution).where(Institution.code == code)).scalar_one()
            ids = header.identifiers
            uids = {
                "study": ids.study_instance_uid,
                "series": ids.series_instance_uid,
                "sop": ids.sop_instance_uid,
                **over,
            }
            study = _study(work, institution, header, uids["study"])
            series = _series(work, study, header, uids["series"])
            instance = Instance(
                institution_id=institution.id,
                sop_instance_uid=uids["sop"],
                sop_class_uid=ids.sop_class_uid,
                transfer_syntax_uid=meta.transfer_syntax_uid,
                study_id=study.id,
                series_id=series.id,
                number=header.instance_number,
                frames=header.frames,
                rows=header.rows,
                columns=header.columns,
                size=len(data),
                sha256=sha256,
                dataset_digest=digest_of(data[offset:]),
                object_key=key,
                state=InstanceState.SPOOLED if spooled else InstanceState.STORED,
                gateway="gateway@test",
                spool_name=entry.name,
                received_at=work.now,
                header=header.model,
            )
            study.instance_count += 1
            series.instance_count += 1
            work.session.add(instance)
            work.session.flush()
            work.session.expunge_all()
        return instance

    def picture(
        self, study_id: int, kind: RenditionKind = RenditionKind.THUMBNAIL, data: bytes = b"\xff\xd8picture"
    ) -> str:
        """Make a picture of the study's first series; the series' UID."""
        sha256 = hashlib.sha256(data).hexdigest()
        key = f"renditions/{sha256}-{study_id}"
        self.store.put(key, io.BytesIO(data), size=len(data), sha256=sha256)
        with self.database.write() as work:
            instance = (
                work.session.execute(select(Instance).where(Instance.study_id == study_id).order_by(Instance.id))
                .scalars()
                .first()
            )
            assert instance is not None
            work.session.add(
                Rendition(
                    institution_id=instance.institution_id,
                    study_id=study_id,
                    series_id=instance.series_id,
                    instance_id=instance.id,
                    kind=kind,
                    media_type="image/jpeg",
                    object_key=key,
                    sha256=sha256,
                    size=len(data),
                    created_at=work.now,
                )
            )
            return work.session.get_one(Series, instance.series_id).series_instance_uid

    def study(self, task: ReadingTask) -> Study:
        with self.database.read() as work:
            return work.session.get_one(Study, task.study_id)

    def series_uid(self, study_id: int) -> str:
        with self.database.read() as work:
            return (
                work.session.execute(select(Series.series_instance_uid).where(Series.study_id == study_id))
                .scalars()
                .first()
                or ""
            )

    def wado(self, instance: Instance) -> str:
        """The DICOMweb path of an instance."""
        with self.database.read() as work:
            series = work.session.get_one(Series, instance.series_id)
            study = work.session.get_one(Study, instance.study_id)
        return (
            f"/dicomweb/studies/{study.study_instance_uid}/series/{series.series_instance_uid}"
            f"/instances/{instance.sop_instance_uid}"
        )


def _study(work, institution: Institution, header: ObjectHeader, uid: str) -> Study:
    found = work.session.execute(select(Study).where(Study.study_instance_uid == uid)).scalar_one_or_none()
    if found is not None:
        return found
    patient = Patient(
        institution_id=institution.id,
        patient_id=f"{header.patient.patient_id or 'P'}-{uid[-8:]}",
        name=header.patient.name,
        sex=header.patient.sex,
        birth_date=header.patient.birth_date,
    )
    work.session.add(patient)
    work.session.flush()
    device = work.session.execute(select(Device).where(Device.institution_id == institution.id)).scalars().first()
    study = Study(
        institution_id=institution.id,
        study_instance_uid=uid,
        patient_id=patient.id,
        device_id=device.id if device else None,
        modality=header.modality,
        description=header.study_description,
        body_part=header.body_part,
        accession_number=header.accession_number,
        priority=header.priority,
        state=StudyState.RECEIVING,
        exam_started_at=header.exam_started_at,
        **study_keys(header.model),
        first_received_at=work.now,
        last_received_at=work.now,
        instance_count=0,
        series_count=0,
        rendition_state=RenditionState.PENDING,
    )
    work.session.add(study)
    work.session.flush()
    return study


def _series(work, study: Study, header: ObjectHeader, uid: str) -> Series:
    found = work.session.execute(select(Series).where(Series.series_instance_uid == uid)).scalar_one_or_none()
    if found is not None:
        return found
    series = Series(
        institution_id=study.institution_id,
        series_instance_uid=uid,
        study_id=study.id,
        modality=header.modality,
        number=header.series_number,
        description=header.series_description,
        laterality=header.laterality,
        instance_count=0,
    )
    study.series_count += 1
    work.session.add(series)
    work.session.flush()
    return series


@contextmanager
def running(county: County, settings: Settings, store: ObjectStore | None = None) -> Iterator[Township]:
    """Serve `county` on a free port until the block ends."""
    store = store or make_object_store(settings.object_store)
    app = build_app(settings, county.database, store)
    app.router.routes[:] = _known_routes(app)
    server = make_server(app, settings)
    thread = threading.Thread(target=server.run, name="api")
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive(), 20, "the API to listen")
        port = server.servers[0].sockets[0].getsockname()[1]
        township = Township(county, store, settings, server, f"http://127.0.0.1:{port}")
        try:
            yield township
        finally:
            township.close()
    finally:
        server.should_exit = True
        thread.join(20)
    assert not thread.is_alive()


def _known_routes(app: FastAPI) -> list[BaseRoute]:
    """Those of the first application: what FastAPI works out of them at the first request takes as long as a test does."""
    if not _ROUTES:
        _ROUTES.extend(app.router.routes)
    return _ROUTES


def settings_in(folder: Path, **more: str) -> Settings:
    from storage.settings import load_settings

    environ = {"COUNTYREAD_DATA": str(folder), "COUNTYREAD_HTTP": "127.0.0.1:0", **more}
    return load_settings(environ, file=Path("/nonexistent.toml"))


def digest_of(data_set: bytes) -> str:
    """As the catalogue has it."""
    digest = DataSetDigest()
    digest.update(data_set)
    return digest.text

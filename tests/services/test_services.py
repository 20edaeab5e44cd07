"""Each server of this package does its real work; what the product does with them is tested elsewhere."""

import hashlib
import io
import os
from pathlib import Path
from typing import cast

import httpx
import minio
import psycopg
import pydicom
import pytest
from pydicom.data import get_testdata_file

from tests.services import dcmtk
from tests.services.browser import ChromiumBrowser
from tests.services.errors import MissingPartError, ServerFailedError
from tests.services.orthanc import OrthancServer
from tests.services.ports import accepts_connections, free_port
from tests.services.postgres import PostgresServer
from tests.services.process import Program, find_program
from tests.services.redis import RedisServer
from tests.services.s3 import S3Server
from tests.services.waiting import wait_until

CT = Path(cast(str, get_testdata_file("CT_small.dcm")))
JPEG2000 = Path(cast(str, get_testdata_file("JPEG2000.dcm")))


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


# PostgreSQL


def test_postgres_keeps_commits_across_sigkill(postgres: PostgresServer, postgres_url: str) -> None:
    with connect(postgres_url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('县域阅片中心')")
        postgres.kill()
    assert not accepts_connections(postgres.port)
    postgres.restart()
    with connect(postgres_url) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("县域阅片中心",)]


def test_postgres_databases_from_a_template_are_separate(postgres: PostgresServer) -> None:
    filled = []

    def fill(url: str) -> None:
        filled.append(url)
        with connect(url) as connection:
            connection.execute("CREATE TABLE migrated (id int)")

    first, second = (postgres.create_database(postgres.ensure_template("separate_template", fill)) for _ in range(2))
    with connect(first) as connection:
        connection.execute("INSERT INTO migrated VALUES (1)")
    with connect(second) as connection:
        assert connection.execute("SELECT count(*) FROM migrated").fetchone() == (0,)
    assert len(filled) == 1


# Redis


def test_redis_forgets_when_killed_and_keeps_when_durable(redis_server: RedisServer) -> None:
    import redis

    with RedisServer(durable=True) as durable:
        for server in (redis_server, durable):
            with redis.Redis.from_url(server.url) as client:
                client.set("hint", "study ready")
            server.kill()
            server.restart()
        with redis.Redis.from_url(redis_server.url) as client:
            assert client.get("hint") is None
        with redis.Redis.from_url(durable.url) as client:
            assert client.get("hint") == b"study ready"


# S3


def read(client: minio.Minio, bucket: str, name: str, offset: int = 0, length: int = 0) -> bytes:
    response = client.get_object(bucket, name, offset, length)
    try:
        return response.read()
    finally:
        response.close()
        response.release_conn()


def test_s3_stores_and_serves_ranges(s3_server: S3Server, s3_url: str) -> None:
    client, bucket, content = s3_server.client(), s3_url.rsplit("/", 1)[1], os.urandom(300_000)
    stored = client.put_object(bucket, "研究/1.dcm", io.BytesIO(content), len(content))
    assert stored.etag == hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert read(client, bucket, "研究/1.dcm") == content
    assert read(client, bucket, "研究/1.dcm", 1000, 77) == content[1000:1077]


def test_s3_takes_multipart_uploads(s3_server: S3Server, s3_url: str) -> None:
    client, bucket, content = s3_server.client(), s3_url.rsplit("/", 1)[1], os.urandom(11 << 20)
    client.put_object(bucket, "large", io.BytesIO(content), -1, part_size=5 << 20)
    assert hashlib.sha256(read(client, bucket, "large")).digest() == hashlib.sha256(content).digest()


def test_s3_refuses_a_wrong_secret(s3_server: S3Server) -> None:
    stranger = minio.Minio(
        s3_server.endpoint, access_key="reading:s3", secret_key="wrong", secure=False, region="us-east-1"
    )
    with pytest.raises(minio.error.S3Error) as refusal:
        stranger.list_buckets()
    assert refusal.value.code == "SignatureDoesNotMatch"


def test_s3_keeps_objects_across_sigkill(s3_server: S3Server, s3_url: str) -> None:
    bucket = s3_url.rsplit("/", 1)[1]
    s3_server.client().put_object(bucket, "kept", io.BytesIO(b"bytes"), 5)
    s3_server.kill()
    assert not accepts_connections(s3_server.port)
    s3_server.restart()
    assert read(s3_server.client(), bucket, "kept") == b"bytes"


# DICOM peers


def test_orthanc_sends_to_dcmtk(orthanc: OrthancServer, storescp: dcmtk.StorescpServer) -> None:
    orthanc.add_modality("county", storescp.ae_title, storescp.port)
    orthanc.echo("county")
    account = orthanc.store("county", orthanc.upload([CT]))
    assert account["FailedInstancesCount"] == 0
    (received,) = storescp.files()
    assert pydicom.dcmread(received).SOPInstanceUID == pydicom.dcmread(CT).SOPInstanceUID


def test_orthanc_reports_a_peer_that_is_gone(orthanc: OrthancServer) -> None:
    orthanc.add_modality("gone", "GONE", free_port())
    with pytest.raises(httpx.HTTPStatusError):
        orthanc.store("gone", orthanc.upload([CT]))


def test_dcmtk_sends_every_syntax_to_orthanc(orthanc: OrthancServer, dcmtk_tools: None) -> None:
    result = dcmtk.send(orthanc.dicom_port, [CT, JPEG2000], called=orthanc.ae_title)
    assert result.ok, result.output
    stored = [pydicom.dcmread(io.BytesIO(orthanc.file(i))) for i in orthanc.instances()]
    assert {d.file_meta.TransferSyntaxUID for d in stored} == {
        pydicom.dcmread(path).file_meta.TransferSyntaxUID for path in (CT, JPEG2000)
    }


def test_storescu_is_dcmtks_and_not_pynetdicoms(storescp: dcmtk.StorescpServer) -> None:
    assert "dcmtk" in dcmtk.run("storescu", "--version").output
    result = dcmtk.store(storescp.port, [CT], calling="T01_CT", called=storescp.ae_title)
    assert result.ok, result.output
    assert "CompressedSamples^CT1" in dcmtk.dump(storescp.files()[0])


def test_echo_fails_where_nobody_listens(dcmtk_tools: None) -> None:
    assert not dcmtk.echo(free_port()).ok


# Browser


def page(tmp_path: Path, script: str) -> str:
    (tmp_path / "page.html").write_text(
        f"<!doctype html><meta charset=utf-8><title>县域阅片中心</title><p id=out></p><script>{script}</script>"
    )
    return (tmp_path / "page.html").as_uri()


def test_browser_runs_scripts_in_chinese(browser: ChromiumBrowser, tmp_path: Path) -> None:
    with browser.open(page(tmp_path, "out.textContent = navigator.language")) as observed:
        assert observed.page.title() == "县域阅片中心"
        assert observed.page.locator("#out").inner_text() == "zh-CN"
    assert not observed.problems


def test_browser_reports_what_goes_wrong_in_a_page(browser: ChromiumBrowser, tmp_path: Path) -> None:
    script = f"console.error('told'); fetch('http://127.0.0.1:{free_port()}/').catch(() => {{}}); undefinedFunction()"
    with browser.open(page(tmp_path, script)) as observed:
        wait_until(lambda: len({p.split(":")[0] for p in observed.problems}) == 3 or observed.page.title() == "", 10)
    assert any("told" in problem for problem in observed.problems)
    assert any("undefinedFunction" in problem for problem in observed.problems)
    assert any(problem.startswith("request: GET") for problem in observed.problems)


# What they are built from


def test_programs_die_with_the_session_that_started_them(postgres: PostgresServer, s3_server: S3Server) -> None:
    for pid in (*postgres.pids, *s3_server.pids):
        stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        assert int(stat[1]) == os.getpid()
        assert int(stat[3]) == pid


def test_a_program_that_ends_early_shows_its_log(tmp_path: Path) -> None:
    program = Program.start(["/bin/sh", "-c", "echo the disk is full; exit 3"], tmp_path / "log")
    wait_until(lambda: not program.running, 10, "the program to end")
    with pytest.raises(ServerFailedError, match="ended with 3:\nthe disk is full"):
        program.ensure_running()


def test_a_missing_program_names_its_package() -> None:
    with pytest.raises(MissingPartError, match=r"nonesuch is not installed .*no-package.*install-test-parts"):
        find_program("nonesuch", "no-package")


def test_wait_until_says_what_it_waited_for() -> None:
    with pytest.raises(TimeoutError, match="for the study to become ready; last seen: 0"):
        wait_until(lambda: 0, 0.05, "the study to become ready")

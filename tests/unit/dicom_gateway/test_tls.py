from pathlib import Path

import pytest

from dicom_gateway.tls import Certificates, TlsFiles, check_certificate, make_context
from storage.domain.clock import SystemClock
from storage.domain.errors import ConfigurationError
from storage.settings import load_settings
from tests.services.tls import Authority

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def pair(authority: Authority) -> tuple[Path, Path]:
    return authority.sign("gateway", days=100)


def now() -> float:
    return SystemClock().now().timestamp()


def test_the_doctor_is_told_how_long_it_is_valid_and_whose_clients_are_believed(
    authority: Authority, pair: tuple[Path, Path]
) -> None:
    assert "valid for 100 days, no client" in check_certificate(TlsFiles(*pair, None), now())
    assert str(authority.certificate) in check_certificate(TlsFiles(*pair, authority.certificate), now())


def test_one_that_ends_soon_is_a_finding(pair: tuple[Path, Path]) -> None:
    with pytest.raises(ConfigurationError, match=r"expires in 1. days"):
        check_certificate(TlsFiles(*pair, None), now() + 88 * 86400)


def test_files_that_cannot_be_used_are_named(authority: Authority, pair: tuple[Path, Path], tmp_path: Path) -> None:
    other = authority.sign("other")
    noise = tmp_path / "noise.pem"
    noise.write_text("noise")
    for files in (
        TlsFiles(pair[0], other[1], None),
        TlsFiles(noise, pair[1], None),
        TlsFiles(tmp_path / "missing.pem", pair[1], None),
        TlsFiles(*pair, noise),
        TlsFiles(*pair, tmp_path / "missing.pem"),
    ):
        with pytest.raises(ConfigurationError, match=r"\.pem"):
            make_context(files)


def test_settings_must_name_certificate_and_key() -> None:
    settings = load_settings({"COUNTYREAD_DICOM_TLS": "127.0.0.1:2762"}, file=Path("/nonexistent.toml"))
    assert settings.dicom_tls_address is not None
    with pytest.raises(ConfigurationError, match="COUNTYREAD_TLS_CERTIFICATE"):
        TlsFiles.of(settings)
    with pytest.raises(ConfigurationError, match="HOST:PORT"):
        load_settings({"COUNTYREAD_DICOM_TLS": "2762"}, file=Path("/nonexistent.toml"))


def test_the_context_stays_until_the_files_change(authority: Authority, tmp_path: Path) -> None:
    certificate, key = (tmp_path / "c.pem", tmp_path / "k.pem")
    first, second = authority.sign("first"), authority.sign("second")
    certificate.write_bytes(first[0].read_bytes())
    key.write_bytes(first[1].read_bytes())
    certificates = Certificates(TlsFiles(certificate, key, None))
    context = certificates.context()
    assert certificates.context() is context
    key.write_bytes(second[1].read_bytes())
    assert certificates.context() is context, "they do not fit together"
    certificate.write_bytes(second[0].read_bytes())
    assert certificates.context() is not context
    key.unlink()
    assert certificates.context() is not None

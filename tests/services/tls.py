"""A certificate authority for tests, made with openssl as docs/devices.md shows it."""

import subprocess
from pathlib import Path

from tests.services.process import find_program


class Authority:
    """Signs certificates into its folder."""

    def __init__(self, folder: Path, name: str = "County CA") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.certificate = folder / "ca.pem"
        self._openssl(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", f"/CN={name}"),
            *("-keyout", "ca.key", "-out", "ca.pem"),
        )

    def sign(self, name: str, *, days: int = 825) -> tuple[Path, Path]:
        """Certificate and key of `name`."""
        self._openssl(
            *("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}"),
            *("-keyout", f"{name}.key", "-out", f"{name}.csr"),
        )
        self._openssl(
            *("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"),
            *("-days", str(days), "-out", f"{name}.pem"),
        )
        return self._folder / f"{name}.pem", self._folder / f"{name}.key"

    def fingerprint(self, certificate: Path) -> str:
        """As openssl prints it: SHA-256, in pairs with colons."""
        told = self._openssl("x509", "-in", str(certificate), "-noout", "-fingerprint", "-sha256")
        return told.split("=", 1)[1].strip()

    def _openssl(self, *arguments: str) -> str:
        command = [find_program("openssl", "openssl"), *arguments]
        return subprocess.run(command, cwd=self._folder, check=True, capture_output=True, text=True, timeout=60).stdout

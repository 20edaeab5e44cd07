"""An own Orthanc, as a sending and receiving DICOM peer."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import httpx

from tests.services.errors import MissingPartError
from tests.services.ports import HOST, free_port
from tests.services.process import Program, find_program
from tests.services.server import Server

_PUSH_TIMEOUT_SECONDS = 120


def find_plugin(name: str, package: str) -> str:
    """Path of one of Orthanc's plugins, whose file ends with its version. :raises MissingPartError:"""
    found = sorted(Path("/usr/lib/orthanc").glob(f"{name}*")) or sorted(
        Path("/usr/share/orthanc/plugins").glob(f"{name}*")
    )
    if not found:
        raise MissingPartError(name, package)
    return str(found[-1])


class OrthancServer(Server):
    """Orthanc on free DICOM and HTTP ports, without a database server and without authentication.

    :param ae_title: its own AE title, calling and called
    :param dicomweb: whether it loads its DICOMweb plugin, as a client of other servers
    """

    name = "orthanc"

    def __init__(self, ae_title: str = "ORTHANC", *, dicomweb: bool = False) -> None:
        self._plugins = [find_plugin("libOrthancDicomWeb.so", "orthanc-dicomweb")] if dicomweb else []
        self._program = find_program("Orthanc", "orthanc")
        super().__init__()
        self.ae_title = ae_title
        self.dicom_port = free_port()
        self._http_port = free_port()

    @property
    def url(self) -> str:
        """The REST API."""
        return f"http://{HOST}:{self._http_port}"

    def prepare(self) -> None:
        storage = str(self.folder / "storage")
        settings = {
            "Name": self.ae_title,
            "StorageDirectory": storage,
            "IndexDirectory": storage,
            "HttpPort": self._http_port,
            "DicomPort": self.dicom_port,
            "DicomAet": self.ae_title,
            "RemoteAccessAllowed": False,
            "AuthenticationEnabled": False,
            "DicomAlwaysAllowStore": True,
            "UnknownSopClassAccepted": True,
            "DicomCheckCalledAet": False,
            "OverwriteInstances": True,
            "DefaultEncoding": "Utf8",
            "Plugins": self._plugins,
            "DicomWeb": {"Enable": True},
        }
        (self.folder / "orthanc.json").write_text(json.dumps(settings))

    def launch(self) -> list[Program]:
        command = [self._program, str(self.folder / "orthanc.json")]
        return [Program.start(command, self.folder / "server.log", env={"TCP_NODELAY": "1"})]

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/system", timeout=5).is_success
        except httpx.TransportError:
            return False

    def upload(self, files: Iterable[Path]) -> list[str]:
        """Store DICOM files over REST and return Orthanc's instance ids."""
        return [self._request("POST", "/instances", content=path.read_bytes())["ID"] for path in files]

    def add_modality(self, name: str, ae_title: str, port: int) -> None:
        """Make another node on this machine known under ``name``."""
        self._request("PUT", f"/modalities/{name}", json={"AET": ae_title, "Host": HOST, "Port": port})

    def echo(self, modality: str) -> None:
        """C-ECHO. :raises httpx.HTTPStatusError: when the modality does not answer"""
        self._request("POST", f"/modalities/{modality}/echo", json={})

    def store(self, modality: str, instances: Iterable[str]) -> dict[str, Any]:
        """C-STORE instances to the modality and return Orthanc's own account of it (``FailedInstancesCount``, ...).

        :raises httpx.HTTPStatusError: when Orthanc reports a failure
        """
        body = {"Resources": list(instances), "Synchronous": True, "Permissive": False}
        return cast(dict[str, Any], self._request("POST", f"/modalities/{modality}/store", json=body))

    def query(self, modality: str, level: str, keys: dict[str, str]) -> list[dict[str, str]]:
        """C-FIND (``level`` is Patient, Study, Series or Instance) and the answers by keyword."""
        return cast(
            list[dict[str, str]], self._request("GET", f"{self._ask(modality, level, keys)}/answers?expand&simplify")
        )

    def retrieve(self, modality: str, level: str, keys: dict[str, str]) -> None:
        """C-FIND, then C-MOVE of every answer to itself. :raises httpx.HTTPStatusError: when that fails"""
        self._request("POST", f"{self._ask(modality, level, keys)}/retrieve", json={"TargetAet": self.ae_title})

    def ask_commitment(self, modality: str, instances: Iterable[str]) -> str:
        """Request storage commitment; the id of the report to come."""
        body = {"Resources": list(instances)}
        return cast(str, self._request("POST", f"/modalities/{modality}/storage-commitment", json=body)["ID"])

    def commitment(self, report: str) -> dict[str, Any]:
        """``Status`` (Pending, Success or Failure), ``Success`` and ``Failures``."""
        return cast(dict[str, Any], self._request("GET", f"/storage-commitment/{report}"))

    def _ask(self, modality: str, level: str, keys: dict[str, str]) -> str:
        made = self._request("POST", f"/modalities/{modality}/query", json={"Level": level, "Query": keys})
        return cast(str, made["Path"])

    def instances(self) -> list[str]:
        """The ids of all instances it holds."""
        return cast(list[str], self._request("GET", "/instances"))

    def file(self, instance: str) -> bytes:
        """An instance's DICOM file."""
        return httpx.get(f"{self.url}/instances/{instance}/file", timeout=30).raise_for_status().content

    def clear(self) -> None:
        """Delete every patient and every known modality, between tests."""
        for patient in self._request("GET", "/patients"):
            self._request("DELETE", f"/patients/{patient}")
        for modality in self._request("GET", "/modalities"):
            self._request("DELETE", f"/modalities/{modality}")

    def add_dicomweb_server(self, name: str, url: str, token: str) -> None:
        """Make a DICOMweb server known under ``name``, with the token that opens it."""
        body = {"Url": url, "HttpHeaders": {"Authorization": f"Bearer {token}"}}
        self._request("PUT", f"/dicom-web/servers/{name}", json=body)

    def search_dicomweb(self, server: str, uri: str, **arguments: str) -> list[dict[str, Any]]:
        """QIDO-RS at the server; answers by tag as Orthanc shows them."""
        body = {"Uri": uri, "Arguments": arguments}
        return cast(list[dict[str, Any]], self._request("POST", f"/dicom-web/servers/{server}/qido", json=body))

    def retrieve_dicomweb(self, server: str, study: str) -> None:
        """WADO-RS of a study into itself. :raises httpx.HTTPStatusError: when that fails"""
        body = {"Resources": [{"Study": study}], "Synchronous": True}
        self._request("POST", f"/dicom-web/servers/{server}/retrieve", json=body)

    def store_dicomweb(self, server: str, instances: Iterable[str]) -> None:
        """STOW-RS of instances. :raises httpx.HTTPStatusError: when the server refuses one of them"""
        body = {"Resources": list(instances), "Synchronous": True}
        self._request("POST", f"/dicom-web/servers/{server}/stow", json=body)

    def _request(self, method: str, path: str, **options: Any) -> Any:
        answer = httpx.request(method, f"{self.url}{path}", timeout=_PUSH_TIMEOUT_SECONDS, **options)
        answer.raise_for_status()
        return answer.json() if answer.headers.get("content-type", "").startswith("application/json") else None

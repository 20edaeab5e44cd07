from storage.domain.studies import RenditionKind
from tests.functional.api.images import ct_image
from tests.functional.api.township import Township


def test_a_study_stands_where_its_task_stands(township: Township) -> None:
    clinic = township.client("clinic01")
    township.image(ct_image())
    (study,) = clinic.get("/api/v1/studies").json()["items"]
    assert (study["state"], study["task_id"], study["sla"]) == ("receiving", None, None)
    assert (study["modality"], study["instances"], study["device"]) == ("CT", 1, "T01_CT")
    assert study["thumbnail"] is None
    task = township.county.task(modality="DX")
    newest = clinic.get("/api/v1/studies").json()["items"][0]
    assert (newest["state"], newest["task_id"], newest["sla"]) == ("queued", task.id, "on_time")
    assert newest["report_id"] is None
    township.county.signed(task)
    newest = clinic.get("/api/v1/studies").json()["items"][0]
    assert newest["state"] == "signed"
    assert newest["report_id"] is not None
    township.county.late_image(task.study_id)
    assert clinic.get("/api/v1/studies").json()["items"][0]["state"] == "receiving"


def test_a_study_with_its_series_and_tasks(township: Township) -> None:
    task = township.county.task(sop_classes=("1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.9.1.1"))
    suid = township.picture(task.study_id)
    township.picture(task.study_id, RenditionKind.PREVIEW)
    uid = township.study(task).study_instance_uid
    study = township.client("clinic01").get(f"/api/v1/studies/{uid}").json()
    assert [series["kind"] for series in study["series_list"]] == ["image", "ecg"]
    first = study["series_list"][0]
    base = f"/api/v1/studies/{uid}/series/{suid}"
    assert [first[kind].partition("?v=")[0] for kind in ("thumbnail", "preview")] == [
        f"{base}/thumbnail",
        f"{base}/preview",
    ]
    kept = township.client("clinic01").get(first["preview"]).headers["cache-control"]
    unnamed = township.client("clinic01").get(f"{base}/preview").headers["cache-control"]
    assert ("immutable" in kept, "immutable" in unnamed) == (True, False)
    assert study["series_list"][1]["thumbnail"] is None
    assert [line["id"] for line in study["tasks"]] == [task.id]
    assert study["request"] is None


def test_lists_filter_and_page(township: Township) -> None:
    for n in range(5):
        township.county.task(modality="DX" if n % 2 else "CT", code="t02" if n == 4 else "t01")
    township.image(ct_image())
    client = township.client("radiologist")

    def count(query: str) -> int:
        return len(client.get(f"/api/v1/studies?{query}").json()["items"])

    assert count("") == 6
    assert count("state=receiving") == 1
    assert count("state=queued") == 5
    assert count("state=queued&state=receiving") == 6
    assert count("state=signed") == 0
    assert count("modality=DX") == 2
    assert count("institution=t02") == 1
    assert count("q=P2") == count("q=a2") == 1
    assert count("q=张 P2") == 1
    assert count("q=张 P9") == 0
    assert count("q=%25") == count("q=_") == 0
    page = client.get("/api/v1/studies?limit=4").json()
    rest = client.get(f"/api/v1/studies?limit=4&cursor={page['next']}").json()
    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (4, 2, None)
    uids = [study["study_instance_uid"] for study in page["items"] + rest["items"]]
    assert len(set(uids)) == 6


def test_pictures_are_kept_by_the_browser(township: Township) -> None:
    task = township.county.task()
    uid, client = township.study(task).study_instance_uid, township.client("clinic01")
    url = f"/api/v1/studies/{uid}/thumbnail"
    assert client.get(url).status_code == 404
    suid = township.picture(task.study_id, data=b"a picture")
    answer = client.get(url)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"a picture", "image/jpeg")
    assert answer.headers["cache-control"].startswith("private")
    assert client.get(url, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    series = f"/api/v1/studies/{uid}/series/{suid}"
    assert client.get(f"{series}/thumbnail").content == b"a picture"
    assert client.get(f"{series}/preview").status_code == 404
    township.picture(task.study_id, RenditionKind.PREVIEW, b"a larger picture")
    assert client.get(f"{series}/preview").content == b"a larger picture"


def test_a_lost_picture_is_not_an_empty_one(township: Township) -> None:
    task = township.county.task()
    township.picture(task.study_id)
    for path in (township.settings.data / "objects").rglob("renditions/*"):
        path.unlink()
    uid = township.study(task).study_instance_uid
    answer = township.client("clinic01").get(f"/api/v1/studies/{uid}/thumbnail")
    assert (answer.status_code, answer.json()["code"]) == (404, "object_not_found")

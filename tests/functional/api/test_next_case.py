"""The next case through the interface: why it was given, and what is not picked from the list."""

from tests.functional.api.township import Township


def test_a_task_tells_the_centre_why_its_reader_was_given_it(township: Township) -> None:
    task = township.county.task(priority="P1")
    reader = township.client("radiologist")
    taken = reader.post("/api/v1/tasks/next").json()
    assert taken["task"]["id"] == task.id
    choice = township.client("manager").get(f"/api/v1/tasks/{task.id}").json()["choice"]
    assert choice["reader"] == "radiologist"
    assert choice["figures"]["rule"] == "emergency"
    assert choice["zh"][1] == "急诊（P1）先于常规。"
    assert choice["en"][1] == "An emergency (P1) comes before routine."
    assert township.client("clinic01").get(f"/api/v1/tasks/{task.id}").json()["choice"] is None
    assert reader.post("/api/v1/tasks/next").status_code == 204


def test_a_refusal_names_the_case_to_take_instead(township: Township) -> None:
    first, second = township.county.task(priority="P0"), township.county.task(priority="P0")
    reader = township.client("radiologist")
    refused = reader.post(f"/api/v1/tasks/{second.id}/claim")
    assert refused.status_code == 409
    assert (refused.json()["code"], refused.json()["take_instead"]) == ("more_urgent_first", first.id)
    assert reader.post(f"/api/v1/tasks/{first.id}/claim").status_code == 200
    assert reader.post(f"/api/v1/tasks/{second.id}/claim").status_code == 200

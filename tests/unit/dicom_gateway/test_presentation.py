import pytest
from pydicom._uid_dict import UID_dictionary
from pynetdicom import ALL_TRANSFER_SYNTAXES
from pynetdicom.sop_class import _STORAGE_CLASSES

from dicom_gateway.presentation import TRANSFER_SYNTAXES, acceptable_syntaxes, is_storage


@pytest.mark.parametrize("name, uid", sorted(_STORAGE_CLASSES.items()))
def test_every_storage_class_with_a_patient_is_taken(name: str, uid: str) -> None:
    belongs_to_nobody = any(word in name for word in ("Hanging", "ColorPalette", "Implant", "Protocol", "Inventory"))
    assert is_storage(uid) or belongs_to_nobody


SERVICES = {
    uid: name
    for uid, (name, kind, _, retired, _) in UID_dictionary.items()
    if kind == "SOP Class" and name and "Storage" not in name and not ("Trial" in name and retired)
}


@pytest.mark.parametrize("uid, name", sorted(SERVICES.items()))
def test_other_services_are_not_taken_for_storage(uid: str, name: str) -> None:
    assert not is_storage(uid), name


@pytest.mark.parametrize("uid", ["1.2.840.113619.4.27", "1.3.12.2.1107.5.9.1", "1.2.840.10008.5.1.4.1.1.999"])
def test_private_and_future_classes_are_storage(uid: str) -> None:
    assert is_storage(uid)


def test_nothing_is_no_storage_class() -> None:
    assert not is_storage("")


@pytest.mark.parametrize("uid", [str(uid) for uid in ALL_TRANSFER_SYNTAXES])
def test_every_known_transfer_syntax_is_taken(uid: str) -> None:
    assert uid in TRANSFER_SYNTAXES


def test_the_senders_order_counts_and_unknown_syntaxes_are_passed_over() -> None:
    proposed = ["1.2.840.113619.5.2", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2"]
    assert acceptable_syntaxes(proposed) == proposed[1:]

"""What a failed tool suggests."""

import json

from callwright.generators.execution import failure
from callwright.generators.nearest import nearest
from callwright.schemas.reading import error_fault

NAMES = ["Lisbon", "Lison", "London", "里斯本"]


def test_a_slip_finds_the_name_and_a_stranger_finds_none():
    assert nearest("Lisbonn", NAMES) == ["Lisbon", "Lison"]
    assert nearest("LISBON", NAMES)[0] == "Lisbon"
    assert nearest("Ulaanbaatar", NAMES) == []


def test_an_error_tells_its_suggestions_and_only_a_list_of_them_is_sound():
    told = json.loads(failure("not_found", "No city Lisbonn.", ["Lisbon"]).content)
    assert told["error"]["suggestions"] == ["Lisbon"]
    assert error_fault(told) is None
    told["error"]["suggestions"] = "Lisbon"
    assert "no list" in error_fault(told)
    told["error"]["hint"] = "x"
    assert "must read" in error_fault(told)
    assert "suggestions" not in failure("not_found", "No city.").content

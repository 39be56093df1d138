import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.schemas.pointers import PointerError, escape, leaves, replace, resolve, unescape

KEYS = st.text(st.sampled_from("ab/~01 é"), max_size=4)
JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)
# RFC 6901, section 5
DOCUMENT = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}
EXAMPLES = {
    "": DOCUMENT,
    "/foo": ["bar", "baz"],
    "/foo/0": "bar",
    "/": 0,
    "/a~1b": 1,
    "/c%d": 2,
    "/e^f": 3,
    "/g|h": 4,
    "/i\\j": 5,
    '/k"l': 6,
    "/ ": 7,
    "/m~0n": 8,
}


@pytest.mark.parametrize(("pointer", "value"), EXAMPLES.items())
def test_the_examples_of_the_rfc_hold(pointer, value):
    assert resolve(DOCUMENT, pointer) == value


@given(st.text())
def test_escaping_is_undone_by_unescaping(key):
    assert unescape(escape(key)) == key
    assert resolve({key: 1}, f"/{escape(key)}") == 1


def test_tilde_01_means_tilde_1_and_not_a_slash():
    assert unescape("~01") == "~1"


@given(JSON)
def test_every_leaf_is_found_again_by_its_pointer(value):
    found = list(leaves(value))
    assert len({pointer for pointer, _ in found}) == len(found) > 0
    for pointer, leaf in found:
        assert resolve(value, pointer) is leaf
        assert not leaf or not isinstance(leaf, dict | list)


def test_an_empty_container_is_a_leaf():
    assert list(leaves({"a": [], "b": {}, "c": [1]})) == [("/a", []), ("/b", {}), ("/c/0", 1)]
    assert list(leaves({})) == [("", {})]


@given(JSON)
def test_replacing_changes_one_leaf_and_leaves_the_original_alone(value):
    before = copy.deepcopy(value)
    for pointer, _ in leaves(value):
        changed = replace(value, pointer, "new")
        assert value == before
        assert resolve(changed, pointer) == "new"
        assert [p for p, _ in leaves(changed)] == [p for p, _ in leaves(value)]
        others = [(p, v) for p, v in leaves(changed) if p != pointer]
        assert others == [(p, v) for p, v in leaves(value) if p != pointer]


@pytest.mark.parametrize(
    ("pointer", "reason"),
    [
        ("foo", "start with /"),
        ("/~2", "bad escape"),
        ("/~", "bad escape"),
        ("/nowhere", "no key 'nowhere'"),
        ("/foo/2", "no index '2' in a list of 2"),
        ("/foo/01", "no index '01'"),
        ("/foo/-", "no index '-'"),
        ("/foo/-1", "no index '-1'"),
        ("/foo/" + "9" * 5000, "no index"),
        ("/foo/\u0661", "no index"),
        ("/foo/0/x", "looked up in a str"),
    ],
)
def test_a_pointer_at_nothing_says_where_it_broke_off(pointer, reason):
    with pytest.raises(PointerError) as caught:
        resolve(DOCUMENT, pointer)
    assert reason in str(caught.value)
    assert isinstance(caught.value, KeyError)
    with pytest.raises(PointerError):
        replace(DOCUMENT, pointer, 1)

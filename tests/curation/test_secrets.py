"""Keys, tokens and real people's data are found; what is set aside for examples is not."""

import polars as pl
import pytest

from callwright.curation.secrets import scan
from callwright.curation.secrets_people import Published
from callwright.schemas.canonical import dumps

PUBLISHED = Published(frozenset({"4242424242424242", "GB82WEST12345698765432"}))


def found(text, published=PUBLISHED):
    """Rules that find something in a tool's result, which is JSON within JSON."""
    content = dumps([{"role": "tool", "content": dumps({"said": text})}])
    frame = pl.DataFrame({"id": ["r1"], "messages": [content]})
    return [(finding.rule, finding.text) for finding in scan(frame, ["messages"], published, {})]


# Put together here, so that no scanner of sources takes them for real ones.
SECRETS = [
    ("private key", "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIE"),
    ("private key", "-----BEGIN " + "PRIVATE KEY-----"),
    ("token", "hf_" + "AbCdEfGhIj" * 4),
    ("token", "sk-ant-" + "api03-AbCdEfGhIjKlMnOp"),
    ("token", "ghp_" + "a1B2" * 9),
    ("token", "AKIA" + "IOSFODNN7EXAMPL3"),
    ("token", "xoxb-" + "123456789012-abcdef"),
    ("token", "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "c2lnbmF0dXJlLi4u"),
    ("key or password", 'api_key="' + "9fK2x7Qw1Zr8Tb5Yp3Lm6"),
    ("password in a URL", "postgres://admin:" + "hunter2024@db.internal/x"),
]


@pytest.mark.parametrize(("rule", "secret"), SECRETS)
def test_a_secret_is_found_and_never_shown_whole(rule, secret):
    name, shown = found(f"use {secret} please")[0]
    assert name == rule
    assert shown.endswith("…")
    assert len(shown) < 10


@pytest.mark.parametrize(
    "text",
    [
        "token: the next word of a sentence, password: please",
        "api_key=YOUR_API_KEY_GOES_HERE_PLEASE",
        "https://user:password@host/x",
        "a sketch of sk-1 and hf_hub, ghp_1",
    ],
)
def test_words_about_secrets_are_none(text):
    assert found(text) == []


PEOPLE = [
    ("e-mail address", "jane.roe@gmail.com"),
    ("e-mail address", "jürgen@müller.de"),
    ("telephone number", "+44 20 7219 3000"),
    ("telephone number", "+49 30 22732152"),
    ("telephone number", "(202) 456-1111"),
    ("telephone number", "138 0013 8000"),
    ("card number", "4539 1488 0343 6467"),
    ("card number", "4539148803436467"),
    ("IBAN", "DE44500105175407324931"),
    ("IBAN", "GB33 BUKB 2020 1555 5555 55"),
    ("national identity number", "11010519491231002X"),
    ("national identity number", "536-22-8726"),
]


@pytest.mark.parametrize(("rule", "text"), PEOPLE)
def test_what_may_be_somebodys_is_found(rule, text):
    assert found(f"It is {text}.") == [(rule, text)]
    assert found(f"是{text}。") == [(rule, text)]


@pytest.mark.parametrize(
    "text",
    [
        "jane@example.com, jane@mail.example.org, j@shop.test, j@x.invalid",
        "我是用lei.zhao@example.com注册的",
        "jane@localhost and @jane and a@b",
        "+1 202 555 0143, (415) 555-0199, 212-555-0100",
        "+44 20 7946 0958, +44 7700 900123, 01632 960 001, +441614960999",
        "+61 3 7010 1234, +49 30 23125 001, 0221 4710402, +33 1 99 00 12 34",
        "+46 8 465 004 12, +46 31 390 06 01, +46701740605, +361 555 1234",
        "4242 4242 4242 4242 and 4242424242424242",
        "4539148803436468",  # its last digit is wrong
        "GB82 WEST 1234 5698 7654 32",
        "DE49 9911 2233 4455 6677 88",  # no bank begins with 99
        "2026-12-13 09:00, 48.8566, 1234567890123, 123-45-678, 9780306406157",
        "978-12-3456 and 000-12-3456",  # never given out
    ],
)
def test_what_is_set_aside_for_examples_passes(text):
    assert found(text) == []


def test_an_invented_iban_of_a_lettered_bank_passes_only_among_our_own_inventions():
    iban = "NL21JUPN2362078636"
    assert found(iban) == [("IBAN", iban)]
    assert found(iban, Published(invents_ibans=True)) == []


def test_escapes_neither_hide_an_address_nor_make_one_longer():
    frame = pl.DataFrame(
        {"id": ["r"], "messages": ['{"a":"{\\"b\\":\\"x\\\\njane\\\\u0040corp.com\\"}"}']}
    )
    (finding,) = scan(frame, ["messages"], PUBLISHED, {})
    assert str(finding) == "row r, messages: e-mail address: jane@corp.com"


def test_a_telephone_number_is_not_found_inside_an_iban_or_a_card():
    assert found("IT60 X054 2811 1010 0000 0123 456, then 4539 1488 0343 6468") == [
        ("IBAN", "IT60 X054 2811 1010 0000 0123 456")
    ]
    assert found("GB33 BUKB 2020 1555 5555 55 AND MORE") != []

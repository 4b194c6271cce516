"""Check digits and shapes of personal numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.redaction.numbers import is_card, is_iban, is_ssn, luhn
from tui.redaction.redactor import Redactor

REDACTOR = Redactor(bytes(32))


@pytest.mark.parametrize(
    "digits",
    [
        "4111111111111111",
        "5555555555554444",
        "378282246310005",
        "30569309025904",
        "6011111111111117",
        "3530111333300000",
    ],
)
def test_test_cards_of_all_issuers_are_cards(digits: str) -> None:
    assert is_card(digits.encode())


@pytest.mark.parametrize(
    "digits", ["4111111111111112", "1234567812345670", "0000000000000000", "411111111111", "9" * 16]
)
def test_wrong_check_digits_and_unknown_issuers_are_not(digits: str) -> None:
    assert not is_card(digits.encode())


@given(st.integers(0, 10**15 - 1))
@settings(max_examples=200, deadline=None)
def test_exactly_one_check_digit_fits(number: int) -> None:
    assert sum(luhn(b"%d%d" % (number, digit)) for digit in range(10)) == 1


@pytest.mark.parametrize("text", ["DE89370400440532013000", "gb29nwbk60161331926819", "CH9300762011623852957"])
def test_accounts_of_right_length_and_check_digits_are_ibans(text: str) -> None:
    assert is_iban(text.encode())


@pytest.mark.parametrize("text", ["DE88370400440532013000", "DE8937040044053201300", "XX89370400440532013000", ""])
def test_other_accounts_are_not(text: str) -> None:
    assert not is_iban(text.encode())


def test_impossible_social_security_numbers_are_not() -> None:
    assert is_ssn(b"078", b"05", b"1120")
    for area, group, serial in (
        (b"000", b"05", b"1120"),
        (b"666", b"05", b"1120"),
        (b"900", b"05", b"1120"),
        (b"078", b"00", b"1120"),
    ):
        assert not is_ssn(area, group, serial)


@given(
    st.integers(10**15, 10**16 - 1), st.sampled_from(["order_id", "orderNumber", "transactionId", "offset", "span_id"])
)
@settings(max_examples=300, deadline=None)
def test_sixteen_digits_under_an_id_key_are_never_a_card(number: int, key: str) -> None:
    for line in (f'{{"{key}":{number}}}', f'{{"{key}":"{number}"}}', f"{key}={number}"):
        assert REDACTOR.line(line.encode())[0] == line.encode()

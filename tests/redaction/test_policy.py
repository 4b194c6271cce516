"""The table [redact]: what it changes, and that nothing in it is silently without effect."""

from __future__ import annotations

import json
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.redaction.policy import PolicyError, policy_of
from tui.redaction.redactor import Redactor

LINE = b"user=bob ip=10.0.12.7 mail=jane@example.com customer_number=KD-4711-0815 password=hunter22 12:00:00"


def redactor(text: str) -> Redactor:
    return Redactor(bytes(32), policy=policy_of(tomllib.loads(text)))


def redacted(text: str, line: bytes = LINE) -> str:
    return redactor(text).line(line)[0].decode()


def rule(rest: str) -> str:
    return f'[[rule]]\nname = "customer"\n{rest}'


def test_no_table_is_no_policy() -> None:
    assert policy_of({}) is None


def test_strict_masks_addresses_of_machines_and_users_too() -> None:
    text = redacted('preset = "strict"', LINE + b" 00:1b:44:11:3a:b7 fe80::1ff:fe23:4567:890a session=abc123")
    kinds = ("user", "ip", "email", "password", "mac", "ip", "session")
    assert [part.split("#")[0] for part in text.split("[")[1:]] == list(kinds)
    assert "12:00:00" in text and "KD-4711-0815" in text


@pytest.mark.parametrize("name", ["ip", "user", "mac", "session"])
def test_an_optional_kind_leaves_its_own_marks_alone(name: str) -> None:
    one = redactor(f"{name} = true")
    once = one.line(LINE + b' {"session_id":"a1","user":{"id":"x"}} 00:1b:44:11:3a:b7')[0]
    assert one.line(once)[0] == once


def test_secrets_alone_leaves_personal_data_and_a_switch_says_otherwise() -> None:
    assert "jane@example.com" in redacted('preset = "secrets"') and "hunter22" not in redacted('preset = "secrets"')
    assert "jane@example.com" not in redacted('preset = "secrets"\nemail = true')
    assert "jane@example.com" in redacted("email = false")


@pytest.mark.parametrize(
    "spelling", ["customer_number=KD-4711-0815", '{"customerNumber":"KD-4711-0815"}', "x.customer-number: KD-4711-0815"]
)
def test_a_rule_of_keys_finds_every_spelling(spelling: str) -> None:
    text = redacted(rule('keys = ["customer number"]'), spelling.encode())
    assert "KD-4711" not in text and "[secret#" in text


def test_a_rule_of_a_pattern_masks_its_group_near_its_words() -> None:
    text = rule(
        'pattern = "KD-([0-9-]+)"\nnear = ["customer"]\nwithin = 20\nkind = "user"\nsample = ["customer KD-1-2"]'
    )
    assert "KD-[user#" in redacted(text)
    assert "KD-4711-0815" in redacted(text, b"article KD-4711-0815")
    assert redactor(text).line(LINE)[1]["customer"] == 1


def test_a_rule_of_a_pattern_works_where_nothing_else_would_look() -> None:
    assert "#" in redacted(rule('pattern = "KD-[0-9]{4}"'), b"KD-4711")


def test_a_validator_decides_on_digits() -> None:
    text = rule('pattern = "[0-9]{10}"\nnear = ["member"]\nvalidator = "luhn"')
    assert "#" in redacted(text, b"member 1234567897") and "#" not in redacted(text, b"member 1234567890")


@pytest.mark.parametrize(
    ("action", "shown"),
    [("full", "[email#hidden]"), ("domain", "-example.com]"), ("pseudonym", "[email#")],
)
def test_the_mark_of_a_kind_looks_as_asked(action: str, shown: str) -> None:
    text = redacted(f'[actions]\nemail = "{action}"')
    assert shown in text and "jane" not in text and redactor("[actions]\nemail='domain'").text(text) == text


def test_cards_keep_what_is_asked_and_short_values_nothing() -> None:
    assert "-411111-1111]" in redacted('[actions]\ncard = "first6last4"', b"card 4111 1111 1111 1111")
    assert "-1111]" not in redacted('[actions]\ncard = "full"', b"card 4111 1111 1111 1111")
    assert "er22" not in redacted('[actions]\npassword = "last4"') and "-" in redacted(
        '[actions]\npassword = "last4"', b"password=correcthorse7battery"
    )


def test_allowed_keys_values_and_rules_are_left_alone() -> None:
    assert "hunter22" in redacted('[allow]\nvalues = ["hunter22"]')
    assert "jane@" in redacted('[allow]\nkeys = ["Mail"]')
    assert "jane@" in redacted('[allow]\nrules = ["email"]')


REFUSED = {
    "colour = true": "no option 'colour'",
    "email = 1": "true or false",
    'preset = "lax"': "preset is one of",
    "password = false": "no option 'password'",
    '[actions]\nemail = "hide"': "is one of pseudonym",
    '[actions]\nmail = "full"': "no kind or rule 'mail'",
    "[allow]\nkey = []": "[redact.allow] holds",
    'rule = "x"': "[[redact.rule]]",
    rule(""): "either keys or a pattern",
    rule('keys = ["a"]\npattern = "b"'): "either keys or a pattern",
    rule('pattern = "(?<=a)b"'): "looks around",
    rule('pattern = "(a)\\\\1"'): "refers back",
    rule('pattern = "a("'): "does not parse",
    rule('pattern = "a*"'): "matches nothing",
    rule('pattern = "[0-9a-zA-Z.:-]+"'): "matches most ids",
    rule('pattern = "a(b)"\ngroup = 2'): "group takes a number from 0 to 1",
    rule('pattern = "ab"\nsample = ["ac"]'): "sample 1 is not matched",
    rule('pattern = "ab"\nnot = ["cab"]'): "not 1 is matched",
    rule('pattern = "ab"\nfoo = 1'): "no 'foo'",
    rule('pattern = "ab"\nkind = "foo"'): "kind is one of",
    rule('pattern = "ab"\n[[rule]]\nname = "customer"\npattern = "c"'): "two rules are named",
    '[[rule]]\nname = "A B"\npattern = "x"': "small letters",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_meant_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(PolicyError) as error:
        policy_of(tomllib.loads(text))
    assert REFUSED[text] in str(error.value) and "\n" not in str(error.value)


OWN = redactor('preset = "strict"\n' + rule('pattern = "KD-[0-9]+"') + '\n[[rule]]\nname="b"\nkeys=["note"]')
SOUP = st.lists(
    st.sampled_from(
        ["KD-1", "note=", '"note":"', "10.0.0.1", "user:", "x", " ", '"', "[user#0a1b2c3d-x.y]", "session=", "a@b.co"]
    ),
    max_size=10,
).map("".join)


@given(SOUP)
@settings(max_examples=200, deadline=None)
def test_under_any_policy_a_second_pass_changes_nothing_and_json_stays_json(text: str) -> None:
    once = OWN.text(text)
    assert OWN.text(once) == once
    json.loads(OWN.text(json.dumps({"message": text, "note": text})))

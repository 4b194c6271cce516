"""What share of a large corpus is masked and what share of its look-alikes is damaged, in every category."""

from __future__ import annotations

import json
from collections import Counter

from tests.redaction.corpus.lookalikes import UNTOUCHED, lookalikes
from tests.redaction.corpus.positives import Case, positives
from tui.redaction.redactor import Redactor

CASES = tuple(positives())
REDACTOR = Redactor(bytes(32))
LEAST_RECALL, LEAST_RECALL_OF_ALL = 0.9, 0.97
MOST_DAMAGE = 0.01
PIECE = 7
"""So many bytes of a secret in a row are a leak, however well the rest is masked."""


def leaks(case: Case, redacted: str) -> bool:
    """True when a piece of a secret is still there, or nothing of the record is."""
    rest = case.text
    for secret in case.secrets:
        rest = rest.replace(secret, " ")
    pieces = {secret[at : at + PIECE] for secret in case.secrets for at in range(max(1, len(secret) - PIECE + 1))}
    return "unredactable" in redacted or any(piece in redacted and piece not in rest for piece in pieces)


def redacted(text: str) -> str:
    return REDACTOR.block(text.encode())[0].decode()


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def test_the_corpus_is_as_large_as_it_should_be_and_the_same_each_time() -> None:
    assert len(CASES) >= 1_500 and len(lookalikes()) >= 1_000
    assert positives() == list(CASES)
    assert all(secret in case.text for case in CASES for secret in case.secrets)


def test_secrets_of_every_category_are_masked() -> None:
    missed = [case for case in CASES if leaks(case, redacted(case.text))]
    total, leaked = Counter(case.category for case in CASES), Counter(case.category for case in missed)
    recall = {category: round(1 - leaked[category] / count, 3) for category, count in total.items()}
    print(*(f"{share:.3f} of {total[category]:4} {category}" for category, share in recall.items()), sep="\n")
    assert 1 - len(missed) / len(CASES) >= LEAST_RECALL_OF_ALL, missed
    assert {category: share for category, share in recall.items() if share < LEAST_RECALL} == {}


def test_lookalikes_pass_unchanged() -> None:
    cases = lookalikes()
    damaged = [case for case in cases if redacted(case.text) != case.text]
    assert len(damaged) / len(cases) <= MOST_DAMAGE, damaged
    assert [case for case in damaged if case.category in UNTOUCHED] == []


def test_masked_json_stays_json_and_a_second_pass_changes_nothing() -> None:
    wrong = []
    for case in CASES[::4]:
        once = redacted(case.text)
        if redacted(once) != once or (is_json(case.text) and not is_json(once)):
            wrong.append((case.text, once))
    assert wrong == []

"""What failures are called, and which of them are tried again."""

from __future__ import annotations

import errno
import socket
import ssl

import pytest

from tui.sources.refusals import answered, closed, retry_after_s, unreachable

NOW_S = 1_700_000_000.0


@pytest.mark.parametrize("code", [1001, 1006, 1011, 1012, 1013, 1014, 4000])
def test_a_connection_lost_for_a_passing_reason_is_tried_again(code: int) -> None:
    assert closed(code, "").again


@pytest.mark.parametrize("code", [1008, 3000, 3003, 4401, 4403])
def test_a_refusal_by_policy_says_what_to_set(code: int) -> None:
    refusal = closed(code, "no token")
    assert not refusal.again
    assert "no token" in refusal.words
    assert "TRACETAIL_WS_TOKEN" in refusal.words


def test_a_normal_end_is_no_failure() -> None:
    assert (closed(1000, "").ended, closed(1000, "").again) == (True, False)


def test_a_message_too_big_for_us_is_told_from_one_too_big_for_the_server() -> None:
    assert closed(1009, "", by_us=True).again
    assert "16 MiB" in closed(1009, "").words


@pytest.mark.parametrize("status", [400, 401, 403, 405, 407, 410, 426, 200, 302, 418])
def test_answers_that_will_not_change_are_final(status: int) -> None:
    refusal = answered(status, {}, NOW_S, secure=True, was_live=True)
    assert not refusal.again
    assert str(status) in refusal.words


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_answers_that_may_change_are_tried_again_after_the_time_named(status: int) -> None:
    refusal = answered(status, {}, NOW_S, secure=True, was_live=False)
    assert refusal.again
    assert refusal.after_s is None
    if status in (429, 503):
        assert answered(status, {"Retry-After": "7"}, NOW_S, secure=True, was_live=False).after_s == 7


def test_a_missing_path_is_final_unless_it_was_there() -> None:
    assert not answered(404, {}, NOW_S, secure=True, was_live=False).again
    assert answered(404, {}, NOW_S, secure=True, was_live=True).again


def test_a_bad_request_without_tls_hints_at_tls() -> None:
    assert "wss://" in answered(400, {}, NOW_S, secure=False, was_live=False).words
    assert "wss://" not in answered(400, {}, NOW_S, secure=True, was_live=False).words


@pytest.mark.parametrize(
    ("value", "wait_s"),
    [
        (None, None),
        ("", None),
        ("5", 5.0),
        (" 120 ", 120.0),
        ("999999999999", 3600.0),
        ("Tue, 14 Nov 2023 22:13:30 GMT", 10.0),
        ("Tue, 14 Nov 2023 22:13:10 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_the_wait_a_server_asks_for_is_a_number_or_a_date(value: str | None, wait_s: float | None) -> None:
    assert retry_after_s(value, NOW_S) == wait_s


def certificate_error() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    return error


def tls_error() -> ssl.SSLError:
    error = ssl.SSLError(1, "x")
    error.reason = "WRONG_VERSION_NUMBER"
    return error


@pytest.mark.parametrize(
    ("error", "words", "again"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "refused", True),
        (OSError("Multiple exceptions: [Errno 111] Connect call failed ('::1', 1)"), "refused", True),
        (socket.gaierror(-2, "Name or service not known"), "cannot find the host", True),
        (TimeoutError("x"), "no answer", True),
        (ConnectionResetError(errno.ECONNRESET, "x"), "broke the connection", True),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "network is unreachable", True),
        (certificate_error(), "self-signed certificate", False),
        (tls_error(), "ws://", False),
    ],
)
def test_no_connection_has_plain_words(error: OSError, words: str, again: bool) -> None:
    refusal = unreachable(error, "host:1")
    assert words in refusal.words
    assert "host:1" in refusal.words
    assert refusal.again is again

"""Which names are sensitive, and which only speak of something that is."""

from __future__ import annotations

import pytest

from tui.redaction.keys import classify
from tui.redaction.stems import meaning


def _words(text: str) -> list[str]:
    return text.split()


STRONG = _words("""
password passwd pwd PASSWORD dbPassword DB_PASSWORD db-password mypassword passphrase secret client_secret
clientSecret SECRET_KEY_BASE api_key apiKey APIKEY X-Api-Key access_token accessToken X-Auth-Token id_token
private_key signingKey encryption_key account_key AccountKey SharedAccessKey credentials jwt authorization
Proxy-Authorization cookie Set-Cookie cvv otp pin iban ssn card_number cardNumber pan phone phoneNumber msisdn
mobile password2 oldPassword password_confirmation tokenValue token_v2 spring.datasource.password
aws_secret_access_key storepass requirepass csrf_token API_TOKEN_PROD password_hash subscription-key
recovery_phrase
""")
WEAK = _words("auth sig signature session sid salt BRAND_KEY brandKey tokens secrets connect.sid")
HARMLESS = _words("""
user name id key keys monkey keyboard author authority authenticated token_id tokenId token_type token_count
tokenCount max_tokens prompt_tokens total_tokens completion_tokens token_expires_at expires_in secretName
secret_name secretArn password_file password_policy password_length passwordRequired password_changed_at
password_reset passwordless public_key publicKey partition_key primaryKey cache_key cacheKey routing_key sort_key
s3_key idempotency_key foreign_key object_key AccountSid MessageSid sessionid session_id tokenizer token_bucket
token_endpoint token_hash compass bypass passed passenger pinned spin mapping panel cardinality telephone_count
hotel cookie_policy auth.go token.go:118 secretary correlation_id trace_id span_id request_id traceparent cursor
token-service-7d9f8b6c5-x2x4z phone_type
""")


@pytest.mark.parametrize("name", STRONG)
def test_a_sensitive_name_is_recognised_in_every_spelling(name: str) -> None:
    key = meaning(name.encode())
    assert key is not None and not key.weak


@pytest.mark.parametrize("name", WEAK)
def test_a_weak_name_asks_for_a_value_that_looks_secret(name: str) -> None:
    key = meaning(name.encode())
    assert key is not None and key.weak


@pytest.mark.parametrize("name", HARMLESS)
def test_a_name_that_only_speaks_of_a_secret_is_not_sensitive(name: str) -> None:
    assert meaning(name.encode()) is None


@pytest.mark.parametrize("name", [b"", b"_", b"...", b"\xff\xfe", b"123", b"$", b"-" * 200])
def test_odd_names_are_judged_without_complaint(name: bytes) -> None:
    assert classify(name) is None
    assert meaning(name) is None

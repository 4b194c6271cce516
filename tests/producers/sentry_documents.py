"""Envelopes as the SDK of Sentry sends them: `python -m tests.producers.sentry_documents FOLDER`.

Needs sentry-sdk. Times and most ids are those of the run.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


def write(folder: Path) -> None:
    """An event, a transaction and logs, one envelope behind the other."""
    import sentry_sdk
    import sentry_sdk.logger
    from sentry_sdk.transport import Transport

    sent: list[bytes] = []
    prices: dict[str, int] = {}

    class Kept(Transport):
        def capture_envelope(self, envelope: Any) -> None:
            sent.append(envelope.serialize())

    sentry_sdk.init(
        dsn="http://key@127.0.0.1:1/1",
        transport=Kept,
        traces_sample_rate=1.0,
        release="checkout@2.3.1",
        server_name="node-7",
        enable_logs=True,
        default_integrations=False,
        include_local_variables=False,
        include_source_context=False,
        before_send=without_places,
    )
    headers = {"sentry-trace": f"{TRACE}-{PARENT}-1"}
    going_on = sentry_sdk.continue_trace(headers, op="http.server", name="POST /checkout")
    with sentry_sdk.start_transaction(going_on) as whole:
        sentry_sdk.set_tag("region", "eu")
        with sentry_sdk.start_span(op="db.query", name="SELECT price FROM items"):
            sentry_sdk.add_breadcrumb(category="query", message="SELECT price FROM items", level="info")
        sentry_sdk.logger.warning("stock is low: {left} left", left=2)
        try:
            try:
                prices["item 17"]
            except KeyError as error:
                raise RuntimeError("no price for item 17") from error
        except RuntimeError:
            sentry_sdk.capture_exception()
        whole.set_status("internal_error")
    sentry_sdk.flush()
    text = b"".join(one if one.endswith(b"\n") else one + b"\n" for one in sent)
    (folder / "sentry.envelope").write_bytes(text)


def without_places(event: Any, _hint: Any) -> Any:
    """The event without what is of the machine that this ran on."""
    event.pop("modules", None)
    event.get("contexts", {}).pop("runtime", None)
    for value in event.get("exception", {}).get("values", ()):
        for frame in value["stacktrace"]["frames"]:
            frame.update(abs_path=f"/srv/app/{frame['filename']}", module="checkout")
    return event


if __name__ == "__main__":
    write(Path(sys.argv[1]))

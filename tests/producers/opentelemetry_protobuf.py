"""The OTLP documents in JSON once more, in protobuf as that library writes it: `python -m tests.producers.opentelemetry_protobuf FOLDER`.

Needs opentelemetry-proto. Reads otlp_spans.jsonl and otlp_logs.jsonl in the folder and writes otlp_spans.pb and
otlp_logs.pb there, one request each.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

IDS = ("traceId", "spanId", "parentSpanId")


def write(folder: Path) -> None:
    from google.protobuf.json_format import ParseDict
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    for name, request in (("otlp_spans", ExportTraceServiceRequest()), ("otlp_logs", ExportLogsServiceRequest())):
        for line in (folder / f"{name}.jsonl").read_text().splitlines():
            request.MergeFrom(ParseDict(_with_base64(json.loads(line)), type(request)()))
        (folder / f"{name}.pb").write_bytes(request.SerializeToString())


def _with_base64(value: Any) -> Any:
    """Ids as the JSON of protobuf has them; that of OTLP has them in hex."""
    if isinstance(value, list):
        return [_with_base64(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: base64.b64encode(bytes.fromhex(one)).decode() if key in IDS else _with_base64(one)
        for key, one in value.items()
    }


if __name__ == "__main__":
    write(Path(sys.argv[1]))

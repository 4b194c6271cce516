"""The same few events as the loggers of Python write them: `python python_loggers.py FORMAT` logs to standard output.

Needs the packages of `requirements.txt` beside this file; run it with an interpreter that has them.
"""

from __future__ import annotations

import json
import logging
import logging.config
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

REQUEST = "req-7f3a9c21"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
IDS = {"request_id": REQUEST, "trace_id": TRACE}


class PaymentError(Exception):
    pass


def charge() -> None:
    try:
        raise TimeoutError("no answer from bank")
    except TimeoutError as error:
        raise PaymentError("card declined") from error


def events(logger: Any, *, fields: bool) -> None:
    """Five events; with `fields` the ids are given as fields, else inside the message."""
    ids = f" request_id={REQUEST} trace_id={TRACE}"
    logger.debug("cache warm")
    if fields:
        logger.info("order placed", extra=IDS)
    else:
        logger.info("order placed" + ids)
    logger.warning("stock low")
    try:
        charge()
    except PaymentError:
        logger.exception("charge failed")
    logger.critical("giving up")


def standard(formatter: logging.Formatter, *, fields: bool) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.DEBUG, handlers=[handler])
    events(logging.getLogger("shop.pay"), fields=fields)


def layout(text: str, style: str = "%") -> Callable[[], None]:
    return lambda: standard(logging.Formatter(text, style=style), fields=False)  # type: ignore[arg-type]


def json_logger(text: str | None, **more: Any) -> Callable[[], None]:
    def run() -> None:
        standard(import_module("pythonjsonlogger.json").JsonFormatter(text, **more), fields=True)

    return run


def ecs() -> None:
    standard(import_module("ecs_logging").StdlibFormatter(), fields=True)


def structlog(renderer: Callable[[Any], Any]) -> Callable[[], None]:
    def run() -> None:
        module = import_module("structlog")
        module.configure(
            processors=[
                module.processors.add_log_level,
                module.processors.TimeStamper(fmt="iso", utc=True),
                module.processors.format_exc_info,
                renderer(module),
            ],
            logger_factory=module.PrintLoggerFactory(sys.stdout),
        )
        logger = module.get_logger()
        logger.debug("cache warm")
        logger.info("order placed", **IDS)
        logger.warning("stock low", left=3)
        try:
            charge()
        except PaymentError:
            logger.exception("charge failed")
        logger.critical("giving up")

    return run


def loguru(**more: Any) -> Callable[[], None]:
    def run() -> None:
        logger = import_module("loguru").logger
        logger.remove()
        logger.add(sys.stdout, level="TRACE", colorize=False, backtrace=False, diagnose=False, **more)
        logger.debug("cache warm")
        logger.bind(**IDS).info("order placed" if more.get("serialize") else f"order placed trace_id={TRACE}")
        logger.warning("stock low")
        try:
            charge()
        except PaymentError:
            logger.exception("charge failed")
        logger.critical("giving up")

    return run


def colorlog() -> None:
    standard(
        import_module("colorlog").ColoredFormatter(
            "%(log_color)s%(asctime)s %(levelname)-8s%(reset)s %(name)s: %(message)s", force_color=True
        ),
        fields=False,
    )


def otel_console() -> None:
    logs = import_module("opentelemetry.sdk._logs")
    export = import_module("opentelemetry.sdk._logs.export")
    provider = logs.LoggerProvider()
    exporter = getattr(export, "ConsoleLogRecordExporter", None) or export.ConsoleLogExporter
    provider.add_log_record_processor(export.SimpleLogRecordProcessor(exporter(out=sys.stdout)))
    logging.basicConfig(level=logging.DEBUG, handlers=[logs.LoggingHandler(logger_provider=provider)])
    events(logging.getLogger("shop.pay"), fields=True)
    provider.shutdown()


def otel_text() -> None:
    trace = import_module("opentelemetry.trace")
    sdk = import_module("opentelemetry.sdk.trace")
    trace.set_tracer_provider(sdk.TracerProvider())
    import_module("opentelemetry.instrumentation.logging").LoggingInstrumentor().instrument(
        set_logging_format=True, enable_log_auto_instrumentation=False
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter(
        "%(asctime)s %(levelname)s [%(name)s] [%(filename)s:%(lineno)d] [trace_id=%(otelTraceID)s span_id=%(otelSpanID)s"
        " resource.service.name=%(otelServiceName)s trace_sampled=%(otelTraceSampled)s] - %(message)s"
    ))  # fmt: skip
    logging.basicConfig(level=logging.DEBUG, handlers=[handler])
    context = trace.SpanContext(int(TRACE, 16), int(SPAN, 16), is_remote=True, trace_flags=trace.TraceFlags(1))
    with trace.use_span(trace.NonRecordingSpan(context)):
        events(logging.getLogger("shop.pay"), fields=False)


def uvicorn() -> None:
    config = import_module("uvicorn.config").LOGGING_CONFIG
    logging.config.dictConfig(json.loads(json.dumps(config).replace("ext://sys.stderr", "ext://sys.stdout")))
    events(logging.getLogger("uvicorn.error"), fields=False)


FORMATS: dict[str, Callable[[], None]] = {
    "logging-basic": layout("%(levelname)s:%(name)s:%(message)s"),
    "logging-plain": layout("%(asctime)s %(levelname)s %(name)s %(message)s"),
    "logging-dashes": layout("%(asctime)s - %(name)s - %(levelname)s - %(message)s"),
    "logging-columns": layout("%(asctime)s %(levelname)-8s %(name)s:%(funcName)s:%(lineno)d %(message)s"),
    "logging-process": layout("[%(asctime)s] [%(process)d] [%(levelname)s] %(message)s"),
    "logging-flask": layout("[%(asctime)s] %(levelname)s in %(module)s: %(message)s"),
    "logging-django": layout("{levelname} {asctime} {module} {process:d} {thread:d} {message}", "{"),
    "logging-pipes": layout("%(asctime)s|%(levelname)s|%(name)s|%(message)s"),
    "logging-thread": layout("%(asctime)s [%(threadName)s] %(levelname)s: %(message)s"),
    "json-logger-bare": json_logger(None),
    "json-logger": json_logger("%(asctime)s %(levelname)s %(name)s %(message)s"),
    "json-logger-time": json_logger("%(levelname)s %(message)s", timestamp=True),
    "ecs": ecs,
    "structlog-console": structlog(lambda module: module.dev.ConsoleRenderer(colors=False)),
    "structlog-colors": structlog(lambda module: module.dev.ConsoleRenderer(colors=True)),
    "structlog-json": structlog(lambda module: module.processors.JSONRenderer()),
    "structlog-logfmt": structlog(lambda module: module.processors.LogfmtRenderer(sort_keys=False)),
    "loguru": loguru(),
    "loguru-json": loguru(serialize=True),
    "colorlog": colorlog,
    "otel-console": otel_console,
    "otel-text": otel_text,
    "uvicorn": uvicorn,
}

if __name__ == "__main__":
    FORMATS[sys.argv[1]]()

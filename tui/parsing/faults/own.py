"""Whose code a frame is: the application's own, or that of a runtime, a framework or a library.

One table by language; paths are compared with forward slashes.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from tui.lazy import Lazy


class Foreign(NamedTuple):
    """What tells that a frame is not the application's; empty patterns tell nothing."""

    file: Lazy[str]
    function: Lazy[str]
    nameless: bool = False
    """A frame without a file is the runtime's."""


_NEVER: Final = Lazy(r"(?!)")
_GO_STANDARD: Final = (
    "archive|bufio|bytes|cmp|compress|container|context|crypto|database|debug|embed|encoding|errors|expvar|flag|fmt|go|hash|"
    "html|image|index|internal|io|iter|log|maps|math|mime|net|os|panic|path|plugin|reflect|regexp|runtime|slices|sort|strconv|"
    "strings|sync|syscall|testing|text|time|unicode|unique|unsafe|vendor|weak"
)
_JVM_LIBRARIES: Final = (
    r"java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|clojure|android|androidx|dalvik|com\.android|akka|reactor|"
    r"org\.(?:springframework|apache|hibernate|eclipse|jboss|codehaus|junit|gradle|slf4j|postgresql|mariadb|h2|aspectj|reactivestreams|"
    r"jetbrains|glassfish|xnio|wildfly|mockito|testng|quartz|redisson|elasticsearch|flywaydb|jooq|mongodb|thymeleaf|pekko)|"
    r"io\.(?:netty|undertow|quarkus|smallrye|vertx|micronaut|reactivex|grpc|ktor|micrometer|opentelemetry|lettuce|r2dbc|github\.resilience4j)|"
    r"com\.(?:fasterxml|google\.(?:common|inject|gson|protobuf)|zaxxer|mysql|oracle|netflix|mongodb|datastax|microsoft|ibm|amazonaws|codahale)|"
    r"software\.amazon|okhttp3|okio|retrofit2|feign|brave|redis\.clients|ch\.qos\.logback|net\.(?:bytebuddy|sf)|play\.(?:api|core|mvc)"
)

_RULES: Final[dict[str, Foreign]] = {
    "python": Foreign(
        Lazy(r"(?:site|dist)-packages/|/lib(?:64)?/python\d|/Python\d+/Lib/|^<(?!stdin>|string>|module>)|\.zip/|/importlib/|^frozen "),
        _NEVER,
    ),
    "node": Foreign(
        Lazy(r"^node:|node_modules/|^internal/|^<|^native$|^index \d|^(?:webpack/|\.pnp|events\.js|net\.js|_http_)|/\.yarn/|^(?:ext|deno):|^bun:"),
        _NEVER, nameless=True,
    ),
    "jvm": Foreign(
        _NEVER,
        Lazy(rf"(?:{_JVM_LIBRARIES})\.|.*(?:\$Proxy\d|\$\$(?:FastClass|Enhancer|SpringCGLIB|Lambda)|GeneratedMethodAccessor|LambdaForm)"),
    ),
    "dotnet": Foreign(
        _NEVER,
        Lazy(
            r"(?:(?:async |void |static )*)(?:System|Microsoft|MS|Mono|Interop|Internal|Newtonsoft|Npgsql|MySql|Dapper|Serilog|NLog|Polly|"
            r"MediatR|Autofac|Castle|Grpc|StackExchange|MassTransit|RabbitMQ|Swashbuckle|FluentValidation|AutoMapper|Hangfire|Quartz|"
            r"Elastic|OpenTelemetry|Azure|Amazon|xunit|Xunit|NUnit)\.|lambda_method|\(wrapper "
        ),
    ),
    "go": Foreign(
        Lazy(r"/pkg/mod/|/vendor/|@v\d|/go(?:-?\d[\w.]*)?/src/(?:runtime|net|testing|reflect|sync)/"),
        Lazy(rf"(?:{_GO_STANDARD})(?:[./(]|$)"),
    ),
    "ruby": Foreign(Lazy(r"/gems/|/lib/ruby/|/rubies/[^/]+/lib/|^<internal:|^\S+ \(\d[\w.]*\) |/rubygems|/bundler/|^bin/|/bin/bundle$"), _NEVER),
    "php": Foreign(Lazy(r"/vendor/|^\[internal|/pear/|^phar:"), _NEVER, nameless=True),
    "rust": Foreign(
        Lazy(r"^/rustc/|/\.cargo/|/\.rustup/|/rustlib/|^\./csu/|/sysdeps/"),
        Lazy(r"<*(?:dyn |&)*(?:std|core|alloc|tokio|futures\w*|anyhow|eyre|color_eyre|hyper|tower|actix\w*|axum|tracing\w*)::|_*rust|_start|__libc|__pthread"),
        nameless=True,
    ),
}  # fmt: skip


def is_own(language: str, file: str, function: str, module: str = "") -> bool:
    """Whether a frame of a language is the application's own code."""
    rule = _RULES[language]
    if not file and rule.nameless:
        return False
    if language == "jvm" and module.startswith(("java.", "jdk.")):
        return False
    return not (rule.file.search(file.replace("\\", "/")) or rule.function.match(function))

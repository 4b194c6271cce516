"""Text formats of operating systems, devices and application servers that one regular expression describes.

Rows as in `patterns`, which puts them behind its own. Formats of logging libraries are there.
"""

from __future__ import annotations

from tui.parsing.pattern import Pattern, row
from tui.typed import Final

_UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

PLATFORM_PATTERNS: Final[tuple[Pattern, ...]] = (
    row("rsyslog",
        r"(?:<(?P<pri>\d{1,3})>)?(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d) (?P<host>(?!\[|[A-Z]{4,9} )[\w.:@-]*\w) "
        r"(?P<service>[a-z][\w./@()+-]{1,80}): ?(?P<message>.*)",
        "2026-11-23T15:02:44.123456+01:00 web1 gnome-shell: Window manager warning", heads="<Y"),
    row("macos-log",
        r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}[+-]\d{4}) (?P<thread>0x[0-9a-f]+)\s+(?P<level>Default|Info|Debug|Error|Fault|Activity|Release)\s+"
        r"(?P<activity>0x[0-9a-f]+)\s+(?P<pid>\d+)\s+(?P<ttl>\d+)\s+(?P<service>[^:]{1,80}): (?P<message>.*)",
        "2026-11-23 15:02:44.123456+0000 0x1234     Default     0x0                  42     0    kernel: (AppleACPIPlatform) hello", levels="macos"),
    row("macos-log-compact",
        r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) (?P<level>Df|Db|In|A|I|E|F|R) +(?P<service>[^\[\]]{1,80})\[(?P<pid>\d+):(?P<thread>[0-9a-f]+)\] (?P<message>.*)",
        "2026-11-23 15:02:44.123 E  Safari[42:1234] [com.apple.CFNetwork:Default] boom", levels="macos"),
    row("esx",
        r"(?P<time>\d{4}-\d\d-\d\dT[\d:.]+Z) (?P<level>In|Wa|Er|Db|Al|Cr|No|Em)\(\d{1,3}\) (?P<service>[\w.-]{1,60})(?:\[(?P<pid>\d+)\])?:? (?:- )?(?P<message>.*)",
        "2026-11-23T15:02:45.123Z In(05) vmx - Hostname=esx1", levels="esx"),
    row("samba",
        r"\[(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d{6})?),\s+(?P<level>\d{1,2})(?:, [^\]]*)?\] (?P<caller>\S+:\d+)(?:\((?P<func>\w+)\))?\s*\n\s*(?P<message>[^\n]*)",
        "[2026/11/23 15:02:44.123456,  3] ../source3/smbd/service.c:1120(close_cnum)\n  laptop (ipv4:10.0.0.9:51234) closed connection", levels="samba", whole=True),
    row("websphere",
        r"\[(?P<time>\d{1,2}[/.-]\d{1,2}[/.-]\d{2},? \d{1,2}:\d\d:\d\d:\d{3} [\w+:-]{1,9})\] (?P<thread>[0-9a-f]{8}) (?P<logger>\S+)\s+(?P<level>[FEWAICDORUZ1-5<>]) +(?P<message>.*)",
        "[11/23/26 15:02:44:123 UTC] 00000001 WsServerImpl  A   WSVR0001I: Server server1 open for e-business", levels="websphere", order="mdy"),
    row("weblogic",
        r"(?:####)?<(?P<time>\w{3} \d{1,2}, \d{4},? \d{1,2}:\d\d:\d\d(?:[,.]\d{3})? [AP]M) ?(?P<zone>[^>]{0,60})> <(?P<level>\w+)> <(?P<logger>[^>]{0,80})> (?:<.*?> )??"
        r"<(?P<code>(?:BEA-)?\d{6})> <(?P<message>.*)",
        "<Nov 23, 2026 3:02:44 PM UTC> <Notice> <WebLogicServer> <BEA-000365> <Server state changed to RUNNING.>", heads="<#"),
    row("glassfish",
        r"\[#\|(?P<time>[^|]{19,32})\|(?P<level>\w+)\|(?P<product>[^|]*)\|(?P<logger>[^|]*)\|(?P<context>[^|]*)\|(?P<message>.*?)\|#\]",
        "[#|2026-11-23T15:02:45.123+0000|SEVERE|glassfish3.1.2|javax.enterprise.system|_ThreadID=1;|boom|#]", whole=True),
    row("s3-access",
        r"(?P<owner>[0-9a-f]{64}|-) (?P<service>[\w.-]{3,63}) \[(?P<time>\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] (?P<client>\S+) (?P<requester>\S+) (?P<request_id>[0-9A-Z]+) "
        r"(?P<operation>[\w.]+) (?P<key>\S+) (?:\"(?P<request>[^\"]*)\"|-) (?P<status>\d{3}|-) (?P<error_code>\S+) (?P<bytes>\d+|-) (?P<size>\d+|-) (?P<total_ms>\d+|-) (?P<turnaround>\d+|-)(?P<extra>.*)",
        '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be docs [23/Nov/2026:15:02:45 +0000] 192.0.2.3 - A1206F460EXAMPLE REST.GET.OBJECT a/b.txt '
        '"GET /docs/a/b.txt HTTP/1.1" 404 NoSuchKey 297 - 38 - "-" "aws-cli/2" -', heads="0aA-"),
    row("lambda-timeout",
        rf"(?P<time>\d{{4}}-\d\d-\d\dT[\d:.]+Z) (?P<request_id>{_UUID}) (?P<message>Task timed out .*)",
        "2026-11-23T15:02:45.123Z 79b4f56e-95b1-4643-9700-90ab1b0b1b0b Task timed out after 3.00 seconds"),
    row("journal-verbose",
        r"\w{3} (?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{6})?) (?P<zone>[\w+-]{1,6}) \[(?P<cursor>s=[^\]\n]*)\]\n(?P<extension>\s+[A-Z_][A-Z0-9_]*=.*)",
        "Mon 2026-11-23 15:02:44.123456 UTC [s=2f3a;i=1a2b;b=9d8e;m=3c4d;t=5e6f;x=7a8b]\n    MESSAGE=Started", whole=True),
    row("journal-export",
        r"__CURSOR=(?P<cursor>[^\n]*)\n(?P<extension>.*)",
        "__CURSOR=s=2f3a;i=1\n__REALTIME_TIMESTAMP=1795446164123456\nMESSAGE=Started", whole=True),
    row("nest",
        r"\[Nest\] (?P<pid>\d+) +- (?P<time>[\d/.,: -]{16,24}(?: [AP]M)?) +(?P<level>LOG|ERROR|WARN|DEBUG|VERBOSE|FATAL) (?:\[(?P<logger>[^\]]*)\] )?(?P<message>.*)",
        "[Nest] 42  - 11/23/2026, 3:02:44 PM     LOG [NestFactory] Nest application successfully started +3ms"),
    row("glib",
        r"(?:\*\* )?\((?P<service>[^():]{1,80}):(?P<pid>\d+)\): (?:(?P<logger>[\w.-]{1,60})-)?(?P<level>CRITICAL|WARNING|ERROR|Message|INFO|DEBUG)(?: \*\*)?: (?P<time>\d\d:\d\d:\d\d\.\d{3}): (?P<message>.*)",
        "(gedit:4242): Gtk-CRITICAL **: 15:02:45.123: gtk_widget_show: assertion failed", levels="glib", heads="(*"),
    row("logcat-time",
        r"(?P<time>(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) (?P<level>[VDIWEFA])/(?P<logger>[^(]{1,80}?)\s*\( *(?P<pid>\d+)\): ?(?P<message>.*)",
        "11-23 15:02:44.123 W/Tag     ( 1702): x", levels="android", heads="0Y"),
    row("logcat-long",
        r"\[ (?P<time>(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) +(?P<pid>\d+): *(?P<thread>\w+) (?P<level>[VDIWEFA])/(?P<logger>[^\]]{1,80}?) *\]\n(?P<message>.*)",
        "[ 11-23 15:02:44.123  1702: 2395 W/Tag ]\nhello", levels="android", whole=True),
    row("logcat-studio",
        r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) +(?P<pid>\d+)-(?P<thread>\d+)(?:/(?P<service>\S+) (?P<level>[VDIWEFA])/(?P<logger>[^:]{1,80}): ?| +(?P<tag>\S+) +(?P<package>\S+) +(?P<letter>[VDIWEFA])  )(?P<message>.*)",
        "2026-11-23 15:02:44.123  1702-2395  WindowManager           com.example.app                      D  hello", levels="android"),
    row("zabbix",
        r"(?P<pid>\d+):(?P<time>\d{8}:\d{6}\.\d{3}) (?P<message>.*)",
        "4242:20261123:150244.123 Starting Zabbix Server"),
    row("redis-signal",
        r"(?P<pid>\d+):signal-handler \((?P<time>\d{10})\) (?P<message>.*)",
        "4242:signal-handler (1795446167) Received SIGTERM scheduling shutdown..."),
)  # fmt: skip

"""Text formats that one regular expression describes, as a table.

Named groups say what is what: time, level, message, logger, service, host, ids by their key names; every other group is
a field of that name. Lines that only differ in order and punctuation need no row: `header` reads them.
"""

# regular expressions and sample lines are easier to compare uncut

from __future__ import annotations

from collections.abc import Sequence

from tui.parsing.pattern import LETTERS, Pattern, head_class, row
from tui.parsing.platform_patterns import PLATFORM_PATTERNS
from tui.parsing.vocabulary import LEVEL_PATTERN
from tui.typed import Final

__all__ = ["LETTERS", "PATTERNS", "Pattern", "candidates", "extend", "head_class", "own"]

_ISO: Final = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d|[A-Z]{3,4}))?"
_SYSLOG: Final = r"[A-Z][a-zäéû]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,9})?"
_CLF: Final = r"\d{1,2}/\w{3}/\d{4}[: ]\d\d:\d\d:\d\d(?:\.\d+)?(?: [+-]\d{4})?"
_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_CELL: Final = r'(?:"(?:[^"]|"")*"|[^",]*)'
_CEF: Final = r"(?:[^|\\]|\\.)*"
_L: Final = LEVEL_PATTERN


PATTERNS: Final[tuple[Pattern, ...]] = (
    row("syslog-5424",
         r"<(?P<pri>\d{1,3})>1 (?P<time>-|\S+) (?P<host>\S+) (?P<service>\S+) (?P<pid>\S+) (?P<msgid>\S+) "
         r"(?P<sd>-|(?:\[(?:[^\]\"]|\"(?:[^\"\\]|\\.)*\")*\])+) ?\ufeff?(?P<message>.*)",
         '<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - su root failed'),
    row("syslog",
         rf"(?:<(?P<pri>\d{{1,3}})>)?(?P<time>{_SYSLOG}) (?:(?P<host>(?!\[)[\w.:@-]*\w) "
         r"(?P<service>(?!(?:CEF|LEEF):\d)[\w./@() +-]{1,80}?)|(?P<program>[\w./@()+-]{1,80}(?=\[\d)|[a-z][\w./@()+-]{1,80}(?=:)))(?:\[(?P<pid>[\w.-]{1,32})\])?(?: \((?P<job>[^()]{1,160})\))?(?: <(?P<tagged>[A-Z]\w+)>)?: ?(?P<message>.*)",
         "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; logname= uid=0", heads="<A"),
    row("syslog-iso",
         r"(?:<(?P<pri>\d{1,3})>)?(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::?\d\d)?)) (?P<host>(?!\[|[A-Z]{4,9} )[\w.:@-]+) "
         r"(?:(?P<service>[\w./@()+-][\w ./@()+-]{0,79})\[(?P<pid>[\w.-]{1,32})\]|(?P<program>kernel|sudo|su|CRON|cron|crond|systemd|rsyslogd|sshd|dhclient|postfix/\w+)): ?"
         r"(?P<message>.*)",
         "2026-11-23T15:02:44.123456+00:00 web1 sshd[123]: Accepted publickey", heads="<Y"),
    row("access",
         rf"(?:(?P<vhost>[\w.-]+:\d+) )?(?P<client>[\w.:%-]+) (?P<ident>\S+) (?P<user>[^\[]{{1,80}}?) \[(?P<time>{_CLF})\] "
         rf"\"(?P<request>(?:[^\"\\]|\\.)*)\" (?P<status>\d{{3}}|-) (?P<bytes>\d+|-)"
         rf"(?: \"(?P<referer>(?:[^\"\\]|\\.)*)\" \"(?P<agent>(?:[^\"\\]|\\.)*)\")?(?P<extra>.*)",
         '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326', heads="0aA:"),
    row("haproxy",
         r"(?P<client>[\d.a-fA-F:]+):(?P<port>\d+) \[(?P<time>[^\]]+)\] (?P<frontend>\S+) (?P<service>[^/\s]+)/(?P<server>\S+) "
         r"(?P<timers>[\d/+-]+) (?P<status>\d{3}|-1) (?P<bytes>\+?\d+) (?P<message>.*)",
         '10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt} "GET / HTTP/1.1"', heads="0aA:"),
    row("envoy",
         rf"\[(?P<time>{_ISO})\] \"(?P<request>[^\"]*)\" (?P<status>\d+) (?P<flags>\S+)(?P<message>.*)",
         '[2016-04-15T20:17:00.310Z] "POST /api/v1/locations HTTP/2" 204 - 154 0 226 100 "10.0.35.28" "nsq2http" "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2" "locations" "tcp://10.0.2.1:80"'),
    row("nginx-error",
         r"(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(?P<level>\w+)\] (?P<pid>\d+)#(?P<thread>\d+): (?:\*(?P<connection>\d+) )?"
         r"(?P<message>.*)",
         '2026/11/23 15:02:44 [error] 1234#0: *5 open() "/x" failed (2: No such file or directory), client: 10.0.0.1'),
    row("apache-error",
         r"\[(?P<time>(?:\w{3} )?\w{3} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4})\] \[(?:(?P<logger>[\w-]*):)?(?P<level>\w+)\] "
         r"(?:\[pid (?P<pid>\d+)(?::tid (?P<thread>\w+))?\] )?(?:\[client (?P<client>[^\]]+)\] )?(?P<message>.*)",
         "[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok /etc/httpd/conf/workers2.properties"),
    row("klog",
         r"(?P<level>[IWEFCD])(?P<time>(?:\d{4})?\d{4} \d\d:\d\d:\d\d(?:\.\d+)?)\s+(?P<thread>\d+) (?P<caller>[^\s:\]]+:\d+)\] "
         r"(?P<message>.*)",
         'I1123 15:02:44.123456       1 controller.go:42] "Pod status updated" pod="kube-system/x"', tail="kv", levels="klog"),
    row("ruby",
         r"(?P<level>[DIWEFA]), \[(?P<time>[^ \]]+) #(?P<pid>\d+)\] +(?:\w+) -- (?P<logger>[^:]{0,80}): (?P<message>.*)",
         "I, [2026-11-23T15:02:44.123456 #4242]  INFO -- prog: hello", levels="ruby"),
    row("python-otel",
         rf"(?P<time>{_ISO}) (?P<level>{_L}) \[(?P<logger>[^\]]*)\] \[(?P<caller>[^\]]*)\] "
         r"\[trace_id=(?P<trace_id>\w+) span_id=(?P<span_id>\w+) resource\.service\.name=(?P<service>[^\]]*?)"
         r"(?: trace_sampled=(?P<trace_sampled>\w+))?\] - (?P<message>.*)",
         "2026-11-23 15:02:44,123 INFO [app] [app.py:12] [trace_id=0 span_id=0 resource.service.name=shop trace_sampled=False] - hi"),
    row("spring-boot",
         rf"(?P<time>{_ISO})\s+(?P<level>[A-Z]{{4,7}})\s+(?:\[(?P<sleuth>[^\]]*)\] )?(?P<pid>\d+) --- (?P<brackets>(?:\[[^\]]*\] ?)+)"
         r"(?P<logger>\S+)\s*: (?P<message>.*)",
         "2026-11-23T15:02:44.123Z  INFO 1 --- [shop] [nio-8080-exec-1] o.s.web.Servlet : Completed"),
    row("celery",
         rf"\[(?P<time>{_ISO}): (?P<level>{_L})/(?P<thread>[^\]]+)\] (?:(?P<logger>[\w.]+)\[(?P<task_id>[0-9a-f-]{{36}})\]:? )?(?P<message>.*)",
         "[2026-11-23 15:02:44,123: INFO/MainProcess] celery@host ready."),
    row("monolog-line",
         rf"\[(?P<time>{_ISO})\] (?P<logger>[\w-]+)\.(?P<level>[A-Z]{{4,9}}): (?P<message>.*)",
         "[2026-11-23 15:02:44] local.ERROR: boom {\"x\":1} []"),
    row("loguru",
         rf"(?P<time>{_ISO}) \| (?P<level>[A-Z]+)\s*\| (?P<logger>[\w.<>]+):(?P<func>[^:\s]+):(?P<lineno>\d+) - (?P<message>.*)",
         "2026-11-23 15:02:44.123 | INFO     | app.main:run:12 - hello"),
    row("structlog-console",
         rf"(?:(?P<time>{_ISO}) )?\[(?=[^\]]{{9}}\])(?P<level>{_L}) *\] (?P<message>.*)",
         "2026-11-23 15:02:44 [info     ] user logged in                 user=anna", tail="columns", heads="Y["),
    row("env-logger",
         rf"\[(?P<time>{_ISO}) (?P<level>TRACE|DEBUG|INFO|WARN|ERROR)\s+(?P<logger>[\w:]+)\] (?P<message>.*)",
         "[2026-11-23T15:02:44Z INFO  shop::cart] hello"),
    row("rust-tracing",
         r"(?P<time>\d{4}-\d\d-\d\dT[\d:.]+Z) +(?P<level>TRACE|DEBUG|INFO|WARN|ERROR) (?:(?P<spans>[\w:.-]+\{[^{}]*\}(?::[\w.-]+(?:\{[^{}]*\})?)*): )?"
         r"(?P<logger>[a-z_]\w*(?:::\w+)*): (?P<message>.*)",
         "2026-11-23T15:02:44.123456Z  INFO request{method=GET path=/x}: shop::cart: done status=200", tail="kv"),
    row("postgres",
         r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? (?:[A-Z]{3,4}|[+-]\d\d(?::?\d\d)?)) (?:\[(?P<pid>\d+)(?:-\d+)?\]:? ?)?"
         r"(?:\[[^\]]*\] ?)?(?P<who>[^:]{0,120}?) ?(?P<level>DEBUG\d?|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC|STATEMENT|DETAIL|HINT|CONTEXT|QUERY):  "
         r"(?P<message>.*)",
         "2026-11-23 15:02:44.123 UTC [123] app@shop ERROR:  relation \"x\" does not exist", levels="postgres"),
    row("redis",
         r"(?P<pid>\d+):(?P<role>[XCSM]) (?P<time>\d\d \w{3} \d{4} \d\d:\d\d:\d\d\.\d{3}) (?P<level>[.*#-]) (?P<message>.*)",
         "1:M 23 Nov 2026 15:02:44.123 * Ready to accept connections", levels="redis"),
    row("redis-2",
         r"\[(?P<pid>\d+)\] (?P<time>\d\d \w{3} \d\d:\d\d:\d\d(?:\.\d{3})?) (?P<level>[.*#-]) (?P<message>.*)",
         "[4018] 14 Nov 07:01:22.119 * Background saving terminated with success", levels="redis"),
    row("mongodb-text",
         r"(?P<time>\d{4}-\d\d-\d\dT[\d:.]+[+-]\d{4}) (?P<level>[FEWID]\d?) (?P<logger>[A-Z-]+) +\[(?P<thread>[^\]]+)\] (?P<message>.*)",
         "2014-11-03T18:28:32.450-0500 I NETWORK [initandlisten] waiting for connections on port 27017", levels="mongo"),
    row("mysql",
         r"(?P<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) (?P<thread>\d+) \[(?P<level>\w+)\] (?:\[(?P<code>MY-\d+)\] )?(?:\[(?P<logger>\w+)\] )?(?P<message>.*)",
         "2026-11-23T15:02:44.123456Z 0 [Warning] [MY-010068] [Server] CA certificate is self signed.", levels="mysql"),
    row("zap-console",
         rf"(?P<time>[\d.eE+-]{{10,32}}|{_ISO})\t(?P<level>{_L})\t(?:(?P<logger>[\w.-]+)\t)?(?P<caller>[\w./@-]+\.go:\d+)\t(?P<message>.*)",
         "2026-11-23T15:02:44.123Z\tINFO\tshop\tmain.go:12\thello\t{\"a\": 1}", heads="0Y"),
    row("jul",
         r"(?P<time>[^\W\d_]{3,5}\.? \d{1,2}, \d{4},? \d{1,2}:\d\d:\d\d[ \u202f][AP]M) (?P<logger>[\w.$]+)(?: (?P<func>[\w<>$]+))?\n"
         r"(?P<level>[A-Z]+): (?P<message>[^\n]*)",
         "Nov 23, 2026 3:09:22 PM com.example.Main main\nINFO: hello", whole=True, heads="Aa"),
    row("dotnet-console",
         r"(?P<level>trce|dbug|info|warn|fail|crit): (?P<logger>[\w.`+<>,-]+)\[(?P<event_number>-?\d+)\](?:\n\s{6}(?P<message>[^\n]*)|$)",
         "info: Shop.Cart[0]\n      hello", whole=True),
    row("slog",
         r"(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d{6})?) (?:(?P<caller>[\w./-]+\.go:\d+): )?(?P<level>(?:DEBUG|INFO|WARN|ERROR)(?:[+-]\d+)?) "
         r"(?P<message>.*)",
         "2026/11/23 15:02:44 INFO hello request_id=abc took=1.5s", tail="kv"),
    row("lambda-platform",
         r"(?P<event>START|END|REPORT|INIT_START|INIT_REPORT) (?:RequestId: (?P<request_id>[\w-]+))?(?P<message>.*)",
         "REPORT RequestId: 8f507cfc-0000-4697-b07a-ac58fc914c95\tDuration: 3.49 ms\tBilled Duration: 4 ms"),
    row("lambda-python",
         rf"\[(?P<level>{_L})\]\t(?P<time>\S+)\t(?P<request_id>[\w-]+)\t(?P<message>.*)",
         "[INFO]\t2026-11-23T15:02:44.123Z\t8f507cfc-0000-4697-b07a-ac58fc914c95\thello"),
    row("lambda-node",
         rf"(?P<time>\d{{4}}-\d\d-\d\dT[\d:.]+Z)\t(?P<request_id>[\w-]+)\t(?P<level>{_L})\t(?P<message>.*)",
         "2026-11-23T15:02:44.123Z\t8f507cfc-0000-4697-b07a-ac58fc914c95\tINFO\thello"),
    row("python-default",
         r"(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL):(?P<logger>[\w.-]+):(?P<message>.*)",
         "WARNING:root:disk is nearly full"),
    row("uvicorn",
         r"(?P<level>TRACE|DEBUG|INFO|WARNING|ERROR|CRITICAL):\s{3,}(?:(?P<client>[\w.:\[\]]+) - \"(?P<request>[^\"]*)\" (?P<status>\d{3})[^\n]*|(?P<message>.*))",
         'INFO:     127.0.0.1:54321 - "GET / HTTP/1.1" 200 OK'),
    row("logrus-terminal",
         r"(?P<level>TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[(?:(?P<seconds>\d{1,9})|(?P<time>[^\]]+))\] ?(?P<message>.*)",
         "WARN[0000] low on disk                                   left=3", tail="columns"),
    row("winston-simple",
         r"(?P<level>error|warn|info|http|verbose|debug|silly): (?P<message>.*)",
         'info: hello {"requestId":"abc"}'),
    row("kafka",
         rf"\[(?P<time>{_ISO})\] (?P<level>TRACE|DEBUG|INFO|WARN|ERROR|FATAL) (?P<message>.*?) ?\((?P<logger>[\w.$-]+)\)$",
         "[2026-11-23 15:02:44,123] INFO [KafkaServer id=0] started (kafka.server.KafkaServer)"),
    row("zookeeper",
         rf"(?P<time>{_ISO}) - (?P<level>[A-Z]{{4,5}})\s+\[(?P<thread>.*?):(?P<logger>[\w.$]+)@(?P<lineno>\d+)\] - (?P<message>.*)",
         "2015-07-29 17:41:44,747 - INFO  [QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181:FastLeaderElection@774] - Notification time out: 3200"),
    row("hdfs",
         r"(?P<time>\d{6} \d{6}) (?P<thread>\d+) (?P<level>[A-Z]+) (?P<logger>[\w.$]+): (?P<message>.*)",
         "081109 203615 148 INFO dfs.DataNode$PacketResponder: PacketResponder 1 for block blk_38865049064139660 terminating"),
    row("bgl",
         r"(?P<label>-|[A-Z][A-Z0-9_]*) (?P<time>\d{10}) \d{4}\.\d\d\.\d\d (?P<host>\S+) \d{4}-\d\d-\d\d-[\d.]+ \S+ (?P<kind>\S+) (?P<logger>\S+) (?P<level>[A-Z]+) (?P<message>.*)",
         "- 1117838570 2005.06.03 R02-M1-N0-C:J12-U11 2005-06-03-15.42.50.363779 R02-M1-N0-C:J12-U11 RAS KERNEL INFO instruction cache parity error corrected", heads="-A"),
    row("supercomputer",
         rf"(?P<label>-|[A-Z][A-Z0-9_]*) (?P<time>\d{{10}}) \d{{4}}\.\d\d\.\d\d (?P<host>\S+) {_SYSLOG} \S+ (?P<service>[^\s\[:]+)(?:\[(?P<pid>\d+)\])?:? ?(?P<message>.*)",
         "- 1131566461 2005.11.09 dn228 Nov 9 12:01:01 dn228/dn228 crond(pam_unix)[2915]: session closed for user root".replace("Nov 9", "Nov  9"), heads="-A"),
    row("hpc",
         r"(?P<number>\d+) (?P<host>\S+) (?P<logger>[\w.-]+) (?P<event>[\w.]+) (?P<time>\d{10}) (?P<flag>\d) (?P<message>.*)",
         "134681 node-246 unix.hw state_change.unavailable 1077804742 1 Component State Change: unavailable"),
    row("logcat",
         r"(?P<time>(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,9}(?: [+-]\d{4})?) +(?P<pid>\d+) +(?P<thread>\d+) (?P<level>[VDIWEFA]) (?P<logger>[^:]{0,80}?)\s*: (?P<message>.*)",
         "03-17 16:13:38.811  1702  2395 D WindowManager: printFreezingDisplayLogs", levels="android", heads="0Y"),
    row("logcat-brief",
         r"(?P<level>[VDIWEF])/(?P<logger>[^(]{1,80}?)\s*\( *(?P<pid>\d+)\): (?P<message>.*)",
         "D/Tag     ( 123): hello", levels="android"),
    row("healthapp",
         r"(?P<time>\d{8}-\d{1,2}:\d{1,2}:\d{1,2}:\d{1,3})\|(?P<logger>[^|]+)\|(?P<pid>\d+)\|(?P<message>.*)",
         "20171223-22:15:29:606|Step_LSC|30002312|onStandStepChanged 3579"),
    row("proxifier",
         r"\[(?P<time>\d\d\.\d\d \d\d:\d\d:\d\d)\] (?P<service>[\w .()*-]+?) - (?P<message>.*)",
         "[10.30 16:49:06] chrome.exe - proxy.cse.cuhk.edu.hk:5070 open through proxy proxy.cse.cuhk.edu.hk:5070 HTTPS"),
    row("audit",
         r"(?:node=(?P<host>\S+) )?type=(?P<event>\S+) msg=audit\((?P<time>\d{10}\.\d{3}):(?P<serial>\d+)\) ?: ?(?P<message>.*)",
         "type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=2 success=no exit=-13", tail="kv", heads="a"),
    row("cef",
         rf"CEF:\d+\|(?P<vendor>{_CEF})\|(?P<service>{_CEF})\|(?P<version>{_CEF})\|(?P<signature>{_CEF})\|(?P<message>{_CEF})\|(?P<severity>{_CEF})\|(?P<extension>.*)",
         "CEF:0|Acme|Gate|1.0|100|worm stopped|10|src=10.0.0.1 dst=2.1.2.2 rt=1795446164123 msg=stopped at the gate"),
    row("leef",
         r"LEEF:[\d.]+\|(?P<vendor>[^|]*)\|(?P<service>[^|]*)\|(?P<version>[^|]*)\|(?P<message>[^|]*)\|(?P<extension>.*)",
         "LEEF:1.0|Acme|Gate|1.0|login|devTime=2026-11-23T15:02:44Z\tsev=5\tsrc=10.0.0.1"),
    row("elb",
         r"(?:(?P<kind>https?|h2|grpcs?|wss?) )?(?P<time>\d{4}-\d\d-\d\dT[\d:.]+Z) (?P<service>\S+) (?P<client>[\d.a-fA-F:]+:\d+) (?P<target>\S+) "
         r"(?P<times>-?[\d.]+ -?[\d.]+ -?[\d.]+) (?P<status>\d{3}|-) (?P<target_status>\d{3}|-) (?P<received>\d+) (?P<bytes>\d+) \"(?P<request>[^\"]*)\" ?(?P<extra>.*)",
         'h2 2026-11-23T15:02:44.123456Z app/shop/50dc 10.0.0.1:2817 10.0.0.2:80 0.000 0.001 0.002 200 200 34 366 "GET https://x:443/ HTTP/2.0" "curl/8" "Root=1-58337262-36d228ad5d99923122bbe354"', heads="Ya"),
    row("gin",
         r"\[GIN\] (?P<time>\d{4}/\d\d/\d\d - \d\d:\d\d:\d\d) \| *(?P<status>\d{3}) \| *(?P<latency>[^|]+?) \| *(?P<client>\S+) \| *(?P<method>\w+) +\"?(?P<path>[^\"]*)\"?",
         '[GIN] 2026/11/23 - 15:02:44 | 401 |     505.317µs |       10.1.2.3 | POST     "/client"'),
    row("vpc-flow",
         r"\d+ (?P<account>\d{12}|unknown) (?P<interface>eni-\w+) (?P<source>\S+) (?P<destination>\S+) (?P<source_port>\S+) (?P<destination_port>\S+) (?P<protocol>\S+) (?P<packets>\S+) "
         r"(?P<bytes>\S+) (?P<time>\d{10}) (?P<end>\d{10}) (?P<message>[A-Z-]+ [A-Z]+)",
         "2 123456789010 eni-1235b8ca 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1795446164 1795446224 ACCEPT OK"),
    row("sssd",
         r"\((?P<time>[^()]{18,40})\):? \[(?P<service>\w[^\s]{0,80}?)\] \[(?P<func>\w+)\] \((?P<level>0x[0-9a-f]{4})\): (?P<message>.*)",
         "(Mon Nov 23 15:02:44 2026) [sssd[be[example.com]]] [sbus_dispatch] (0x4000): dbus conn", levels="sssd"),
    row("vmware",
         rf"(?P<time>{_ISO}) (?:\[(?P<thread>[0-9A-Fa-f]+) (?P<level>[a-z]+) '(?P<logger>[^']*)'(?: opID=(?P<opID>[^\]\s]+))?[^\]]*\]|(?P<tagged>[a-z]+) (?P<service>[\w.-]+)\[(?P<pid>\w+)\] \[(?P<origin>Originator@[^\]]*)\]) (?P<message>.*)",
         "2026-11-23T15:02:44.203Z [FF89AB90 info 'vim.Task' opID=5F3A-12] State transition"),
    row("jvm",
         r"\[(?P<uptime>\d+[.,]\d{3})s\](?:\[\d+m?s\])?\[(?P<level>trace|debug|info|warning|error) *\]\[(?P<logger>[\w,+]+) *\] (?P<message>.*)",
         "[2.345s][info   ][gc,heap] GC(3) Eden regions: 14->0(17)"),
    row("xorg",
         r"\[ *(?P<uptime>\d+\.\d{3})\] \((?P<level>EE|WW|NI|II|!!|--|\*\*|==|\+\+|\?\?)\) (?P<message>.*)",
         "[    12.345] (EE) Failed to load module", levels="xorg"),
    row("log4j-relative",
         rf"(?P<uptime>\d{{1,10}})\s+\[(?P<thread>[^\]]{{1,80}})\] (?P<level>{_L})\s+(?P<logger>[\w.$]+) (?P<context>[^\n]{{0,80}}?) ?- (?P<message>.*)",
         "123 [main] DEBUG shop.Pay  - cache warm"),
    row("npm-debug",
         r"(?P<number>\d+) (?P<level>silly|verbose|info|http|timing|notice|warn|error) (?P<message>\S.*)",
         "12 verbose stack Error: not found", levels="npm"),
    row("npm",
         r"npm (?P<level>ERR!|WARN|error|warn|http|info|notice|verb|sill) (?P<message>.*)",
         "npm ERR! code E404", levels="npm"),
    row("git",
         r"commit (?P<commit>[0-9a-f]{40})[^\n]*\n(?:[A-Z]\w+:[^\n]*\n){0,6}?(?:AuthorDate|Date): +(?P<time>[^\n]+)\n(?:[A-Z]\w+:[^\n]*\n){0,4}(?P<message>.*)",
         "commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nAuthor: Ann <ann@example.com>\nDate:   Mon Nov 23 15:02:44 2026 +0100\n\n    First", whole=True),
    row("erlang",
         r"=(?P<level>[A-Z]+) REPORT=+ (?P<time>[^=\n]+?) =+(?P<message>.*)",
         "=INFO REPORT==== 23-Nov-2026::15:02:44 ===\naccepting connection", levels="erlang", whole=True),
    row("mysql-slow",
         r"# Time: (?P<time>[^\n]+)\n(?P<message>.*)",
         "# Time: 2026-11-23T15:02:44.123456Z\n# User@Host: app[app] @ [10.0.0.1]\nSELECT 1;", whole=True),
    row("postgres-csv",
         rf"(?P<time>{_ISO}),(?P<user>{_CELL}),(?P<database>{_CELL}),(?P<pid>\d*),(?P<client>{_CELL}),(?P<session>[\w.]*),(?P<line>\d*),{_CELL},[^,]*,[^,]*,\d*,"
         rf"(?P<level>[A-Z]+\d?),(?P<sqlstate>\w{{5}}),\"?(?P<message>(?:[^\",]|(?<!\"),|\"\")*).*",
         '2026-11-23 15:02:44.123 UTC,"app","shop",123,"10.0.0.1:4000",5f0a.1,1,"SELECT",2026-11-23 15:00:00 UTC,3/45,0,ERROR,42P01,"no such table",,,,,,,,,"psql"', levels="postgres", whole=True),
    row("shell-history",
         r"(?:#(?P<time>\d{10})\n|: (?P<begun>\d{10}):(?P<elapsed>\d+);)(?P<message>.*)",
         "#1795446164\nls -l", whole=True, heads="#:"),
    row("dmesg",
         r"(?P<facility>kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|local\d) *:(?P<level>emerg|alert|crit|err|warn|notice|info|debug) *: "
         r"(?:\[ *(?:(?P<uptime>\d+\.\d{6})|(?P<time>\w[^\]]+))\] )?(?P<message>.*)",
         "kern  :warn  : [Mon Nov 23 15:02:44 2026] ACPI: table checksum"),
    row("tornado",
         r"\[(?P<level>[DIWEC]) (?P<time>(?:\d{6} |\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d(?:\.\d+)?) (?P<logger>[^\]\s]+)\] (?P<message>.*)",
         "[W 2026-11-23 15:02:44.123 ServerApp] jupyter is old", levels="klog"),
    row("chromium",
         r"\[(?:(?P<pid>\d+):(?P<thread>\d+):)?(?P<time>\d{4}/\d{6}(?:\.\d{3,6})?):(?P<level>[A-Z]+)\d?:(?P<caller>[^\]]+)\] (?P<message>.*)",
         "[4242:4243:1123/150244.123456:ERROR:gpu_init.cc(440)] Passthrough is not supported"),
    row("cockroach",
         r"(?P<level>[IWEF])(?P<time>\d{6} \d\d:\d\d:\d\d\.\d{6}) (?P<thread>\d+) (?P<caller>\S+:\d+) (?:⋮ )?(?:\[(?P<tags>[^\]]*)\] )?(?P<message>.*)",
         "W261123 15:02:44.123456 81 server/node.go:12 ⋮ [n1] 42 low disk", levels="klog"),
    row("kernel",
         r"(?:<(?P<pri>\d{1,3})>)?\[ *(?P<uptime>\d{1,8}\.\d{6})\] (?P<message>.*)",
         "[   12.345678] usb 1-1: new high-speed USB device", heads="[<"),
    *PLATFORM_PATTERNS,
)  # fmt: skip
"""Tried in this order where nothing better is known; the more telling first."""


def candidates(text: str) -> tuple[Pattern, ...]:
    """The patterns that may match a text that begins like this one."""
    return _BY_HEAD.get(head_class(text), _own)


def extend(rows: Sequence[Pattern]) -> None:
    """Put a user's rows before all others, instead of those that were."""
    global _own
    _BY_HEAD.update({head: (*rows, *known[len(_own) :]) for head, known in _BY_HEAD.items()})
    _own = tuple(rows)


def own() -> tuple[Pattern, ...]:
    """The user's rows."""
    return _own


_own: tuple[Pattern, ...] = ()
_HEADS: Final = frozenset("".join(pattern.heads for pattern in PATTERNS))
_BY_HEAD: Final[dict[str, tuple[Pattern, ...]]] = {
    head: tuple(row for row in PATTERNS if head in row.heads) for head in _HEADS
}

"""Keys and their values in every notation that a log may hold.

Each notation is a function of key and value that writes the value as this notation has to, between « and ».
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, quote_plus

from tests.redaction.corpus.wrappings import dumped

Notation = Callable[[str, str], str]


def marked(text: str) -> str:
    return f"«{text}»"


def _inside(text: str) -> str:
    """As between the quotes of JSON, and of most languages."""
    return marked(dumped(text)[1:-1])


def _single(text: str) -> str:
    return marked(text.replace("\\", "\\\\").replace("'", "\\'"))


def _sql(text: str) -> str:
    return marked(text.replace("'", "''"))


def _xml(text: str) -> str:
    return marked(html.escape(text))


def _form(text: str) -> str:
    return marked(quote_plus(text))


def _upper(key: str) -> str:
    return re.sub("[.-]", "_", key).upper()


def _camel(key: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split("[._-]", key))


QUOTED: Final[dict[str, Notation]] = {
    "JSON member": lambda k, v: f'{{"user":"bob","{k}":"{_inside(v)}","n":1}}',
    "JSON, spaced": lambda k, v: f'{{ "{k}" : "{_inside(v)}" }}',
    "JSON, tabs": lambda k, v: f'{{"{k}":\t"{_inside(v)}"}}',
    "JSON nested": lambda k, v: f'{{"config":{{"db":{{"host":"db-1","{k}":"{_inside(v)}"}}}},"ok":true}}',
    "JSON array": lambda k, v: f'{{"{k}":["{_inside(v)}"],"n":2}}',
    "JSON object": lambda k, v: f'{{"{k}":{{"value":"{_inside(v)}","type":"text"}}}}',
    "name and value": lambda k, v: f'{{"name":"{k}","value":"{_inside(v)}"}}',
    "value and name": lambda k, v: f'{{"value":"{_inside(v)}","name":"{k}"}}',
    "key and value": lambda k, v: f'[{{"key": "{k}", "value": "{_inside(v)}"}}]',
    "Key and Value": lambda k, v: f'{{"Tags":[{{"Key":"{k}","Value":"{_inside(v)}"}}]}}',
    "OTLP attribute": lambda k, v: f'{{"key":"{k}","value":{{"stringValue":"{_inside(v)}"}}}}',
    "OTLP attribute, reversed": lambda k, v: f'{{"value":{{"stringValue":"{_inside(v)}"}},"key":"{k}"}}',
    "JSON pair": lambda k, v: f'["{k}","{_inside(v)}"]',
    "JSON5": lambda k, v: f"{{{re.sub('[.-]', '_', k)}: '{_single(v)}', n: 1}}",
    "Python dict": lambda k, v: f"{{'user': 'bob', '{k}': '{_single(v)}', 'n': 1}}",
    "Python bytes": lambda k, v: f"{{'{k}': b'{_single(v)}'}}",
    "dataclass": lambda k, v: f"User(name='bob', {re.sub('[.-]', '_', k)}='{_single(v)}', n=1)",
    "Ruby hash": lambda k, v: f'Parameters: {{"user"=>"bob", "{k}"=>"{_inside(v)}"}}',
    "Ruby symbol": lambda k, v: f'{{:{re.sub("[.-]", "_", k)}=>"{_inside(v)}", :n=>1}}',
    "Ruby new hash": lambda k, v: f'{{{re.sub("[.-]", "_", k)}: "{_inside(v)}", n: 1}}',
    "Elixir map": lambda k, v: f'%{{"{k}" => "{_inside(v)}", "n" => 1}}',
    "Elixir atom": lambda k, v: f'[{re.sub("[.-]", "_", k)}: "{_inside(v)}", n: 1]',
    "Clojure": lambda k, v: f'{{:user "bob" :{k} "{_inside(v)}"}}',
    "Erlang": lambda k, v: f'[{{user,<<"bob">>}},{{{re.sub("[.-]", "_", k)},<<"{_inside(v)}">>}}]',
    "Rust debug": lambda k, v: f'Config {{ user: "bob", {re.sub("[.-]", "_", k)}: "{_inside(v)}" }}',
    "Rust Some": lambda k, v: f'Config {{ {re.sub("[.-]", "_", k)}: Some("{_inside(v)}") }}',
    "Go %#v": lambda k, v: f'main.Config{{User:"bob", {_camel(k)}:"{_inside(v)}"}}',
    "PHP var_dump": lambda k, v: f'["{k}"]=> string({len(v)}) "{_inside(v)}"',
    "PHP array": lambda k, v: f"array ( '{k}' => '{_single(v)}', )",
    "Lua": lambda k, v: f'{{ ["{k}"] = "{_inside(v)}" }}',
    "assignment": lambda k, v: f'{re.sub("[.-]", "_", k)} = "{_inside(v)}"',
    "Go assignment": lambda k, v: f'{re.sub("[.-]", "_", k)} := "{_inside(v)}"',
    "typed": lambda k, v: f'final String {re.sub("[.-]", "_", k)} = "{_inside(v)}";',
    "typed behind": lambda k, v: f'let {re.sub("[.-]", "_", k)}: string = "{_inside(v)}"',
    "YAML": lambda k, v: f'  {k}: "{_inside(v)}"',
    "YAML, single": lambda k, v: f"- {k}: '{marked(v.replace(chr(39), chr(39) * 2))}'",
    "TOML": lambda k, v: f'{k} = "{_inside(v)}" # set by hand',
    "HCL diff": lambda k, v: f'  + {k}  = "{_inside(v)}"',
    "exported": lambda k, v: f'export {re.sub("[.-]", "_", k)}="{_inside(v)}"',
    "declare": lambda k, v: f'declare -x {re.sub("[.-]", "_", k)}="{_inside(v)}"',
    "PowerShell": lambda k, v: f'$env:{re.sub("[.-]", "_", k)} = "{_inside(v)}"',
    "systemd": lambda k, v: f'Environment="{_upper(k)}={marked(v)}"' if '"' not in v else "",
    "docker inspect": lambda k, v: f'"Env":["PATH=/bin","{_upper(k)}={_inside(v)}","HOME=/"]',
    "logfmt": lambda k, v: f'level=info user=bob {k}="{_inside(v)}" dur=3ms',
    "XML element": lambda k, v: f"<{k}>{_xml(v)}</{k}>",
    "XML typed element": lambda k, v: f'<wsse:{k} Type="PasswordText">{_xml(v)}</wsse:{k}>',
    "XML CDATA": lambda k, v: f"<{k}><![CDATA[{marked(v)}]]></{k}>" if "<" not in v and '"' not in v else "",
    "XML attribute": lambda k, v: f'<dataSource user="sa" {k}="{_xml(v)}" pool="5"/>',
    "XML property": lambda k, v: f'<property name="{k}" value="{_xml(v)}"/>',
    "XML entry": lambda k, v: f'<entry key="{k}">{_xml(v)}</entry>',
    "HTML input": lambda k, v: f'<input type="password" name="{k}" value="{_xml(v)}">',
    "call": lambda k, v: f'System.setProperty("{k}", "{_inside(v)}");',
    "tuple": lambda k, v: f"('{k}', '{_single(v)}')",
    "flag": lambda k, v: f'app --{k.lower().replace("_", "-")} "{_inside(v)}" serve',
    "flag with =": lambda k, v: f'app --{k.lower().replace("_", "-")}="{_inside(v)}" serve',
    "argv": lambda k, v: f'["app","--{k.lower().replace("_", "-")}","{_inside(v)}"]',
    "multipart": lambda k, v: f'form-data; name="{k}"\r\n\r\n{marked(v)}\r\n--b--',
    "GraphQL": lambda k, v: f'mutation {{ login(user: "bob", {re.sub("[.-]", "_", k)}: "{_inside(v)}") {{ id }} }}',
    "proto text": lambda k, v: f'user: "bob" {re.sub("[.-]", "_", k)}: "{_inside(v)}" n: 1',
    "SQL set": lambda k, v: f"UPDATE users SET name='bob', {re.sub('[.-]', '_', k)}='{_sql(v)}' WHERE id=1",
    "SQL where": lambda k, v: f"SELECT * FROM users WHERE {re.sub('[.-]', '_', k)} = '{_sql(v)}' LIMIT 1",
    "SQL insert": lambda k, v: f"INSERT INTO users (name, {re.sub('[.-]', '_', k)}) VALUES ('bob', '{_sql(v)}')",
    "form": lambda k, v: f"user=bob&{k}={_form(v)}&go=1",
    "query": lambda k, v: f"GET /login?user=bob&{k}={_form(v)} HTTP/1.1",
    "form, nested": lambda k, v: f"user%5Bname%5D=bob&user%5B{k}%5D={_form(v)}&commit=1",
    "brackets": lambda k, v: f"user[name]=bob&user[{k}]={_form(v)}",
    "in a redirect": lambda k, v: "next=" + quote(f"/cb?{k}=", safe="") + marked(quote(quote(v, safe=""), safe="")),
}
"""For any value."""

LIKE_LISTS: Final = frozenset(("JSON pair", "tuple", "call"))
"""Notations in which a word of small letters is as likely the name of another field."""

BARE: Final[dict[str, Notation]] = {
    "pair": lambda k, v: f"{k}={marked(v)}",
    "pair in line": lambda k, v: f"level=info user=bob {k}={marked(v)} dur=3ms",
    "spaced pair": lambda k, v: f"{k} = {marked(v)}",
    "colon": lambda k, v: f"{k}: {marked(v)}",
    "tight colon": lambda k, v: f"{k}:{marked(v)}",
    "aligned": lambda k, v: f"{k}          : {marked(v)}",
    "Java map": lambda k, v: f"{{user=bob, {k}={marked(v)}, n=1}}",
    "Java record": lambda k, v: f"User[name=bob, {re.sub('[.-]', '_', k)}={marked(v)}]",
    "Lombok": lambda k, v: f"User(name=bob, {re.sub('[.-]', '_', k)}={marked(v)}, n=1)",
    "C# record": lambda k, v: f"User {{ Name = bob, {_camel(k)} = {marked(v)} }}",
    "Go map": lambda k, v: f"map[n:1 {k}:{marked(v)} user:bob]",
    "Go struct": lambda k, v: f"&{{User:bob {_camel(k)}:{marked(v)} N:1}}",
    "PHP print_r": lambda k, v: f"Array ( [user] => bob [{k}] => {marked(v)} [n] => 1 )",
    "dump": lambda k, v: f"HOME=/root {re.sub('[.-]', '_', k).upper()}={marked(v)} PATH=/bin",
    "dotenv": lambda k, v: f"{re.sub('[.-]', '_', k).upper()}={marked(v)}",
    "setx": lambda k, v: f"set {re.sub('[.-]', '_', k)}={marked(v)}",
    "ENV": lambda k, v: f"ENV {re.sub('[.-]', '_', k).upper()}={marked(v)}",
    "ADO": lambda k, v: f"Server=db;User Id=sa;{k}={marked(v)};Encrypt=true",
    "flag": lambda k, v: f"app --{k.lower().replace('_', '-')} {marked(v)} --verbose",
    "flag with =": lambda k, v: f"app --{k.lower().replace('_', '-')}={marked(v)} --verbose",
    "-D": lambda k, v: f"java -D{k}={marked(v)} -jar app.jar",
    "helm": lambda k, v: f"helm upgrade shop ./chart --set auth.{k}={marked(v)} --wait",
    "docker -e": lambda k, v: f"docker run -e {re.sub('[.-]', '_', k)}={marked(v)} shop:1",
    "properties": lambda k, v: f"app.{k}={marked(v)}",
    "header": lambda k, v: f"> {k}: {marked(v)}",
    "curl header": lambda k, v: f"curl -H '{k}: {marked(v)}' https://api.example.com/v1",
    "query": lambda k, v: f"GET /v1/items?page=2&{k}={marked(v)}&sort=asc 200 12ms",
    "last of query": lambda k, v: f'"GET /v1/items?{k}={marked(v)} HTTP/1.1" 200 17',
    "escaped query": lambda k, v: f'{{"url":"/cb?x=1\\u0026{k}={marked(v)}\\u0026y=2"}}',
    "HTML query": lambda k, v: f'href="/cb?x=1&amp;{k}={marked(v)}&amp;y=2"',
    "percent query": lambda k, v: f"next=%2Fcb%3Fx%3D1%26{k}%3D{marked(v)}%26y%3D2",
    "percent JSON": lambda k, v: f"body=%7B%22{k}%22%3A%22{marked(v)}%22%7D",
    "hex JSON": lambda k, v: f'"{{\\x22user\\x22:\\x22bob\\x22,\\x22{k}\\x22:\\x22{marked(v)}\\x22}}"',
    "HTML JSON": lambda k, v: f"{{&quot;user&quot;:&quot;bob&quot;,&quot;{k}&quot;:&quot;{marked(v)}&quot;}}",
    "doubled quotes": lambda k, v: f'"{{""user"":""bob"",""{k}"":""{marked(v)}""}}"',
    "escaped JSON": lambda k, v: f'"{{\\"user\\":\\"bob\\",\\"{k}\\":\\"{marked(v)}\\"}}"',
    "colours": lambda k, v: f"\x1b[36m{k}\x1b[0m=\x1b[33m{marked(v)}\x1b[0m next",
    "arrow": lambda k, v: f"{k} -> {marked(v)}",
    "table": lambda k, v: f"| {k} | {marked(v)} |",
    "fragment": lambda k, v: f"https://app.example.com/#{k}={marked(v)}&expires_in=3600",
    "said": lambda k, v: f"using {k} {marked(v)}" if len(v) >= 16 else "",
}
"""For values without blanks, quotes and brackets."""

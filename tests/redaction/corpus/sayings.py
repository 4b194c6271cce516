"""Secrets that do not stand under a key of their own: headers, URLs, cookies, personal data, commands, documents.

Each kind is a list of texts around one value, which they hold as {}; what a value looks like is for secrets.py.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from random import Random
from typing import Final, NamedTuple

from tests.redaction.corpus import secrets


class Kind(NamedTuple):
    """Texts with {} in them, and what is put there."""

    value: Callable[[Random], str]
    texts: tuple[str, ...]


def _rows(text: str) -> tuple[str, ...]:
    return tuple(row.strip("\n") for row in text.strip("\n").split("\n"))


def _url_safe(random: Random) -> str:
    return random.choice((secrets.word_password, lambda r: secrets.mixed(r, 20), lambda r: secrets.word(r) + "%21"))(
        random
    )


def _cookie(random: Random) -> str:
    return random.choice((lambda r: secrets.hexadecimal(r, 32), lambda r: "s%3A" + secrets.mixed(r, 40), secrets.uuid))(
        random
    )


def _token(random: Random) -> str:
    return random.choice((lambda r: secrets.mixed(r, 24), lambda r: secrets.hexadecimal(r, 40), secrets.uuid))(random)


def _digits(count: int) -> Callable[[Random], str]:
    return lambda random: str(random.randrange(10 ** (count - 1), 10**count))


def _card(random: Random) -> str:
    number = secrets.card(random)
    return random.choice((number, number, secrets.grouped(number, " "), secrets.grouped(number, "-")))


def _iban(random: Random) -> str:
    text = secrets.iban(random)
    return text if random.random() < 0.6 else " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _encoded(random: Random) -> str:
    return base64.b64encode(secrets.simple(random).encode()).decode()


KINDS: Final[dict[str, Kind]] = {
    "bearer": Kind(
        _token,
        _rows("""
Authorization: Bearer {}
authorization: bearer {}
Proxy-Authorization: Bearer {}
{"headers":{"authorization":"Bearer {}","accept":"*/*"}}
{"Authorization":["Bearer {}"],"Accept":["*/*"]}
headers={'Authorization': 'Bearer {}', 'Accept': '*/*'}
curl -s -H 'Authorization: Bearer {}' https://api.example.com/v1
curl -s -H "authorization: Bearer {}" https://api.example.com/v1
wget --header="Authorization: Bearer {}" https://api.example.com/v1
http GET api.example.com Authorization:"Bearer {}"
map[Accept:[*/*] Authorization:[Bearer {}]]
[Accept: */*, Authorization: Bearer {}, Host: api]
Authorization=[Bearer {}], Host=[api]
[(b'host', b'api'), (b'authorization', b'Bearer {}')]
["Host","api","Authorization","Bearer {}"]
{"name":"Authorization","value":"Bearer {}"}
{"key":"http.request.header.authorization","value":{"arrayValue":{"values":[{"stringValue":"Bearer {}"}]}}}
> Authorization: Bearer {}
-> "Authorization: Bearer {}\\r\\n"
header: ('Authorization', 'Bearer {}')
HTTP_AUTHORIZATION=Bearer {}
"HTTP_AUTHORIZATION"=>"Bearer {}"
req.headers.authorization = "Bearer {}"
Authorization: Token {}
Authorization: token {}
Authorization: ApiKey {}
Authorization: {}
{"authorization":"{}"}
metadata: authorization=Bearer {}
Authorization: Bearer%20{}
authorization%3A%20Bearer%20{}
auth header is Bearer {} for tenant 4
grpc-metadata-authorization: Bearer {}
X-Forwarded-Authorization: Bearer {}
Sec-WebSocket-Protocol: bearer, {}
"""),
    ),
    "basic": Kind(
        secrets.basic,
        _rows("""
Authorization: Basic {}
{"authorization":"Basic {}"}
proxy-authorization: basic {}
curl -H 'Authorization: Basic {}' https://example.com
headers: [Authorization: Basic {}]
Authorization=[Basic {}]
{"auths":{"registry.example.com":{"auth":"{}"}}}
sent Basic {} upstream
//registry.example.com/:_auth={}
"""),
    ),
    "jwt": Kind(
        secrets.jwt,
        _rows("""
{}
token {}
got {} from client
Authorization: Bearer {}
{"jwt":"{}"}
{"id_token":"{}","expires_in":3600}
/callback#id_token={}&state=x
wss://example.com/stream?jwt={}
Set-Cookie: sess={}; Path=/; HttpOnly
invalid token ({}): signature mismatch
cannot parse "{}"
jwt={}
[jwt] {}
<token>{}</token>
"""),
    ),
    "url password": Kind(
        _url_safe,
        _rows("""
postgres://svc:{}@db:5432/app
postgresql+asyncpg://svc:{}@db.internal/app?sslmode=require
redis://:{}@cache:6379/0
rediss://default:{}@cache-1.example.com:6380
mongodb://u:{}@h1:27017,h2:27017/db?replicaSet=rs0
mongodb+srv://admin:{}@cluster0.example.net/test
amqp://guest:{}@rabbit:5672/%2F
https://bob:{}@example.com/path
https://x-access-token:{}@github.com/acme/shop.git
fatal: unable to access 'https://oauth2:{}@gitlab.example.com/x/y.git/': 403
DATABASE_URL=mysql://root:{}@127.0.0.1:3306/app
{"dsn":"postgres://svc:{}@db:5432/app?sslmode=disable"}
could not connect to postgres://svc:{}@db:5432/app: timeout
ftp://user:{}@files.example.com
smtps://mailer:{}@smtp.example.com:465
jdbc:postgresql://svc:{}@db:5432/app
jdbc:mysql://db:3306/app?user=svc&password={}
jdbc:sqlserver://db:1433;databaseName=app;user=sa;password={};encrypt=true
jdbc:oracle:thin:scott/{}@//db:1521/orcl
root:{}@tcp(127.0.0.1:3306)/app?parseTime=true
redirect=postgres%3A%2F%2Fsvc%3A{}%40db%3A5432%2Fapp
host=db port=5432 user=svc password={} dbname=app
Server=tcp:db.example.com,1433;User ID=svc;Password={};Encrypt=True
Driver={ODBC Driver 17};Server=db;UID=svc;PWD={}
AccountEndpoint=https://x.documents.example.com:443/;AccountKey={}==;
Endpoint=sb://x.servicebus.example.net/;SharedAccessKeyName=root;SharedAccessKey={}=
sip:bob:{}@pbx.example.com
git remote: https://{}:x-oauth-basic@github.com/acme/shop
proxy http://proxyuser:{}@proxy:3128 refused
clickhouse://default:{}@ch:9000/db
http://elastic:{}@es-1:9200/_bulk
"""),
    ),
    "cookie": Kind(
        _cookie,
        _rows("""
Cookie: session={}; theme=dark
cookie: lang=en; sid={}
Set-Cookie: PHPSESSID={}; path=/; HttpOnly
{"set-cookie":["connect.sid={}; Path=/; HttpOnly; SameSite=Lax"]}
{"cookie":"JSESSIONID={}; _ga=GA1.2.3.4"}
headers={'Cookie': 'sessionid={}; csrftoken=x'}
curl -b 'session={}' -H 'Cookie: sid={}' https://example.com
Cookie=[auth_session={}]
map[Cookie:[_session_id={}]]
{"name":"Cookie","value":"laravel_session={}"}
"cookies":{"sessionid":"{}"}
HTTP_COOKIE=sid={}
set-cookie: __Host-session={}; Secure; Path=/
"""),
    ),
    "card": Kind(
        _card,
        _rows("""
card {} declined
{"card":"{}","amount":12}
pan={} exp=12/27
paid with {}
{"cardNumber":"{}"}
{"card":{"number":"{}","exp_month":12}}
number: {}, brand visa
INSERT INTO cards VALUES (1, '{}')
customer said: my card is {}, please charge
PAN: {}
("{}", "12/27")
<cardNumber>{}</cardNumber>
card_number={}&exp=1227
[{}]
"""),
    ),
    "iban": Kind(
        _iban,
        _rows("""
iban {} booked
{"iban":"{}"}
transfer to {} of 12.00 EUR
account={}
IBAN: {}
<IBAN>{}</IBAN>
debtor '{}' rejected
"""),
    ),
    "email": Kind(
        secrets.email,
        _rows("""
user {} logged in
{"email":"{}"}
to=<{}> relay=mx1
From: Jane Doe <{}>
mailto:{}
login failed for {}: bad password
email={}&go=1
[{}] signed up
{"user":{"name":"Jane","mail":"{}"}}
author="Jane <{}>"
/users/{}/orders 200
User(email={})
sent to {},
SELECT * FROM users WHERE email='{}'
"""),
    ),
    "phone": Kind(
        secrets.phone,
        _rows("""
sms sent to {}
{"phone":"{}"}
phone={} verified
calling {} now
contact: {}
{"to":"{}","body":"hi"}
tel:{}
whatsapp:{}
mobile "{}" invalid
<phoneNumber>{}</phoneNumber>
"""),
    ),
    "ssn": Kind(
        secrets.ssn,
        _rows("""
ssn {} on file
{"ssn":"{}"}
SSN={}
social security number {}
applicant {} approved
{"taxpayer":"{}"}
"""),
    ),
    "pin": Kind(
        _digits(6),
        _rows("""
otp={}
{"otp":"{}"}
{"otp":{}}
Your verification code is {}
your one-time code: {}
{} is your login code
pin: {}
{"mfa_code":"{}"}
sms code {} sent
2fa code {} accepted
totp={} ok
{"verificationCode":"{}"}
{"key":"otp","value":{"intValue":"{}"}}
{"key":"otp","value":{"intValue":{}}}
{"value":{"intValue":"{}"},"key":"otp"}
"""),
    ),
    "cvv": Kind(
        _digits(3),
        _rows("""
cvv={}
{"cvv":"{}"}
{"cvv":{}}
{"card":{"cvc":"{}","exp":"12/27"}}
cvc: {}
security code: {}
<cvv2>{}</cvv2>
"""),
    ),
    "number under a key": Kind(
        _digits(9),
        _rows("""
{"password":{}}
{"user":"bob","password":{},"n":1}
{"passwords":[{},17]}
{"credentials":{"user":"bob","password":{}}}
{"secret":{"a":{"b":{}}}}
{"credentials":{"nested":{"number":{},"n":null}}}
{'password': {}, 'n': 1}
"""),
    ),
    "command": Kind(
        secrets.word_password,
        _rows("""
mysql -u root -p{} shop
mysqldump --user=root --password={} shop
PGPASSWORD={} psql -h db -U svc
sshpass -p {} ssh root@10.0.0.1
sshpass -p '{}' scp a b
curl -u admin:{} https://example.com/api
curl --user admin:{} https://example.com/api
curl -X POST -k --user "admin:{}" https://example.com/api
wget --user=bob --password={} https://example.com
docker login -u bob -p {} registry.example.com
docker login --username bob --password {} registry.example.com
echo {} | docker login --username bob --password-stdin
redis-cli -h cache -a {} ping
mongo --username admin --password {} admin
ldapsearch -x -D cn=admin -w {} -b dc=x
openssl rsa -in key.pem -passin pass:{}
openssl enc -aes-256-cbc -k {} -in a
sqlplus scott/{}@orcl
sqlcmd -S db -U sa -P {}
net use \\\\srv\\share /user:bob {}
psexec \\\\host -u admin -p {} cmd
az login --service-principal -u app -p {} --tenant t
aws configure set aws_secret_access_key {}
helm repo add x https://example.com --username bob --password {}
useradd -m bob -p {}
echo "root:{}" | chpasswd
htpasswd -b /etc/htpasswd bob {}
keytool -genkey -storepass {} -keypass {}
gpg --batch --passphrase {} -d x.gpg
zip -P {} out.zip a
rabbitmqctl add_user bob {}
rabbitmqctl change_password bob {}
kinit bob --password={}
smbclient //srv/share -U bob%{}
ansible-playbook x.yml -e ansible_password={}
vault login {}x9y8z7w6v5
java -Djavax.net.ssl.keyStorePassword={} -jar a.jar
New-Credential -Password {} -User bob
"""),
    ),
    "database": Kind(
        secrets.word_password,
        _rows("""
CREATE USER bob WITH PASSWORD '{}'
ALTER ROLE bob WITH ENCRYPTED PASSWORD '{}' VALID UNTIL 'infinity'
ALTER USER bob IDENTIFIED BY '{}'
CREATE USER 'bob'@'%' IDENTIFIED WITH mysql_native_password BY '{}'
GRANT ALL ON *.* TO 'bob'@'%' IDENTIFIED BY '{}'
SET PASSWORD FOR 'bob'@'%' = PASSWORD('{}')
CREATE LOGIN bob WITH PASSWORD = '{}', DEFAULT_DATABASE = x
INSERT INTO users (id, name, password) VALUES (1, 'bob', '{}')
INSERT INTO users (password, id) VALUES ('{}', 1), ('x', 2)
UPDATE users SET password = '{}' WHERE id = 1
SELECT * FROM users WHERE login = 'bob' AND password = '{}'
SELECT pgp_sym_decrypt(card, '{}') /* password */
db.createUser({user: "bob", pwd: "{}", roles: []})
db.auth("bob", "{}")
CONFIG SET requirepass {}
"AUTH" "{}"
AUTH default {}
ACL SETUSER bob on >{} ~* +@all
CREATE USER MAPPING FOR bob SERVER s OPTIONS (user 'bob', password '{}')
COPY t FROM 's3://b' CREDENTIALS 'aws_access_key_id=x;aws_secret_access_key={}'
ATTACH DATABASE 'x' AS y KEY '{}'
PRAGMA key = '{}'
dblink('host=db user=bob password={}')
Executing: update users set password=? with parameters [password={}]
params: {"$1":"bob","password":"{}"}
"""),
    ),
    "conversation": Kind(
        secrets.word_password,
        _rows("""
User bob logged in with password {}
wrong password '{}' for bob
password is {}
The password for bob is "{}"
password changed from {} to {}
temporary password: {}
Invalid password {}!9 for user bob
USER bob PASS {}
PASS {}!9
331 Password required; sent PASS {}#1
a1 LOGIN bob {}
A001 LOGIN "bob" "{}"
pwd={} rejected
new password "{}" is too weak
password={}, attempts=3
credentials bob/{} rejected
user=bob,pass={}
[user=bob][password={}]
(password={})
password<{}>
password [{}] does not match
password->{}
login machine: machine db login bob password {}
snmp community string: {}
wpa_passphrase={}
psk="{}"
"""),
    ),
    "deploy": Kind(
        _encoded,
        _rows("""
{"kind":"Secret","data":{"password":"{}"}}
{"kind":"Secret","data":{"tls.key":"{}","other":"{}"},"type":"Opaque"}
{"apiVersion":"v1","kind":"Secret","metadata":{"name":"db"},"data":{"username":"Ym9i","db":"{}"}}
{"apiVersion":"v1","data":{"config":"{}"},"kind":"Secret","metadata":{"name":"db"}}
{"env":[{"name":"DB_PASSWORD","value":"{}"}]}
{"stringData":{"token":"{}"},"kind":"Secret"}
data: {password: {}}
"""),
    ),
    "webhook": Kind(
        lambda random: secrets.mixed(random, 24),
        _rows("""
https://hooks.slack.com/services/T0AAAAAAA/B0BBBBBBB/{}
https://discord.com/api/webhooks/123456789012345678/{}abcdefghijklmnopqrstuvwxyz
https://example.webhook.office.com/webhookb2/{}aaaaaaaa-bbbb@x/IncomingWebhook/y
https://api.telegram.org/bot123456789:AA{}abcdefghi/sendMessage
https://example.blob.core.windows.net/c/b?sv=2022-11-02&sp=r&sig={}%3D
https://bucket.s3.amazonaws.com/k?X-Amz-Credential=x&X-Amz-Signature={}&X-Amz-Expires=60
https://bucket.s3.amazonaws.com/k?X-Amz-Security-Token={}&x=1
https://storage.googleapis.com/b/o?GoogleAccessId=x&Signature={}&Expires=1
/oauth/callback?code={}&state=xyz
grant_type=authorization_code&code={}&client_id=x
grant_type=refresh_token&refresh_token={}
/reset-password?token={}
https://example.com/verify?token={}&u=1
https://app.example.com/magic-link/?auth_token={}
"""),
    ),
}


def private_keys(random: Random) -> Iterator[tuple[str, str, list[str]]]:
    """Private keys in many records: where they stand, the lines, and the rows that must not survive."""
    for name, frame in _FRAMES.items():
        for _ in range(6):
            begin, rows, end = secrets.private_key_rows(random)
            lines = [frame(random, row) for row in (begin, *rows, end)]
            yield name, "\n".join(["server started", *lines, "request done in 12ms"]), rows


_FRAMES: Final[dict[str, Callable[[Random, str], str]]] = {
    "plain": lambda _, row: row,
    "indented": lambda _, row: "    " + row,
    "CRI": lambda _, row: f"2024-05-01T12:00:00.001007009Z stderr F {row}",
    "docker": lambda _, row: f'{{"log":"{row}\\n","stream":"stdout","time":"2024-05-01T12:00:00Z"}}',
    "syslog": lambda _, row: f"May  1 12:00:00 web-1 shop[4321]: {row}",
    "kubectl": lambda _, row: f"[pod/shop-7d9f8b6c5-x2x4z/api] {row}",
    "compose": lambda _, row: f"api-1  | {row}",
    "logger": lambda _, row: f"2024-05-01 12:00:00,123 INFO app.tls - {row}",
    "JSON": lambda _, row: f'{{"level":"info","msg":"{row}"}}',
    "journal": lambda _, row: f"May 01 12:00:00 web-1 shop[4321]: {row}",
    "CRLF": lambda _, row: row + "\r",
    "quoted": lambda _, row: f'  "{row}\\n" +',
    "YAML": lambda _, row: f"      {row}",
    "comment": lambda _, row: f"# {row}",
}

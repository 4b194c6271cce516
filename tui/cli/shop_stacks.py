"""Stack traces as the languages of the demo's services print them."""

from __future__ import annotations

from typing import Final

CARD_DECLINED: Final = {
    "type": "PaymentDeclined",
    "message": "card declined",
    "code": "card_declined",
    "stack": "PaymentDeclined: card declined\n"
    "    at authorize (/srv/payment/dist/charge.js:88:13)\n"
    "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)\n"
    "    at async Charge.attempt (/srv/payment/dist/charge.js:61:22)\n"
    "    at async Charge.run (/srv/payment/dist/charge.js:34:18)\n"
    "    at async /srv/payment/dist/routes/orders.js:27:20\n"
    "    at async Layer.handle (/srv/payment/node_modules/router/lib/layer.js:152:17)",
}

BANK_TIMEOUT: Final = {
    "type": "TimeoutError",
    "message": "bank-api gave no answer within 900 ms",
    "code": "ETIMEDOUT",
    "stack": "TimeoutError: bank-api gave no answer within 900 ms\n"
    "    at Timeout._onTimeout (/srv/payment/dist/bank/client.js:42:19)\n"
    "    at listOnTimeout (node:internal/timers:581:17)\n"
    "    at process.processTimers (node:internal/timers:519:7)\n"
    "    at async authorize (/srv/payment/dist/charge.js:79:20)\n"
    "    at async Charge.attempt (/srv/payment/dist/charge.js:61:22)\n"
    "Caused by: Error: socket hang up\n"
    "    at connResetException (node:internal/errors:787:14)\n"
    "    at TLSSocket.socketOnEnd (node:_http_client:519:23)",
}

CACHE_LOST: Final = """\
Traceback (most recent call last):
  File "/srv/cart/cache.py", line 58, in load
    raw = self.redis.get(key)
          ^^^^^^^^^^^^^^^^^^^
  File "/usr/lib/python3.12/site-packages/redis/client.py", line 1987, in get
    return self.execute_command("GET", name)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
redis.exceptions.ConnectionError: Error 104 while reading from cache-2:6379. Connection reset by peer.

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/srv/cart/views.py", line 31, in get_cart
    cart = self.cache.load(cart_id)
           ^^^^^^^^^^^^^^^^^^^^^^^^
  File "/srv/cart/cache.py", line 62, in load
    raise CacheUnavailable(key) from None
cart.errors.CacheUnavailable: {key}"""

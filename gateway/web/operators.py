"""For who watches over the daemon: is it well, and what does it count."""

import ipaddress

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from gateway import metrics
from gateway.log import get_log
from gateway.web.front import front_of
from gateway.work.health import waiting

# What a server in front adds: then the request is somebody else's, however near the server is.
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")

log = get_log()


async def health(request: Request) -> Response:
    """200 as long as the database answers, else 503; no numbers, because anybody may ask."""
    front = front_of(request)
    try:
        found = await front.run(waiting, front.office)
    except Exception as error:
        log.warning("the database cannot be reached", error=str(error).splitlines()[0])
        return JSONResponse({"status": "the database cannot be reached"}, status_code=503)
    return JSONResponse({"status": "ok"} | ({"breaker": "on"} if found.breakers else {}))


async def show_metrics(request: Request) -> Response:
    """Prometheus' text format, for this machine only; for all others the page does not exist."""
    if not _of_this_machine(request):
        return PlainTextResponse("not found\n", status_code=404)
    front = front_of(request)
    found = await front.run(waiting, front.office)
    metrics.deliveries_pending.set(found.deliveries)
    metrics.outbox_pending.set(found.letters)
    metrics.breakers_on.set(found.breakers)
    return Response(metrics.exposition(), media_type=metrics.CONTENT_TYPE)


def _of_this_machine(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False

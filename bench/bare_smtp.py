"""The least that an aiosmtpd server can do: take each mail and throw it away. In a process of its own: PORT."""

import asyncio
import sys

from aiosmtpd.smtp import SMTP, Envelope, Session


class Discard:
    async def handle_DATA(  # noqa: N802  (aiosmtpd finds it by this name)
        self, _server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        return "250 gone"


async def serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Discard(), hostname="bare", loop=loop), "127.0.0.1", port)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))

"""One LMTP session: the SMTP one with LHLO, and with an answer for each recipient (RFC 2033)."""

# aiosmtpd finds its commands by these names.
# ruff: noqa: N802

from gateway.inbound.smtp_replies import for_each_recipient
from gateway.inbound.smtp_session import SmtpSession

_SAY_LHLO = "500 5.5.1 this is LMTP: say LHLO"


class LmtpSession(SmtpSession):
    """The protocol object of one LMTP connection."""

    words = "LMTP"

    async def smtp_LHLO(self, hostname: str | None) -> None:
        await super().smtp_EHLO(hostname)

    async def smtp_EHLO(self, hostname: str | None) -> None:
        await self.push(_SAY_LHLO)

    async def smtp_HELO(self, hostname: str | None) -> None:
        await self.push(_SAY_LHLO)

    def answers(self, reply: str, recipients: list[str]) -> str:
        return for_each_recipient(reply, recipients)

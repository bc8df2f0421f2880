"""Whether two domains belong together, without a public suffix list. Pure."""

# Second labels under which registries of two-letter domains sell names: nobody owns `co.uk`.
_REGISTRY_LABELS = frozenset(
    """ac adv ak asn asso co com conf coop ed edu eng eu firm fin gen go gob gouv gov govt gr id idv in ind inf info
    jus k12 law leg ltd me med mi mil mod mus muni name ne net nhs nic nom nome ny odo ong or org plc police pol presse
    pro psc pub qc rec res sa sc sch store tm tur tv uk us web""".split()  # noqa: SIM905 as prose it can be read
)

# Domains whose subdomains belong to strangers (a choice of the well-known; the list of all is not ours to keep).
_SHARED = frozenset(
    """amazonaws.com appspot.com azurewebsites.net blogspot.com cloudfront.net eu.com fly.dev github.io gitlab.io
    gb.net herokuapp.com hubspotemail.net in.net jp.net jpn.com myshopify.com netlify.app ngrok.io onmicrosoft.com
    pages.dev se.net sharepoint.com uk.com uk.net us.com vercel.app web.app wordpress.com workers.dev""".split()  # noqa: SIM905
)


def aligned(domain: str, other: str) -> bool:
    """Whether both are the same domain, or one is a subdomain of the other (RFC 7489, 3.1, relaxed alignment).

    The domain above must have two labels and must not be a public suffix: `mail.example.co.uk` goes with
    `example.co.uk`, never with `co.uk`. Two subdomains of one domain do not go together here, though they would with
    the public suffix list: an error to the safe side.
    """
    one, two = domain.lower().rstrip("."), other.lower().rstrip(".")
    if one == two:
        return bool(one)
    longer, shorter = (one, two) if len(one) > len(two) else (two, one)
    return longer.endswith(f".{shorter}") and not public_suffix(shorter)


def public_suffix(domain: str) -> bool:
    """Whether strangers can have names under this domain: a top-level domain, a registry's, or a host's."""
    labels = domain.split(".")
    if len(labels) < 2 or domain in _SHARED:
        return True
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _REGISTRY_LABELS

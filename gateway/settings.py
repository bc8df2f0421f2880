"""Every setting with its type, default, and help; read once."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

Language = Literal["es", "en", "pt"]
Minutes = Annotated[float, Field(gt=0)]
Assign = Literal["hand", "turn", "least open"]


def _none_when_empty(value: object) -> object:
    """TOML has no null: "" stands for a value that is not given."""
    return None if value == "" else value


def _day(value: object) -> object:
    if value == "":
        return None
    if isinstance(value, (int, float)):  # Which would be read as seconds since 1970.
        raise ValueError("write the day as YYYY-MM-DD")
    return value


File = Annotated[Path | None, BeforeValidator(_none_when_empty)]
Day = Annotated[date | None, BeforeValidator(_day)]


class Section(BaseModel):
    """A table of settings.toml; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False)


class Server(Section):
    """Who we are, where our files are, and the secret that signs our tokens. One secret: here, or as a [[key]]."""

    hostname: str = Field("localhost", description="Our name in SMTP, Message-IDs, and Authentication-Results.")
    node: str = Field("", description="This machine's name among several on one database; empty: its host name.")
    data: Path = Field(Path("var"), description="Folder for what the daemon keeps: database, blobs, outgoing letters.")
    secret: SecretStr = Field(
        SecretStr(""),
        description="Signs reply addresses and links. Empty: one is made and kept in the data folder.",
    )
    secret_file: File = Field(None, description="A file that holds the secret, instead of `secret`.")
    reply_domain: str = Field("", description='Domain of reply addresses for areas with reply = "domain".')


class Key(Section):
    """For changing the secret, instead of [server] secret: the new one first, the old ones while needed."""

    id: str = Field(description="Short name of the key: 1 to 4 of a-z, 0-9.", pattern="^[a-z0-9]{1,4}$", examples=["a"])
    secret: SecretStr = Field(
        SecretStr(""), description="At least 32 characters. The first key signs; the others are still believed."
    )
    secret_file: File = Field(
        None, description="A file that holds the secret, instead of `secret`.", examples=["secret"]
    )
    until: Day = Field(None, description="Last day (YYYY-MM-DD) on which its tokens are believed; empty: always.")


class Database(Section):
    """Where mails, tickets, and letters are kept."""

    url: str = Field(
        "sqlite:///var/gateway.db",
        repr=False,
        description="SQLAlchemy URL. SQLite for one machine, postgresql+psycopg://… for several.",
    )


class Blobs(Section):
    """Where what is too large for the database is kept."""

    url: str = Field("file:var/blobs", description="Where large mails and attachments are kept: file:FOLDER.")
    inline_kib: int = Field(256, ge=0, description="Mails up to this size (KiB) are kept in the database itself.")


class Smtp(Section):
    """The SMTP door, and its limits. Mail is taken for the addresses of the areas only."""

    listen: str = Field("127.0.0.1:8025", description="Address and port of the SMTP door; empty: closed.")
    tls_certificate: File = Field(None, description="PEM file; with it the door offers STARTTLS.")
    tls_key: File = Field(None, description="PEM file of the certificate's key.")
    sessions: int = Field(200, ge=1, description="Sessions at once; a fifth is kept for the trusted relays.")
    sessions_per_address: int = Field(10, ge=1, description="Sessions at once from one address.")
    trusted_relays: list[str] = Field(
        ["127.0.0.0/8", "::1/128"],
        description="Networks (CIDR) of our own servers: the limit for an address does not bind them, and what they "
        "say about a sender is kept.",
    )
    session_seconds: float = Field(600, gt=0, description="The longest session.")
    idle_seconds: float = Field(60, gt=0, description="The longest silence.")
    bytes_per_second: int = Field(500, ge=0, description="DATA slower than this is ended.")
    recipients: int = Field(100, ge=1, description="Recipients in one transaction.")
    reserve_mib: int = Field(200, ge=0, description="Free disk below this, or 1.5 × the largest mail: 452.")


class Lmtp(Section):
    """The LMTP door, for a mail server on the same machine."""

    listen: str = Field("unix:var/lmtp.sock", description="Socket (unix:PATH) or address and port; empty: closed.")


class Mailbox(Section):
    """A mailbox that is read by IMAP; one [[mailbox]] for each, none: none is read."""

    name: str = Field(
        description="Short name, for commands, logs, and the ledger of what was read: keep it once it is used.",
        pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$",
        examples=["support"],
    )
    host: str = Field(description="The IMAP server.", examples=["imap.example.org"])
    port: int = Field(0, ge=0, le=65535, description="Its port; 0: 993 for tls, else 143.")
    tls: Literal["tls", "starttls", "none"] = Field("tls", description="How it is spoken to; the server is verified.")
    tls_ca: File = Field(None, description="PEM file of the authority to trust, instead of the system's.")
    username: str = Field(description="The name to sign in with.", examples=["support@example.org"])
    auth: Literal["password", "xoauth2", "oauthbearer"] = Field("password", description="With a password or a token.")
    password: SecretStr = Field(SecretStr(""), description='For auth = "password".')
    password_file: File = Field(None, description="A file that holds the password.", examples=["secret"])
    token_file: File = Field(
        None,
        description="A file that another program keeps an access token in, read at each sign-in: the token, or JSON "
        "with access_token and expires_at.",
    )
    token_command: list[str] = Field(
        [], description="A program with its arguments that prints an access token, in the same forms."
    )
    provider: Literal["", "microsoft365", "google"] = Field(
        "", description="Who gives access tokens; needs the extra `oauth`."
    )
    tenant: str = Field("", description="Directory (tenant) id, for microsoft365.")
    client_id: str = Field("", description="Id of the application that was registered with the provider.")
    client_secret: SecretStr = Field(SecretStr(""), description="Secret of that application.")
    client_secret_file: File = Field(None, description="A file that holds the application's secret.")
    refresh_token: SecretStr = Field(
        SecretStr(""),
        description="Refresh token of the mailbox; with microsoft365 and a client_secret none is needed.",
    )
    refresh_token_file: File = Field(None, description="A file that holds the refresh token.")
    credential_until: Day = Field(
        None, description="Last day (YYYY-MM-DD) of the password, token, or secret: two weeks before, a warning begins."
    )
    folder: str = Field("INBOX", min_length=1, description="The folder that is read.")
    area: str = Field(
        "",
        description="Area of mails whose Delivered-To and X-Original-To name none of our addresses; empty: by To and "
        "Cc, else the first area.",
    )
    import_: Literal["new", "all"] = Field(
        "new",
        alias="import",
        description="new: only what arrives from the first look on; all: what was there before too, without answering "
        "it.",
    )
    after: Literal["leave", "seen", "move", "delete"] = Field(
        "leave", description="What becomes of a mail in the mailbox once it is kept here."
    )
    move_to: str = Field("", description='Folder for after = "move"; it is made when it is missing.')
    poll_seconds: float = Field(
        30, ge=1, le=3600, description="How often the folder is looked at, however quiet the server is (IDLE)."
    )
    spam_folder: str = Field("", description="Folder of what a filter took for spam: counted, shown, never read.")


class Area(Section):
    """A part of the desk with addresses of its own; one [[area]] for each, at least one."""

    name: str = Field(description="Short name, used in commands and listings.")
    addresses: list[str] = Field(min_length=1, description="Its addresses; the first is the From of its letters.")
    aliases: list[str] = Field([], description="Other addresses that are taken as if to the first.")
    from_name: str = Field("", description="The name in From; empty: the area's name.")
    language: Language = Field("es", description="Language of letters when the recipient's is unknown.")
    signature: str = Field(
        "", description="Lines below the words of its people in letters to customers: a phone, the hours; empty: none."
    )
    workflow: str = Field("default", description="Name of a preset, or the path of a workflow file.")
    calendar: str = Field("", description="Name of its [[calendar]]; empty: always open.")
    reply: Literal["plus", "domain", "plain"] = Field(
        "plain", description="Reply-To of letters: support+r.TOKEN@…, TOKEN@reply_domain, or the plain address."
    )
    also: bool = Field(
        True, description="A mail to this and another area makes a ticket here too; false: only in the first."
    )
    assign: Assign = Field(
        "hand",
        description="Who gets a new ticket: chosen by hand, each agent in turn, or who has the fewest open ones.",
    )


class Level(Section):
    """People of a level of an escalation ladder; one [[level]] for each. A level without people: the supervisors."""

    name: str = Field(description="The level's name in the workflow.", examples=["senior"])
    area: str = Field("", description="Area of the tickets; empty: all.")
    addresses: list[str] = Field(min_length=1, description="Their addresses.", examples=[["ana@example.org"]])


class Group(Section):
    """Agents who attend tickets together; one [[group]] for each. Its people need a role in the ticket's area too."""

    name: str = Field(description="Short name, used in commands, rules, and listings.", examples=["networks"])
    area: str = Field("", description="Area of its tickets; empty: all.")
    addresses: list[str] = Field(min_length=1, description="Their addresses.", examples=[["luis@example.org"]])
    assign: Assign = Field(
        "hand", description="Who of it gets a ticket that it is given: who takes it, each in turn, or who has fewest."
    )


class Calendar(Section):
    """When an area is open; one [[calendar]] for each, none: always."""

    name: str = Field(description="Short name, which areas use.", examples=["madrid"])
    zone: str = Field(description="Time zone of the hours, such as America/Bogota.", examples=["Europe/Madrid"])
    hours: list[str] = Field(
        min_length=1,
        description="Weekly hours: days, then spans. A night shift is 22:00-24:00, and 00:00-06:00 on the next day.",
        examples=[["mon-thu 09:00-14:00, 15:00-18:00", "fri 09:00-15:00"]],
    )
    country: str = Field("", description="Country whose public holidays are closed, such as ES, CO, BR; empty: none.")
    region: str = Field("", description="Its region, whose holidays are closed too, such as MD in ES; empty: none.")
    closed: list[str] = Field(
        [], description="Days that are closed: 2026-12-24, 12-24 of each year, 2026-08-03 to 2026-08-14."
    )
    open: list[str] = Field(
        [], description="Days with hours of their own: 2026-12-05 10:00-14:00, 12-24 09:00-13:00 of each year."
    )


class Delivery(Section):
    """How letters leave."""

    smarthost: str = Field("", description="host:port that takes our letters; empty: they go into `folder`.")
    folder: Path = Field(Path("var/outgoing"), description="Where letters are put as .eml files without a smarthost.")
    tls: Literal["starttls", "tls", "none"] = Field("starttls", description="How the smarthost is spoken to; verified.")
    tls_ca: File = Field(None, description="PEM file of the authority to trust, instead of the system's.")
    username: str = Field("", description="AUTH name at the smarthost; empty: no AUTH.")
    password: SecretStr = Field(SecretStr(""), description="AUTH password.")
    password_file: File = Field(None, description="A file that holds the password.")
    connections: int = Field(2, ge=1, le=20, description="Connections kept at once.")
    seconds: float = Field(60, gt=0, description="The longest wait for one answer of the smarthost.")
    hold: bool = Field(False, description="Hold all outgoing mail; it is written and kept, not sent.")
    envelope: Literal["null", "token"] = Field(
        "token", description="Return path of receipts and errors: <>, or an address that brings delivery reports back."
    )
    retry_minutes: list[Minutes] = Field(
        [1, 5, 15, 30, 60, 120, 240], min_length=1, description="Waits between attempts; the last repeats."
    )
    give_up_hours: float = Field(48, gt=0, description="A letter that could not be sent for so long is given up.")
    failures: int = Field(
        3, ge=1, description="An address that so many letters came back from gets none any more; a dead one, at once."
    )
    failure_days: float = Field(30, gt=0, description="A failure so long after the last one is counted as the first.")


class Letters(Section):
    """The words of letters."""

    folder: File = Field(
        None, description="A folder of your own templates; what stands in it is used instead of ours, file by file."
    )


class Web(Section):
    """The pages that the letters' links open."""

    listen: str = Field("", description="Address and port of the pages behind the letters' links; empty: closed.")
    public_url: str = Field("", description="How people reach those pages, such as https://desk.example.org.")


class Workers(Section):
    """The processes that read and judge mail; one that breaks is ended, and the mail that broke it parked."""

    count: int = Field(2, ge=1, le=64, description="Processes that read and judge mail.")
    seconds: float = Field(10, gt=0, description="The longest time for one mail.")
    memory_mib: int = Field(512, ge=64, description="The most memory for one mail, above the empty process.")
    batch: int = Field(20, ge=1, le=200, description="Mails taken at once and committed together.")
    attempts: int = Field(3, ge=1, le=10, description="A mail that ended its worker so often is parked.")
    lease_seconds: float = Field(30, ge=1, description="What a dead process had claimed is taken over after this.")


class Authentication(Section):
    """What proves who sent a mail; without it nobody is proven, and commands by mail are off."""

    trusted: list[str] = Field([], description="authserv-ids whose Authentication-Results are believed.")
    profile: Literal["", "postfix", "gmail", "microsoft365"] = Field(
        "", description="Which server wrote them; with microsoft365 only the topmost header is read."
    )
    submission_networks: list[str] = Field([], description="Networks (CIDR) whose clients have proven who they are.")
    own_check: bool = Field(
        False,
        description="Check SPF, DKIM, and DMARC ourselves of what strangers bring to the SMTP door; needs the extra "
        "`auth`.",
    )
    dns_servers: list[str] = Field(
        [], description="DNS servers for that, as address or address:port; empty: those of the system."
    )
    dns_seconds: float = Field(4, gt=0, le=60, description="The longest time for all questions about one mail.")


class ContactForm(Section):
    """A form on a web site whose mails stand for the person who filled it in; one [[contact_form]] for each."""

    sender: str = Field(
        description="The address that its mails come from; it has to be proven.", examples=["web@example.org"]
    )
    requester: str = Field(
        "reply-to",
        description="Where the person's address stands: reply-to, or a line of the text up to the address, such as "
        '"E-mail:".',
    )


class MailingList(Section):
    """A mailing list of our own in front of an area, such as a Google Group; one [[mailing_list]] for each."""

    address: str = Field(description="The address of the list.", examples=["support@lists.example.org"])
    list_id: str = Field(
        "", description="Its List-Id, without angle brackets; empty: the address with a dot for the @."
    )


class Limits(Section):
    """A mail over one of these is kept, but not read: its ticket has the original attached."""

    mail_mib: float = Field(25, gt=0, description="The largest mail.")
    header_kib: float = Field(32, gt=0, description="The largest header field.")
    headers_kib: float = Field(256, gt=0, description="The largest header block.")
    header_count: int = Field(1000, ge=1, description="The most header fields.")
    parts: int = Field(200, ge=1, description="The most MIME parts.")
    depth: int = Field(20, ge=1, description="The deepest nesting of parts.")
    recipients: int = Field(500, ge=1, description="The most mailboxes in To and Cc.")
    decoded_ratio: float = Field(2, ge=1, description="Decoded size over raw size.")
    hops: int = Field(50, ge=1, description="Received fields; a mail with more is looping.")
    attachment_types_refused: list[str] = Field([], description="File endings that a customer may not send: exe, js.")


class Caps(Section):
    """How much we answer by ourselves to incoming mail, and how many notices go to one reader."""

    receipts_per_address: int = Field(3, ge=0, description="Receipts to one address in 24 hours and area.")
    letters_per_address: int = Field(10, ge=0, description="Automatic letters to one address in 24 hours.")
    letters_per_ticket: int = Field(20, ge=0, description="Automatic letters about one ticket in 24 hours.")
    new_senders_per_domain: int = Field(30, ge=0, description="Letters in an hour to unconfirmed senders of a domain.")
    new_senders: int = Field(300, ge=0, description="Letters in an hour to unconfirmed senders in all.")
    unconfirmed_per_domain: int = Field(
        200,
        ge=1,
        description="Letters in 24 hours to unconfirmed senders of a domain of whom nobody confirms; "
        "then the rest wait for `gateway breaker release`.",
    )
    unconfirmed: int = Field(2000, ge=1, description="The same for unconfirmed senders in all.")
    tickets_per_address: int = Field(20, ge=0, description="Tickets from one address in an hour; then a storm ticket.")
    notices_per_customer: int = Field(
        20,
        ge=0,
        description="Notices of what changed to one requester in 24 hours; the rest comes in a digest. 0: no limit.",
    )
    notices_per_colleague: int = Field(
        100,
        ge=0,
        description="Alerts to one person of the desk in 24 hours; the rest comes in the digest. 0: no limit.",
    )


class Digest(Section):
    """A letter a day to each person of the desk who has something to look at."""

    on: bool = Field(True, description="Whether it goes out; without it every notice is a letter of its own.")
    hour: int = Field(7, ge=0, le=23, description="After this hour, when the calendar of their area opens.")


class Alerts(Section):
    """What people of the desk are told of a ticket, so that they can work on it in their mail program."""

    attach_mib: float = Field(
        5, ge=0, description="Files of the customer's mail up to this size in all are attached; else they are listed."
    )


class Mute(Section):
    """A ticket to which nearly equal mails keep coming: they are kept, and nobody is told of them for a while."""

    equal_mails: int = Field(5, ge=1, description="Nearly equal mails to a ticket; one more mutes it.")
    minutes: float = Field(10, gt=0, le=1440, description="The time in which they come.")
    hours: float = Field(24, gt=0, le=8760, description="How long it is muted.")


class Registration(Section):
    """People who write for the first time."""

    policy: Literal["ticket", "hold"] = Field(
        "ticket",
        description="What the first mail of an unknown person becomes: a ticket at once, or one when they confirm.",
    )
    subjects: list[str] = Field(
        [],
        description="Further subjects that ask for an account and for nothing else, beside those that are known. "
        "Case, accents, and a few words around them do not matter.",
    )
    language_by: Literal["words", "lingua"] = Field(
        "words",
        description="How the language of a mail is found: by its most common words, or where those are too few by "
        "lingua, which needs the extra `language` and 15 MiB in every worker.",
    )


class Participants(Section):
    """People who take part in a ticket beside its requester."""

    from_cc: bool = Field(True, description="Whom a requester who is proven puts in Cc becomes a participant.")
    most: int = Field(20, ge=0, le=100, description="Participants of one ticket.")
    letters: Literal["separate", "cc"] = Field(
        "separate", description="Whether a letter names the others in its Cc, so that all can be answered at once."
    )


class Organisations(Section):
    """Customers' organisations, and their agents on the customer's side (docs/people.md)."""

    notify_agents: bool = Field(
        False, description="Whether those who see all tickets of an organisation get what participants get."
    )


class Completeness(Section):
    """What a ticket must have before somebody works on it; one [[completeness]] for each rule, none: nothing."""

    kind: Literal["length", "words", "names", "attachment"] = Field(
        description="What is counted: characters of the text, its words, those of `words` that it names, or files.",
        examples=["length"],
    )
    least: int = Field(1, ge=1, le=10000, description="At least so many of them.")
    area: str = Field("", description="Area of the tickets; empty: all.")
    category: str = Field("", description="Category of the tickets; empty: all.")
    words: list[str] = Field(
        [], description='For names: what is to be named, in all languages of the customers: "pantalla", "screen".'
    )
    es: str = Field("", description="What is missing, as a customer reads it in Spanish; empty: general words.")
    en: str = Field("", description="The same in English.")
    pt: str = Field("", description="The same in Portuguese.")


class Rule(Section):
    """What a new ticket is given by its mail; one [[rule]] for each. A rule holds when all its conditions hold."""

    name: str = Field(description="Short name, which `explain` shows.", examples=["printers"])
    sender: list[str] = Field([], description='Addresses, with * for anything: "*@firm.example".')
    recipient: list[str] = Field([], description="Addresses of ours that the mail came to.")
    organisation: list[str] = Field([], description="Organisations of the requester.")
    subject: list[str] = Field([], description="Words or phrases, one of which is in the subject.")
    words: list[str] = Field(
        [],
        description="Words or phrases, one of which is in the subject or the text.",
        examples=[["impresora", "printer"]],
    )
    files: list[str] = Field([], description="File endings, one of which an attachment has: pdf, xml.")
    area: str = Field("", description="The area that it goes to.")
    category: str = Field("", description="Its category.", examples=["printers"])
    nature: Literal["", "incident", "request", "question"] = Field("", description="What it is.")
    classification: str = Field("", description="Its classification.")
    priority: Literal[0, 1, 2, 3] = Field(0, description="1 high, 2 normal, 3 low; 0: not said.")
    owner: str = Field("", description="Address of who attends it.")
    group: str = Field("", description="The [[group]] that attends it.")
    language: Literal["", "es", "en", "pt"] = Field("", description="Language of its letters.")
    tags: list[str] = Field([], description="Its tags.")


class Rules(Section):
    """How the rows of [[rule]] go together."""

    match: Literal["first", "all"] = Field("first", description="The first rule that holds, or all that hold.")


class Commands(Section):
    """What people of the desk do by mail, in answers to its letters; it needs [authentication] (docs/agents.md)."""

    on: bool = Field(True, description="Commands by mail; without them such a mail is only kept.")
    token_days: int = Field(
        7, ge=1, description="Days after which letters carry new tokens for commands; older ones hold as long again."
    )


class Forwarding(Section):
    """A customer's mail that somebody of the desk forwards to an area's address."""

    on: bool = Field(True, description="The ticket is the customer's; without it, of whoever forwarded the mail.")
    receipt: bool = Field(True, description="The customer gets a receipt with the number.")


class Courtesy(Section):
    """Capitals throughout, runs of !!! or ???, and red text. They are shown to the desk, and never a refusal."""

    hint: bool = Field(True, description="A customer's receipt has one friendly sentence about them.")
    agents: bool = Field(True, description="What agents write is checked too, before it goes out.")


class Log(Section):
    """Log lines, on standard error."""

    format: Literal["auto", "console", "json"] = Field("auto", description="auto: console on a terminal, else JSON.")
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="The least level that is written.")


class Retention(Section):
    """How long what was received and sent is kept."""

    raw_days: int = Field(365, ge=1, description="Raw bytes of mails are kept so long; their keys for ever.")
    automatic_days: int = Field(
        30, ge=1, description="Those of automatic mails that made no ticket: so long they can be promoted to one."
    )
    letters_days: int = Field(365, ge=1, description="Bodies of sent letters are kept so long.")


class Settings(Section):
    """The whole of settings.toml."""

    server: Server = Server()
    key: list[Key] = []
    database: Database = Database()
    blobs: Blobs = Blobs()
    smtp: Smtp = Smtp()
    lmtp: Lmtp = Lmtp()
    mailbox: list[Mailbox] = []
    area: Annotated[list[Area], Field(min_length=1)] = [
        Area(name="support", addresses=["support@localhost"], aliases=["soporte@localhost"], reply="plus")
    ]
    calendar: list[Calendar] = []
    level: list[Level] = []
    group: list[Group] = []
    delivery: Delivery = Delivery()
    letters: Letters = Letters()
    web: Web = Web()
    workers: Workers = Workers()
    authentication: Authentication = Authentication()
    contact_form: list[ContactForm] = []
    mailing_list: list[MailingList] = []
    limits: Limits = Limits()
    caps: Caps = Caps()
    digest: Digest = Digest()
    alerts: Alerts = Alerts()
    mute: Mute = Mute()
    registration: Registration = Registration()
    participants: Participants = Participants()
    organisations: Organisations = Organisations()
    completeness: list[Completeness] = []
    rules: Rules = Rules()
    rule: list[Rule] = []
    forwarding: Forwarding = Forwarding()
    courtesy: Courtesy = Courtesy()
    commands: Commands = Commands()
    log: Log = Log()
    retention: Retention = Retention()

"""Whose turn it is among the agents; who made a ticket for somebody else; who sees the tickets of an organisation."""

import sqlalchemy as sa
from alembic import op

import gateway.store.types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("ticket", sa.Column("created_by", number, nullable=True))
    made = sa.text("created_by IS NOT NULL")
    op.create_index("ix_ticket_created_by", "ticket", ["created_by"], sqlite_where=made, postgresql_where=made)
    op.create_table(
        "waiting_command",
        sa.Column("id", number, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("ticket_id", number, nullable=True),
        sa.Column("delivery_id", number, nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("message_id", sa.Text(), server_default="", nullable=False),
        sa.Column("commands", sa.Text(), server_default="", nullable=False),
        sa.Column("quoted", sa.Text(), server_default="", nullable=False),
        sa.Column("files", sa.JSON(), nullable=True),
        sa.Column("apart", sa.JSON(), nullable=True),
        sa.Column("cc", sa.JSON(), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("until", gateway.store.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("done_at", gateway.store.types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_waiting_command_person_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_waiting_command_ticket_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_waiting_command_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_command")),
    )
    op.create_index(op.f("ix_waiting_command_person_id"), "waiting_command", ["person_id"])
    op.add_column("person", sa.Column("organisation_agent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("person", sa.Column("merged_into", number, nullable=True))
    op.add_column("participant", sa.Column("address", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "address_wish",
        sa.Column("id", number, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", gateway.store.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", gateway.store.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("outcome IN ('', 'joined', 'refused')", name=op.f("ck_address_wish_outcome")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_address_wish_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_wish")),
    )
    op.create_index(op.f("ix_address_wish_person_id"), "address_wish", ["person_id"])
    op.add_column("person", sa.Column("absence_declared", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "assignment_turn",
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("people", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_assignment_turn")),
    )
    parked = sa.text("status = 'parked'")
    op.create_index("ix_delivery_parked", "delivery", ["id"], sqlite_where=parked, postgresql_where=parked)
    op.create_index("ix_event_at", "event", ["at"])
    op.create_index("ix_event_actor_id", "event", ["actor_id"])
    keep_events()


def keep_events() -> None:
    """What was written down as an event stays as it is: the database itself refuses to change it or take it away."""
    what = "events are never changed or taken away: what corrects one is a new event"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION event_is_kept() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{what}' USING ERRCODE = 'restrict_violation'; END $$"
        )
        op.execute(
            "CREATE TRIGGER event_is_kept BEFORE UPDATE OR DELETE ON event"
            " FOR EACH ROW EXECUTE FUNCTION event_is_kept()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER event_is_kept_from_{verb.lower()} BEFORE {verb} ON event"
            f" BEGIN SELECT RAISE(ABORT, '{what}'); END"
        )

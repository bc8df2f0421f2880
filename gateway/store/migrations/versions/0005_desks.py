"""What requesters say about how their tickets were handled; notices that wait for a digest; the tickets that are open."""

import sqlalchemy as sa
from alembic import op

import gateway.store.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "survey",
        sa.Column("ticket_id", number, autoincrement=False, nullable=False),
        sa.Column("person_id", number, nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("answers", sa.JSON(), nullable=True),
        sa.Column("at", gateway.store.types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_survey_person_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_survey_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_survey")),
    )
    op.create_table(
        "held_notice",
        sa.Column("id", number, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("ticket_id", number, nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("at", gateway.store.types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_held_notice_person_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_held_notice_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_notice")),
    )
    op.create_index(op.f("ix_held_notice_person_id"), "held_notice", ["person_id"])
    op.drop_index(op.f("ix_outbox_person_id"), "outbox")
    op.create_index("ix_outbox_person_id_created_at", "outbox", ["person_id", "created_at"])
    is_open = sa.text("closed_at IS NULL")
    op.create_index("ix_ticket_open", "ticket", ["area", "id"], sqlite_where=is_open, postgresql_where=is_open)

"""What keeps machines from talking to each other for ever: breakers, sketches of texts, and promoted mails."""

import sqlalchemy as sa
from alembic import op

import gateway.store.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "breaker",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scope", sa.Text(), server_default="", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("tripped_at", gateway.store.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("released_at", gateway.store.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.Text(), server_default="", nullable=False),
        sa.Column("on_key", sa.String(length=330), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breaker")),
        sa.UniqueConstraint("on_key", name=op.f("uq_breaker_on_key")),
    )
    with op.batch_alter_table("breaker", schema=None) as batch_op:
        batch_op.create_index("ix_breaker_scope_released_at", ["scope", "released_at"], unique=False)
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("trouble", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("promoted", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("repeated", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sketch", sa.JSON(), nullable=True))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_tried_at", gateway.store.types.UTCDateTime(timezone=True), nullable=True))
    # What was tried before goes on with its time.
    op.execute("UPDATE outbox SET first_tried_at = created_at WHERE attempts > 0")
    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.add_column(sa.Column("failed_at", gateway.store.types.UTCDateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_received_mail_blob",
        "received_mail",
        ["blob"],
        unique=False,
        sqlite_where=sa.text("blob IS NOT NULL"),
        postgresql_where=sa.text("blob IS NOT NULL"),
    )

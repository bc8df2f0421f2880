"""Mailboxes that are read by IMAP: what an operator is shown of them, and what is still to be done there."""

import sqlalchemy as sa
from alembic import op

import gateway.store.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    time = gateway.store.types.UTCDateTime(timezone=True)
    with op.batch_alter_table("mailbox_state", schema=None) as batch_op:
        batch_op.add_column(sa.Column("renumbered_at", time, nullable=True))
        batch_op.add_column(sa.Column("trouble", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("trouble_since", time, nullable=True))
        batch_op.add_column(sa.Column("behind", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("spam", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("token_until", time, nullable=True))
    with op.batch_alter_table("mailbox_uid", schema=None) as batch_op:
        batch_op.add_column(sa.Column("failed_at", time, nullable=True))
        batch_op.add_column(sa.Column("unfinished", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_check_constraint(
            op.f("ck_mailbox_uid_outcome"), sa.column("outcome").in_(("kept", "large", "failing", "before"))
        )

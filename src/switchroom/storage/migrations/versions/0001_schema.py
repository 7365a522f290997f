"""The schema of the first release: every file in `storage/schema`, in the order of their names."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SCHEMA = Path(__file__).parents[2] / "schema"


def upgrade() -> None:
    bind = op.get_bind()
    bind.exec_driver_sql("SELECT 1")  # begins the transaction that the files then run in
    driver = bind.connection.dbapi_connection
    assert driver is not None
    for file in sorted(_SCHEMA.glob("*.sql")):
        statements = file.read_text(encoding="utf-8")
        driver.run_async(lambda connection, text=statements: connection.execute(text))

"""Alembic migrations: `upgrade` brings any database up to date, `check` compares it with models."""

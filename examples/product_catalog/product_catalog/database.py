"""The relational side: the table of products."""

import os
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import Engine, Numeric, String, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Product(Base):
    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))


@lru_cache(maxsize=1)
def _engine(url: str) -> Engine:
    return create_engine(url)


def engine() -> Engine:
    """Return the engine of the database that the environment names."""
    return _engine(os.environ.get("DATABASE_URL", "sqlite:///products.db"))

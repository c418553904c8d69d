"""Adding a product: first stored, then announced."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from product_catalog.database import Product, engine
from product_catalog.publishing import publish_once


def add_product(
    sku: str, name: str, price: Decimal, publish: Callable[[dict[str, Any]], str] = publish_once
) -> tuple[int, str]:
    """Store a product and publish it; nothing is published unless it is stored.

    Returns:
        The product's id and the event's.
    """
    with Session(engine()) as session:
        product = Product(sku=sku, name=name, price=price)
        session.add(product)
        session.commit()
        detail = {"productId": product.id, "sku": sku, "name": name, "price": str(price)}
    return detail["productId"], publish(detail)

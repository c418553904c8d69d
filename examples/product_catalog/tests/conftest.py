"""The catalogue's AWS and its database."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pymysql
import pytest
from product_catalog.database import Base, Product, engine
from product_catalog.log_product import log_product
from sqlalchemy.orm import Session

from pytest_eventbridge import EventBridge


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A MariaDB server of our own, reached by its socket only."""
    server, install = shutil.which("mariadbd", path="/usr/sbin:/usr/bin"), shutil.which("mariadb-install-db")
    if server is None or install is None:
        pytest.skip("this machine has no MariaDB server: apt-get install mariadb-server")
    # A socket's path must be short, which pytest's are not.
    folder = Path(subprocess.run(["mktemp", "-d"], check=True, capture_output=True, text=True).stdout.strip())
    data, socket = folder / "data", folder / "socket"
    common = ["--no-defaults", f"--datadir={data}", "--user=root"]
    made = [install, *common, "--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    arguments = [server, *common, f"--socket={socket}", f"--pid-file={folder / 'pid'}", "--skip-networking"]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(socket, process)
        yield socket
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def _wait_for(socket: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the MariaDB server ended"
        if socket.exists():
            break
        time.sleep(0.05)
    with pymysql.connect(unix_socket=str(socket), user="root") as connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE IF NOT EXISTS products")


@pytest.fixture(params=["sqlite", "mariadb"])
def database(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty database that DATABASE_URL names."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'products.db'}"
    else:
        url = f"mysql+pymysql://root@localhost/products?unix_socket={request.getfixturevalue('mariadb')}"
    monkeypatch.setenv("DATABASE_URL", url)
    Base.metadata.drop_all(engine())
    Base.metadata.create_all(engine())
    yield
    engine().dispose()


class Catalog:
    """The deployed catalogue, as far as a test looks into it."""

    def __init__(self, log: Any) -> None:
        self._log = log

    def products(self) -> list[str]:
        with Session(engine()) as session:
            return [product.sku for product in session.query(Product).order_by(Product.id)]

    def log(self) -> list[dict[str, Any]]:
        return list(self._log.scan()["Items"])


@pytest.fixture
def catalog(eventbridge: EventBridge, database: None, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    monkeypatch.setenv("PRODUCT_LOG_TABLE", "product-log")
    log = boto3.resource("dynamodb").create_table(
        TableName="product-log",
        KeySchema=[{"AttributeName": "eventId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "eventId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    pattern = {"source": ["log.addProduct"], "detail-type": ["add-product"]}
    eventbridge.rule("log-products", pattern=pattern, targets=[log_product])
    return Catalog(log)

"""Making functions known to moto's Lambda.

Adapter layer.
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping

import moto.awslambda.models
import moto.iam.models

from pytest_eventbridge.arns import partition_of
from pytest_eventbridge.aws.moto_seam.backends import lambda_function

__all__ = ["create_function"]


def create_function(
    account: str, region: str, name: str, *, handler: str, environment: Mapping[str, str], timeout: float
) -> None:
    """Make a function known to moto's Lambda, unless it is; its code is a placeholder, never run."""
    backend = moto.awslambda.models.lambda_backends[account][region]
    if lambda_function(account, region, name) is not None:
        return
    iam = moto.iam.models.iam_backends[account][partition_of(region)]
    role_name = "pytest-eventbridge"
    if not any(role.name == role_name for role in iam.roles.values()):
        iam.create_role(role_name, "{}", "/", None, "", [], "3600")
    backend.create_function(
        {
            "FunctionName": name,
            "Runtime": "python3.13",
            "Role": f"arn:{partition_of(region)}:iam::{account}:role/{role_name}",
            "Handler": handler,
            "Code": {"ZipFile": _EMPTY_ARCHIVE},
            "Description": "",
            "Timeout": int(timeout) or 1,
            "MemorySize": 128,
            "Publish": False,
            "PackageType": "Zip",
            "Environment": {"Variables": dict(environment)},
        }
    )


def _empty_archive() -> str:
    archive = io.BytesIO()
    zipfile.ZipFile(archive, "w").close()
    return base64.b64encode(archive.getvalue()).decode()


_EMPTY_ARCHIVE = _empty_archive()

"""CloudTrail's record of a call to Lambda, as it arrives in an event's detail."""

from typing import Any

ACCOUNT = "123456789012"
REGION = "us-east-1"


def lambda_call(event_name: str, *, function_name: str, runtime: str, error_code: str | None = None) -> dict[str, Any]:
    """Return the record of a call that made a function, or tried to."""
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function_name}"
    role = f"arn:aws:iam::{ACCOUNT}:role/{function_name}"
    settings = {"functionName": function_name, "runtime": runtime, "role": role, "handler": "app.handler", "timeout": 3,
                "memorySize": 128}  # fmt: skip
    record = {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLEEXAMPLEEXA:ann",
            "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/Developer/ann",
            "accountId": ACCOUNT,
            "accessKeyId": "ASIAEXAMPLEEXAMPLEEX",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": "AROAEXAMPLEEXAMPLEEXA",
                    "arn": f"arn:aws:iam::{ACCOUNT}:role/Developer",
                    "accountId": ACCOUNT,
                    "userName": "Developer",
                },
                "attributes": {"creationDate": "2026-03-01T08:00:00Z", "mfaAuthenticated": "true"},
            },
        },
        "eventTime": "2026-03-01T09:30:00Z",
        "eventSource": "lambda.amazonaws.com",
        "eventName": event_name,
        "awsRegion": REGION,
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "aws-cli/2.15.0",
        # The code itself and the values of environment variables are left out by CloudTrail.
        "requestParameters": {**settings, "code": {}, "publish": False, "description": ""},
        "responseElements": {
            **settings,
            "functionArn": arn,
            "codeSize": 1024,
            "codeSha256": "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
            "lastModified": "2026-03-01T09:30:00.000+0000",
            "version": "$LATEST",
            "packageType": "Zip",
            "architectures": ["x86_64"],
            "state": "Pending",
        },
        "requestID": "b1a4b0a5-6f5c-4e8f-9d5b-2f4f6d3f8a11",
        "eventID": "f0c3b7de-9a77-4c0e-8e3d-7c1a2b3c4d5e",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    }
    if error_code is not None:
        record |= {"errorCode": error_code, "errorMessage": "not allowed", "responseElements": None}
    return record

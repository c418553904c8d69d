"""What S3 tells EventBridge about the objects of a bucket.

Core layer.

Source: "EventBridge event message structure" and "Using EventBridge" in the S3 user guide; recorded events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from pytest_eventbridge.instants import iso_seconds

__all__ = ["ObjectChange", "ObjectChangeKind", "object_event_detail", "object_event_detail_type"]

ObjectChangeKind: TypeAlias = Literal[
    "ObjectCreated:Put",
    "ObjectCreated:Post",
    "ObjectCreated:Copy",
    "ObjectCreated:CompleteMultipartUpload",
    "ObjectRemoved:Delete",
    "ObjectRemoved:DeleteMarkerCreated",
    "ObjectAcl:Put",
    "ObjectTagging:Put",
    "ObjectTagging:Delete",
    "ObjectRestore:Post",
    "ObjectRestore:Completed",
]

_DETAIL_TYPES: Final[dict[ObjectChangeKind, str]] = {
    "ObjectCreated:Put": "Object Created",
    "ObjectCreated:Post": "Object Created",
    "ObjectCreated:Copy": "Object Created",
    "ObjectCreated:CompleteMultipartUpload": "Object Created",
    "ObjectRemoved:Delete": "Object Deleted",
    "ObjectRemoved:DeleteMarkerCreated": "Object Deleted",
    "ObjectAcl:Put": "Object ACL Updated",
    "ObjectTagging:Put": "Object Tags Added",
    "ObjectTagging:Delete": "Object Tags Deleted",
    "ObjectRestore:Post": "Object Restore Initiated",
    "ObjectRestore:Completed": "Object Restore Completed",
}
_OBJECT_MEMBERS: Final = {
    "Object Created": ("key", "size", "etag", "version-id", "sequencer"),
    "Object Deleted": ("key", "version-id", "sequencer"),
    "Object ACL Updated": ("key", "etag", "version-id"),
    "Object Tags Added": ("key", "etag", "version-id"),
    "Object Tags Deleted": ("key", "etag", "version-id"),
    "Object Restore Initiated": ("key", "size", "etag", "version-id"),
    "Object Restore Completed": ("key", "size", "etag", "version-id"),
}
_REASONS: Final[dict[ObjectChangeKind, dict[str, str]]] = {
    "ObjectCreated:Put": {"reason": "PutObject"},
    "ObjectCreated:Post": {"reason": "POST Object"},
    "ObjectCreated:Copy": {"reason": "CopyObject"},
    "ObjectCreated:CompleteMultipartUpload": {"reason": "CompleteMultipartUpload"},
    "ObjectRemoved:Delete": {"reason": "DeleteObject", "deletion-type": "Permanently Deleted"},
    "ObjectRemoved:DeleteMarkerCreated": {"reason": "DeleteObject", "deletion-type": "Delete Marker Created"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectChange:
    """Something that happened to an object.

    Attributes:
        kind: What, as S3's own notifications name it.
        bucket: The bucket's name.
        key: The object's key, as it is: not encoded for a URL.
        size: Its bytes.
        etag: Its entity tag, without quotation marks.
        version_id: Its version; None in a bucket without versions.
        storage_class: Where it lies.
        restored_until: When a restored copy goes again.
        requester: The account that did it.
    """

    kind: ObjectChangeKind
    bucket: str
    key: str
    requester: str
    size: int = 0
    etag: str = ""
    version_id: str | None = None
    storage_class: str = "STANDARD"
    restored_until: datetime | None = None


def object_event_detail_type(change: ObjectChange) -> str:
    """Return the detail type of the event about a change."""
    return _DETAIL_TYPES[change.kind]


def object_event_detail(change: ObjectChange, *, request_id: str, sequencer: str, source_ip: str) -> dict[str, Any]:
    """Return the detail of the event about a change, its members in the guide's order.

    Args:
        change: What happened.
        request_id: Of the request that did it.
        sequencer: Hexadecimal digits that grow from one change of a key to the next.
        source_ip: The address that the request came from.
    """
    of_object = {
        "key": change.key,
        "size": change.size,
        "etag": change.etag,
        "version-id": change.version_id,
        "sequencer": sequencer,
    }
    members = _OBJECT_MEMBERS[_DETAIL_TYPES[change.kind]]
    detail: dict[str, Any] = {
        "version": "0",
        "bucket": {"name": change.bucket},
        "object": {name: of_object[name] for name in members if of_object[name] is not None},
        "request-id": request_id,
        "requester": change.requester,
    }
    if change.kind != "ObjectRestore:Completed":  # that is S3's own doing, and comes from nowhere
        detail["source-ip-address"] = source_ip
    if change.kind.startswith("ObjectRestore:"):
        detail["source-storage-class"] = change.storage_class
    if change.kind == "ObjectRestore:Completed" and change.restored_until is not None:
        detail["restore-expiry-time"] = iso_seconds(change.restored_until)
    return {**detail, **_REASONS.get(change.kind, {})}

"""What happens to the objects of moto's buckets, told once and as S3 tells it.

Adapter layer. moto delivers S3's events itself, to the rules of every event bus and past everything else: that is put a
stop to. It also tells some changes twice (an upload as a change of tags too, a multipart upload as a plain one), some
not at all (delete markers, all versions but the last), and takes a new bucket for a new object.

Source: "Using EventBridge" in the S3 user guide.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC
from typing import Any, NamedTuple, cast

from pytest_eventbridge.aws.replacing import replaced
from pytest_eventbridge.events.object_events import ObjectChange, ObjectChangeKind

__all__ = ["told_object_changes"]


class _Told(NamedTuple):
    """A change, and the bucket in which it was."""

    bucket: Any
    change: ObjectChange


_of_request: ContextVar[list[_Told] | None] = ContextVar("_of_request", default=None)
"""What the request that is being answered has changed so far."""


@contextmanager
def told_object_changes(tell: Callable[[str, str, str, ObjectChange], None]) -> Iterator[None]:
    """Tell of what happens to objects in buckets that have EventBridge switched on, for a block.

    Args:
        tell: Told the bucket's account, Region and ARN, and the change.
    """
    # Imported by name: S3 is large, and comes with its first request only.
    models = importlib.import_module("moto.s3.models")
    notifications = importlib.import_module("moto.s3.notifications")
    response = importlib.import_module("moto.s3.responses").S3Response
    backend = models.S3Backend
    delete = backend.delete_object

    def note(bucket: Any, change: ObjectChange) -> None:
        told = _of_request.get()
        if told is None:
            tell(bucket.account_id, bucket.region_name, bucket.arn, change)
        else:
            told.append(_Told(bucket, change))

    def note_notification(account_id: str, bucket: Any, event_name: str, key: Any) -> None:
        kind = cast("ObjectChangeKind", str(getattr(event_name, "value", event_name)).removeprefix("s3:"))
        if not kind.startswith("ObjectRemoved:"):  # delete_object below tells those
            note(bucket, _change(kind, bucket, key, account_id))

    def delete_object(self: Any, bucket_name: str, key_name: str, version_id: Any = None, bypass: Any = False) -> Any:
        bucket = self.get_bucket(bucket_name)
        versions = {str(key.version_id) for key in bucket.keys.getlist(key_name, [])}
        answer = delete(self, bucket_name, key_name, version_id=version_id, bypass=bypass)
        is_deleted, members = answer
        if is_deleted and _has_eventbridge(bucket) and (version_id is None or str(version_id) in versions):
            is_marked = version_id is None and members.get("delete-marker") == "true"
            note(
                bucket,
                ObjectChange(
                    kind="ObjectRemoved:DeleteMarkerCreated" if is_marked else "ObjectRemoved:Delete",
                    bucket=bucket.name,
                    key=key_name,
                    requester=self.account_id,
                    version_id=members.get("version-id"),
                ),
            )
        return answer

    def as_one_request(answer: Callable[..., Any]) -> Callable[..., Any]:
        def answer_and_tell(self: Any, *arguments: Any, **more: Any) -> Any:
            told: list[_Told] = []
            token = _of_request.set(told)
            try:
                answered = answer(self, *arguments, **more)
            finally:
                _of_request.reset(token)
            for bucket, change in _without_by_products(told):
                tell(bucket.account_id, bucket.region_name, bucket.arn, change)
            return answered

        return answer_and_tell

    with replaced(
        (notifications, "_send_event_bridge_message", note_notification),
        (models, "events_send_notification", lambda *arguments, **more: None),
        (backend, "delete_object", delete_object),
        (response, "_key_response", as_one_request(response._key_response)),
        (response, "_bucket_response", as_one_request(response._bucket_response)),
    ):
        yield


def _without_by_products(told: list[_Told]) -> list[_Told]:
    """Return what S3 tells of a request: one that makes an object tells nothing else, and that only once."""
    created = [each for each in told if each.change.kind.startswith("ObjectCreated:")]
    return created[-1:] or told


def _has_eventbridge(bucket: Any) -> bool:
    configuration = bucket.notification_configuration
    return configuration is not None and configuration.event_bridge is not None


def _change(kind: ObjectChangeKind, bucket: Any, key: Any, requester: str) -> ObjectChange:
    version = str(key.version_id)
    return ObjectChange(
        kind=kind,
        bucket=bucket.name,
        key=key.name,
        requester=requester,
        size=key.size,
        etag=key.etag.replace('"', ""),
        version_id=None if version in ("null", "None") else version,
        storage_class=key.storage_class,
        restored_until=None if key._expiry is None else key._expiry.replace(tzinfo=UTC),
    )

"""S3's own events: what a bucket with EventBridge switched on tells."""

import io
import json

import boto3
import pytest
import requests

BUCKET = "receipts"
ALL = {"source": ["aws.s3"]}


@pytest.fixture
def s3():
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    client.put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    return client


@pytest.fixture
def versioned(s3):
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    return s3


def told(eventbridge):
    return [
        (event.detail_type, event.detail.get("reason"), event.detail["object"]["key"]) for event in eventbridge.events
    ]


def test_an_upload_is_told_to_rules_and_their_handlers(eventbridge, s3):
    def file_receipt(event, context):
        pass

    eventbridge.rule("file", pattern={**ALL, "detail-type": ["Object Created"]}, targets=[file_receipt])

    s3.put_object(Bucket=BUCKET, Key="2026/a b.pdf", Body=b"total", Tagging="kind=receipt")

    (invocation,) = eventbridge.invocations
    assert invocation.event == {
        "version": "0",
        "id": eventbridge.events[0].id,
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": "123456789012",
        "time": invocation.event["time"],
        "region": "us-east-1",
        "resources": ["arn:aws:s3:::receipts"],
        "detail": {
            "version": "0",
            "bucket": {"name": "receipts"},
            "object": {
                "key": "2026/a b.pdf",
                "size": 5,
                "etag": "fbb44b4487415b134bce9c790a27fe5e",
                "sequencer": "000000000000000001",
            },
            "request-id": invocation.event["detail"]["request-id"],
            "requester": "123456789012",
            "source-ip-address": "127.0.0.1",
            "reason": "PutObject",
        },
    }


def test_the_line_that_uploads_is_where_the_event_was_published(eventbridge, s3):
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"")

    assert eventbridge.events[0].published_from.file.endswith("test_bucket_events.py")


def test_what_a_handler_uploads_is_caused_by_its_run(eventbridge, s3):
    def thumbnail(event, context):
        s3.put_object(Bucket=BUCKET, Key="small.png", Body=b"")

    pattern = {**ALL, "detail": {"object": {"key": ["large.png"]}}}
    eventbridge.rule("thumbnails", pattern=pattern, targets=[thumbnail])

    s3.put_object(Bucket=BUCKET, Key="large.png", Body=b"")

    assert eventbridge.events[1].caused_by is eventbridge.invocations[0]


def test_a_bucket_without_eventbridge_tells_nothing(eventbridge):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="quiet")

    s3.put_object(Bucket="quiet", Key="k", Body=b"")
    s3.delete_object(Bucket="quiet", Key="k")

    eventbridge.assert_nothing_published()


def test_a_new_bucket_is_no_event_without_a_trail(eventbridge):
    def watch(event, context):
        pass

    eventbridge.rule("watch", pattern={**ALL, "detail": {"eventName": ["CreateBucket"]}}, targets=[watch])

    boto3.client("s3").create_bucket(Bucket="new")

    eventbridge.assert_function_not_invoked(watch)
    eventbridge.assert_nothing_published()


def test_only_the_default_event_bus_hears_of_objects(eventbridge, s3):
    bus = eventbridge.bus("orders")
    eventbridge.rule("all", bus=bus, pattern=ALL, targets=["arn:aws:sqs:us-east-1:123456789012:work"])

    s3.put_object(Bucket=BUCKET, Key="k", Body=b"")

    assert [(event.bus, event.rules) for event in eventbridge.events] == [("default", [])]


def test_the_event_is_where_the_bucket_is(eventbridge):
    s3 = boto3.client("s3", region_name="eu-west-1")
    s3.create_bucket(Bucket="irish", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_notification_configuration(Bucket="irish", NotificationConfiguration={"EventBridgeConfiguration": {}})

    boto3.client("s3").put_object(Bucket="irish", Key="k", Body=b"")

    assert [event.region for event in eventbridge.events] == ["eu-west-1"]


def test_a_copy_is_told_once(eventbridge, s3):
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"", Tagging="kind=receipt")
    s3.copy_object(
        Bucket=BUCKET,
        Key="b",
        CopySource={"Bucket": BUCKET, "Key": "a"},
        TaggingDirective="REPLACE",
        Tagging="kind=copy",
    )

    assert told(eventbridge) == [("Object Created", "PutObject", "a"), ("Object Created", "CopyObject", "b")]


def test_an_upload_in_parts_is_told_when_it_is_complete(eventbridge, s3):
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="k")["UploadId"]
    part = s3.upload_part(Bucket=BUCKET, Key="k", UploadId=upload, PartNumber=1, Body=b"all of it")
    assert eventbridge.events == []

    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    s3.complete_multipart_upload(Bucket=BUCKET, Key="k", UploadId=upload, MultipartUpload=parts)

    assert told(eventbridge) == [("Object Created", "CompleteMultipartUpload", "k")]


def test_an_upload_from_a_file_is_told(eventbridge, s3):
    s3.upload_fileobj(io.BytesIO(b"total"), BUCKET, "k")

    assert told(eventbridge) == [("Object Created", "PutObject", "k")]


def test_a_form_that_uploads_is_told(eventbridge, s3):
    form = s3.generate_presigned_post(BUCKET, "k")

    requests.post(form["url"], data=form["fields"], files={"file": b"total"}, timeout=1).raise_for_status()

    assert told(eventbridge) == [("Object Created", "POST Object", "k")]


def test_an_upload_through_a_signed_address_is_told(eventbridge, s3):
    address = s3.generate_presigned_url("put_object", {"Bucket": BUCKET, "Key": "k"})

    requests.put(address, data=b"total", timeout=1).raise_for_status()

    assert told(eventbridge) == [("Object Created", "PutObject", "k")]


def test_a_deleted_object_is_told_without_its_size(eventbridge, s3):
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"")

    s3.delete_object(Bucket=BUCKET, Key="k")

    event = eventbridge.events[-1]
    assert event.detail_type == "Object Deleted"
    assert event.detail["object"] == {"key": "k", "sequencer": "000000000000000002"}
    assert (event.detail["reason"], event.detail["deletion-type"]) == ("DeleteObject", "Permanently Deleted")


def test_what_is_not_there_is_not_told_as_deleted(eventbridge, s3):
    s3.delete_object(Bucket=BUCKET, Key="k")

    eventbridge.assert_nothing_published()


def test_objects_deleted_together_are_told_one_by_one(eventbridge, s3):
    for key in ("a", "b"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"")

    s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "a"}, {"Key": "b"}]})

    assert told(eventbridge)[2:] == [("Object Deleted", "DeleteObject", "a"), ("Object Deleted", "DeleteObject", "b")]


def test_versions_are_named(eventbridge, versioned):
    version = versioned.put_object(Bucket=BUCKET, Key="k", Body=b"")["VersionId"]

    assert eventbridge.events[0].detail["object"]["version-id"] == version


def test_a_delete_marker_is_told_as_such(eventbridge, versioned):
    versioned.put_object(Bucket=BUCKET, Key="k", Body=b"")

    marker = versioned.delete_object(Bucket=BUCKET, Key="k")["VersionId"]

    event = eventbridge.events[-1]
    assert (event.detail["deletion-type"], event.detail["object"]["version-id"]) == ("Delete Marker Created", marker)


def test_each_deleted_version_is_told_once(eventbridge, versioned):
    first, second = (versioned.put_object(Bucket=BUCKET, Key="k", Body=b"")["VersionId"] for _ in range(2))

    for version in (first, first, second):
        versioned.delete_object(Bucket=BUCKET, Key="k", VersionId=version)

    deleted = eventbridge.events.matching(detail_type="Object Deleted")
    assert [event.detail["object"]["version-id"] for event in deleted] == [first, second]
    assert {event.detail["deletion-type"] for event in deleted} == {"Permanently Deleted"}


def test_tags_and_access_lists_are_told_without_a_reason(eventbridge, s3):
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"")
    s3.put_object_tagging(Bucket=BUCKET, Key="k", Tagging={"TagSet": [{"Key": "kind", "Value": "receipt"}]})
    s3.delete_object_tagging(Bucket=BUCKET, Key="k")
    s3.put_object_acl(Bucket=BUCKET, Key="k", ACL="public-read")

    assert told(eventbridge)[1:] == [
        ("Object Tags Added", None, "k"),
        ("Object Tags Deleted", None, "k"),
        ("Object ACL Updated", None, "k"),
    ]
    assert set(eventbridge.events[1].detail["object"]) == {"key", "etag"}


@pytest.mark.eventbridge(now="2026-03-01T00:00:00Z")
def test_a_restored_object_is_told_when_it_begins_and_when_it_is_there(eventbridge, s3):
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"", StorageClass="GLACIER")
    s3.restore_object(Bucket=BUCKET, Key="k", RestoreRequest={"Days": 2})
    s3.head_object(Bucket=BUCKET, Key="k")

    _, initiated, completed = eventbridge.events
    assert initiated.detail_type == "Object Restore Initiated"
    assert initiated.detail["source-storage-class"] == "GLACIER"
    assert completed.detail_type == "Object Restore Completed"
    assert completed.detail["restore-expiry-time"] == "2026-03-03T00:00:00Z"
    assert "source-ip-address" not in completed.detail


def test_a_failed_upload_tells_nothing(eventbridge, s3):
    with pytest.raises(s3.exceptions.ClientError):
        s3.put_object(Bucket=BUCKET, Key="k", Body=b"", Tagging="aws:kind=receipt")

    eventbridge.assert_nothing_published()


def test_planned_faults_of_entries_are_not_for_s3(eventbridge, s3):
    eventbridge.faults.fail_entries("ThrottlingException")

    s3.put_object(Bucket=BUCKET, Key="k", Body=b"")
    answer = eventbridge.client().put_events(Entries=[{"Source": "s", "DetailType": "t", "Detail": "{}"}])

    assert eventbridge.events[0].accepted
    assert answer["Entries"][0]["ErrorCode"] == "ThrottlingException"
    eventbridge.assert_entry_rejected(source="s")


def test_other_notifications_of_the_bucket_still_come(eventbridge):
    s3, sqs = boto3.client("s3"), boto3.client("sqs")
    queue = sqs.create_queue(QueueName="uploads")["QueueUrl"]
    s3.create_bucket(Bucket="both")
    s3.put_bucket_notification_configuration(
        Bucket="both",
        NotificationConfiguration={
            "EventBridgeConfiguration": {},
            "QueueConfigurations": [
                {"QueueArn": "arn:aws:sqs:us-east-1:123456789012:uploads", "Events": ["s3:ObjectCreated:*"]}
            ],
        },
    )

    s3.put_object(Bucket="both", Key="k", Body=b"")

    bodies = [
        json.loads(message["Body"])
        for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    ]
    assert [body["Records"][0]["eventName"] for body in bodies if "Records" in body] == ["ObjectCreated:Put"]
    assert told(eventbridge) == [("Object Created", "PutObject", "k")]

"""Templated mail through SES v2: what moto lacks and applications use."""

import json

import boto3
import pytest
from moto.ses.models import ses_backends

CONTENT = {"Subject": "Hello {{name}}", "Text": "Dear {{name}}, {{greeting}}", "Html": "<p>{{name}}</p>"}


@pytest.fixture
def ses(eventbridge):
    boto3.client("ses").verify_email_identity(EmailAddress="shop@example.com")
    return boto3.client("sesv2")


@pytest.fixture
def receipt(ses):
    ses.create_email_template(TemplateName="receipt", TemplateContent=CONTENT)
    return "receipt"


def sent():
    """Return moto's messages; older releases keep lists of one text."""
    messages = ses_backends["123456789012"]["us-east-1"].sent_messages
    for message in messages:
        for name in ("template", "template_data"):
            if isinstance(getattr(message, name, None), list):
                setattr(message, name, getattr(message, name)[0])
    return messages


def test_a_template_is_created_changed_listed_and_deleted(ses, receipt):
    ses.update_email_template(TemplateName=receipt, TemplateContent={"Subject": "Bye", "Text": "Bye"})

    assert ses.get_email_template(TemplateName=receipt)["TemplateContent"] == {"Subject": "Bye", "Text": "Bye"}
    assert [each["TemplateName"] for each in ses.list_email_templates()["TemplatesMetadata"]] == [receipt]
    ses.delete_email_template(TemplateName=receipt)
    assert ses.list_email_templates()["TemplatesMetadata"] == []


def test_a_mail_with_a_template_is_kept_as_moto_keeps_it(ses, receipt):
    answer = ses.send_email(
        FromEmailAddress="shop@example.com",
        Destination={"ToAddresses": ["ann@example.com"]},
        Content={"Template": {"TemplateName": receipt, "TemplateData": '{"name":"Ann"}'}},
    )

    (message,) = sent()
    assert (message.id, message.source, message.template) == (answer["MessageId"], "shop@example.com", receipt)
    assert json.loads(message.template_data) == {"name": "Ann"}
    assert message.destinations == {"ToAddresses": ["ann@example.com"]}


def test_other_mail_goes_on_as_before(ses):
    ses.send_email(
        FromEmailAddress="shop@example.com",
        Destination={"ToAddresses": ["ann@example.com"]},
        Content={"Simple": {"Subject": {"Data": "Hi"}, "Body": {"Text": {"Data": "Hello"}}}},
    )

    assert [message.subject for message in sent()] == ["Hi"]


def test_many_mails_get_their_own_data_over_the_common_one(ses, receipt):
    answer = ses.send_bulk_email(
        FromEmailAddress="shop@example.com",
        DefaultContent={"Template": {"TemplateName": receipt, "TemplateData": '{"name":"you","greeting":"hi"}'}},
        BulkEmailEntries=[
            {"Destination": {"ToAddresses": ["ann@example.com"]}, "ReplacementEmailContent": {
                "ReplacementTemplate": {"ReplacementTemplateData": '{"name":"Ann"}'}}},
            {"Destination": {"ToAddresses": ["bob@example.com"]}},
        ],
    )  # fmt: skip

    assert [each["Status"] for each in answer["BulkEmailEntryResults"]] == ["SUCCESS", "SUCCESS"]
    assert [json.loads(message.template_data) for message in sent()] == [
        {"name": "Ann", "greeting": "hi"}, {"name": "you", "greeting": "hi"},
    ]  # fmt: skip


def test_a_template_is_rendered_on_request(ses, receipt):
    rendered = ses.test_render_email_template(TemplateName=receipt, TemplateData='{"name":"Ann","greeting":"hi"}')

    assert rendered["RenderedTemplate"] == "Subject: Hello Ann\r\n\r\nDear Ann, hi\r\n\r\n<p>Ann</p>"


def test_templates_of_ses_v1_are_the_same_ones(ses):
    boto3.client("ses").create_template(Template={"TemplateName": "old", "SubjectPart": "s", "TextPart": "t"})

    assert ses.get_email_template(TemplateName="old")["TemplateContent"] == {"Subject": "s", "Text": "t"}


def test_what_is_wrong_is_an_error(ses, receipt):
    with pytest.raises(ses.exceptions.AlreadyExistsException, match="Template receipt already exists."):
        ses.create_email_template(TemplateName=receipt, TemplateContent=CONTENT)
    with pytest.raises(ses.exceptions.NotFoundException, match="Template none does not exist."):
        ses.get_email_template(TemplateName="none")
    with pytest.raises(ses.exceptions.NotFoundException, match="Template none does not exist."):
        ses.send_email(FromEmailAddress="shop@example.com", Content={"Template": {"TemplateName": "none"}})
    with pytest.raises(ses.exceptions.BadRequestException, match="The subject must be specified."):
        ses.create_email_template(TemplateName="x", TemplateContent={"Text": "t"})
    with pytest.raises(ses.exceptions.BadRequestException, match="Template rendering data is invalid."):
        ses.test_render_email_template(TemplateName=receipt, TemplateData="[]")

from __future__ import annotations

import pytest

from clients.aws.arn import RuleArn


@pytest.mark.parametrize(
    ("text", "bus", "name"),
    [
        ("arn:aws:events:us-west-1:123456789012:rule/vmware", "default", "vmware"),
        ("arn:aws-us-gov:events:us-gov-west-1:123456789012:rule/my.bus/vm_off", "my.bus", "vm_off"),
        ("arn:aws:events:us-west-1:123456789012:rule/aws.partner/a.com/b/name", "aws.partner/a.com/b", "name"),
    ],
)
def test_an_arn_names_bus_and_rule(text: str, bus: str, name: str) -> None:
    arn = RuleArn.of(text)
    assert (text, bus, name, "123456789012") == (arn.text, arn.bus, arn.name, arn.account)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "vmware",
        "arn:aws:events:us-west-1:1234567890:rule/vmware",
        "arn:aws:events:us-west-1:123456789012:event-bus/default",
        "arn:aws:lambda:us-west-1:123456789012:rule/vmware",
        "arn:aws:events:us-west-1:123456789012:rule/vmware\n",
        "arn:aws:events:us-west-1:123456789012:rule/",
    ],
)
def test_what_is_no_arn_of_a_rule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not the ARN of an EventBridge rule"):
        RuleArn.of(text)

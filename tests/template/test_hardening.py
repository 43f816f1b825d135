"""Firewall, own key and cost watch: off by default, and right when they are switched on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint_file  # type: ignore[import-untyped]

from deploy.preflight import PreflightError, check_region
from deploy.stage import KEPT_STAGE
from tests.template.conftest import Stack

ON = {
    "AlarmEmail": "ann@example.org",
    "CostAnomalyUsd": "20",
    "OwnKey": "1",
    "WafRate": "2000",
}
CONDITIONS = {
    "DataKey": "HasOwnKey",
    "Firewall": "HasWaf",
    "CostMonitor": "HasCostWatch",
    "CostWatch": "HasCostWatch",
}
NOTHING = {"Ref": "AWS::NoValue"}


def properties(stack: Stack, name: str) -> dict[str, Any]:
    found: dict[str, Any] = stack.resources[name]["Properties"]
    return found


def test_lint_finds_nothing_when_all_is_on(stack: Stack, tmp_path: Path) -> None:
    template = stack.template
    for name, value in ON.items():
        assert template["Parameters"][name]["Default"] in ("", "0")
        template["Parameters"][name]["Default"] = value
    switched_on = tmp_path / "template.json"
    switched_on.write_text(json.dumps(template))
    assert [str(match) for match in lint_file(switched_on)] == []


def test_each_is_made_by_its_condition_only(stack: Stack) -> None:
    found = {name: stack.resources[name]["Condition"] for name in CONDITIONS}
    assert found == CONDITIONS
    conditions = stack.template["Conditions"]
    assert {"Condition": "HasAlarmEmail"} in conditions["HasCostWatch"]["Fn::And"]


def test_the_own_key_encrypts_table_bucket_and_queues(stack: Stack) -> None:
    key = {"Fn::If": ["HasOwnKey", {"Ref": "DataKey"}, NOTHING]}
    assert properties(stack, "Table")["SSESpecification"]["KMSMasterKeyId"] == key
    for queue in stack.of_type("AWS::SQS::Queue").values():
        assert queue["KmsMasterKeyId"] == key
        assert queue["SqsManagedSseEnabled"] == {"Fn::If": ["HasOwnKey", NOTHING, True]}
    (rule,) = properties(stack, "Bucket")["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    chosen = rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"]
    assert chosen == {"Fn::If": ["HasOwnKey", "aws:kms", "AES256"]}


def test_the_own_key_serves_this_accounts_data_and_no_other_use(stack: Stack) -> None:
    policy = properties(stack, "DataKey")["KeyPolicy"]["Statement"]
    by_sid = {statement["Sid"]: statement for statement in policy if "Sid" in statement}
    assert by_sid["Account"]["Principal"]["AWS"]["Fn::Sub"].endswith(":root")
    limits = by_sid["WhoMayUseTheServices"]["Condition"]["StringEquals"]
    assert limits["kms:CallerAccount"] == {"Ref": "AWS::AccountId"}
    services = [via["Fn::Sub"].partition(".")[0] for via in limits["kms:ViaService"]]
    assert services == ["dynamodb", "s3", "sqs"]
    cdn = by_sid["Cdn"]
    assert cdn["Action"] == "kms:Decrypt"
    assert "${AWS::AccountId}" in cdn["Condition"]["StringLike"]["AWS:SourceArn"]["Fn::Sub"]
    assert properties(stack, "DataKey")["EnableKeyRotation"]


def test_the_key_lives_as_long_as_what_it_encrypts(stack: Stack) -> None:
    for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
        assert stack.resources["DataKey"][policy] == stack.resources["Table"][policy]
    kept = stack.resources["DataKey"]["DeletionPolicy"] != "Delete"
    assert kept == (stack.stage == KEPT_STAGE)


def test_the_firewall_stands_at_the_cdn(stack: Stack) -> None:
    config = properties(stack, "Cdn")["DistributionConfig"]
    arn = {"Fn::GetAtt": ["Firewall", "Arn"]}
    assert config["WebACLId"] == {"Fn::If": ["HasWaf", arn, NOTHING]}
    firewall = properties(stack, "Firewall")
    assert firewall["Scope"] == "CLOUDFRONT"
    assert firewall["DefaultAction"] == {"Allow": {}}


def test_it_counts_addresses_and_answers_in_the_contracts_form(stack: Stack) -> None:
    firewall = properties(stack, "Firewall")
    rate = firewall["Rules"][0]
    counted = rate["Statement"]["RateBasedStatement"]
    assert (counted["AggregateKeyType"], counted["Limit"]) == ("IP", {"Ref": "WafRate"})
    answer = rate["Action"]["Block"]["CustomResponse"]
    assert answer["ResponseCode"] == 429
    body = json.loads(firewall["CustomResponseBodies"]["TooMany"]["Content"])
    assert (body["code"], body["scope"]) == ("RATE_LIMITED", "ip")
    assert body["error"].endswith(".")


def test_prompts_are_free_text_to_the_firewall(stack: Stack) -> None:
    """A prompt may name a script or a path: nothing runs it, and nobody shall be refused for it."""
    (common,) = [r for r in properties(stack, "Firewall")["Rules"] if r["Name"] == "common"]
    group = common["Statement"]["ManagedRuleGroupStatement"]
    assert group["Name"] == "AWSManagedRulesCommonRuleSet"
    of_bodies = {"CrossSiteScripting", "EC2MetaDataSSRF", "GenericLFI", "GenericRFI"}
    counted = {rule["Name"] for rule in group["RuleActionOverrides"]}
    assert counted == {f"{name}_BODY" for name in of_bodies | {"SizeRestrictions"}}


def test_a_firewall_is_asked_for_where_the_cdn_has_them() -> None:
    wanted = {"WafRate": "2000", "OwnModel": "0"}
    check_region("us-east-1", wanted)
    check_region("eu-central-1", {**wanted, "WafRate": ""})
    with pytest.raises(PreflightError, match="us-east-1"):
        check_region("eu-central-1", wanted)


def test_a_costly_day_is_told_by_mail(stack: Stack) -> None:
    monitored = json.loads(properties(stack, "CostMonitor")["MonitorSpecification"])
    assert monitored == {"Tags": {"Key": "application", "Values": ["pixel-prompt"]}}
    watch = properties(stack, "CostWatch")
    threshold = json.loads(watch["ThresholdExpression"]["Fn::Sub"])["Dimensions"]
    assert threshold["Values"] == ["${CostAnomalyUsd}"]
    assert watch["Subscribers"] == [{"Type": "EMAIL", "Address": {"Ref": "AlarmEmail"}}]


def test_no_header_of_a_picture_tells_what_was_kept_with_it(stack: Stack) -> None:
    """Nor when it was stored: of a blind run that would order the models."""
    config = stack.resources["SecurityHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    removed = {item["Header"] for item in config["RemoveHeadersConfig"]["Items"]}
    assert {"last-modified", "x-amz-meta-outcome"} <= removed

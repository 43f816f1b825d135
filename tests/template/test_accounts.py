"""Accounts in the template: by condition, as the contract says, and with no right too many."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint_file  # type: ignore[import-untyped]

from deploy.stage import KEPT_STAGE
from tests.template.conftest import Stack

ON = {
    "Auth": "cognito",
    "SignUp": "open",
    "Mfa": "required",
    "AdminEmail": "ann@example.org",
    "MailFrom": "hello@example.org",
}
CONDITION = "HasAccounts"
FUNCTION_LIMIT = 10_240
"""Bytes that CloudFront takes of a function."""
SHOW_PICTURES = {
    *("APIHandler", "Worker", "Previews", "Reaper", "Rows", "Exports", "OwnModels"),
    "WebsocketMessage",
}
"""In their answers, in what they push, or in the files they write."""


def properties(stack: Stack, name: str) -> dict[str, Any]:
    found: dict[str, Any] = stack.resources[name]["Properties"]
    return found


def variables(stack: Stack, function: str) -> dict[str, Any]:
    found: dict[str, Any] = properties(stack, function)["Environment"]["Variables"]
    return found


@pytest.mark.parametrize("form", ["template", "sam_template"])
def test_lint_finds_nothing_with_accounts(stack: Stack, form: str, tmp_path: Path) -> None:
    source: Path = getattr(stack.artefact, form)
    template = json.loads(source.read_text())
    for name, value in ON.items():
        template["Parameters"][name]["Default"] = value
    switched_on = tmp_path / "template.json"
    switched_on.write_text(json.dumps(template))
    assert [str(match) for match in lint_file(switched_on)] == []


def test_without_accounts_none_of_it_is_made(stack: Stack) -> None:
    assert stack.template["Parameters"]["Auth"]["Default"] == "off"
    conditions = stack.template["Conditions"]
    assert {"Condition": CONDITION} in conditions["HasFirstAdministrator"]["Fn::And"]
    of_accounts = {n: r for n, r in stack.resources.items() if "Cognito" in r["Type"]}
    assert len(of_accounts) == 6
    for resource in (*of_accounts.values(), stack.resources["ImageKey"]):
        assert resource["Condition"] in (CONDITION, "HasFirstAdministrator")
    for name in ("PictureDoor", "ManagePeople", "KeepSessions"):
        assert stack.resources[name]["Condition"] == CONDITION


def test_only_the_kept_stages_people_outlive_its_stack(stack: Stack) -> None:
    kept = stack.stage == KEPT_STAGE
    pool = stack.resources["UserPool"]
    assert pool["DeletionPolicy"] == ("RetainExceptOnCreate" if kept else "Delete")
    assert pool["UpdateReplacePolicy"] == ("Retain" if kept else "Delete")


def test_the_pool_is_the_contracts(stack: Stack) -> None:
    pool = properties(stack, "UserPool")
    assert (pool["UsernameAttributes"], pool["AutoVerifiedAttributes"]) == (["email"], ["email"])
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
    # An address that is changed counts once its new owner has confirmed it.
    settings = pool["UserAttributeUpdateSettings"]
    assert settings == {"AttributesRequireVerificationBeforeUpdate": ["email"]}
    policy = pool["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] >= 12
    assert all(policy[f"Require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers"))
    assert policy["RequireSymbols"]
    chosen = stack.template["Mappings"]["Mfa"]
    assert pool["MfaConfiguration"] == {"Fn::FindInMap": ["Mfa", {"Ref": "Mfa"}, "Cognito"]}
    assert set(chosen) == set(stack.template["Parameters"]["Mfa"]["AllowedValues"])
    assert pool["EnabledMfas"]["Fn::If"][:2] == ["HasMfa", ["SOFTWARE_TOKEN_MFA"]]
    invited = pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]
    assert invited == {"Fn::If": ["IsInvited", True, False]}


def test_mails_hold_what_cognito_demands(stack: Stack) -> None:
    pool = properties(stack, "UserPool")
    invitation = pool["AdminCreateUserConfig"]["InviteMessageTemplate"]["EmailMessage"]
    code = pool["VerificationMessageTemplate"]["EmailMessage"]
    assert "{username}" in invitation
    assert "{####}" in invitation
    assert "{####}" in code


def test_mails_come_from_an_address_of_ones_own_where_it_is_named(stack: Stack) -> None:
    condition, own, default = properties(stack, "UserPool")["EmailConfiguration"]["Fn::If"]
    assert (condition, default) == ("HasMailFrom", {"EmailSendingAccount": "COGNITO_DEFAULT"})
    assert own["EmailSendingAccount"] == "DEVELOPER"
    identity, filled_in = own["SourceArn"]["Fn::Sub"]
    assert identity.endswith(":identity/${Domain}")
    # Of hello@example.org SES has verified example.org.
    address = {"Fn::Split": ["@", {"Ref": "MailFrom"}]}
    assert filled_in["Domain"] == {"Fn::Select": [1, address]}
    pattern = stack.template["Parameters"]["MailFrom"]["AllowedPattern"]
    for wrong in ("hello", "hello@example", "a@b@example.org", "Me <a@example.org>"):
        assert not re.fullmatch(pattern, wrong)
    assert re.fullmatch(pattern, "hello@mail.example.org")


def test_tokens_last_as_long_as_the_contract_says(stack: Stack) -> None:
    client = properties(stack, "UserPoolClient")
    units = {"AccessToken": "hours", "IdToken": "hours", "RefreshToken": "days"}
    assert client["TokenValidityUnits"] == units
    lasting = [client[f"{kind}Validity"] for kind in units]
    assert lasting == [1, 1, 30]
    assert client["EnableTokenRevocation"]
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    # The page is a public client: a secret in it would be none.
    assert client["GenerateSecret"] is False


def test_functions_know_the_pool_and_those_that_show_pictures_the_key(stack: Stack) -> None:
    functions = stack.of_type("AWS::Lambda::Function")
    for name in functions:
        known = variables(stack, name)
        assert known["AUTH"] == {"Ref": "Auth"}
        assert known["USER_POOL_ID"]["Fn::If"] == [
            *(CONDITION, {"Ref": "UserPool"}),
            {"Ref": "AWS::NoValue"},
        ]
        assert ("IMAGE_SIGNING_KEY" in known) == (name in SHOW_PICTURES), name


def test_only_the_api_manages_people_whom_sockets_and_batches_look_up(stack: Stack) -> None:
    policy = properties(stack, "ManagePeople")
    assert policy["Roles"] == [{"Ref": "ApiHandlerRole"}]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Resource"] == {"Fn::GetAtt": ["UserPool", "Arn"]}
    _, keys = properties(stack, "KeepSessions")["PolicyDocument"]["Statement"]
    assert keys["Action"] == ["cognito-idp:AdminGetUser"]
    assert keys["Resource"] == statement["Resource"]
    owners = properties(stack, "KnowOwners")
    assert owners["Roles"] == [{"Ref": "RowsRole"}]
    (batches,) = owners["PolicyDocument"]["Statement"]
    assert (batches["Action"], batches["Resource"]) == (keys["Action"], keys["Resource"])
    everywhere = [a for _, s in stack.statements() for a in s["Action"] if "cognito" in a]
    assert sorted(everywhere) == sorted(statement["Action"] + keys["Action"] + batches["Action"])
    assert not {"cognito-idp:AdminSetUserPassword", "cognito-idp:AdminInitiateAuth"} & {*everywhere}


def test_a_token_is_part_of_every_cache_key_of_the_api(stack: Stack) -> None:
    """In an origin request policy AWS refuses it, which lint does not know."""
    short = properties(stack, "ApiAnswers")["CachePolicyConfig"]
    told_apart_by = short["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]
    assert told_apart_by == {"HeaderBehavior": "whitelist", "Headers": ["Authorization"]}
    passed_on = properties(stack, "ViewerAddress")["OriginRequestPolicyConfig"]["HeadersConfig"]
    assert "Authorization" not in passed_on["Headers"]


def test_a_picture_is_asked_for_through_the_door(stack: Stack) -> None:
    config = properties(stack, "Cdn")["DistributionConfig"]
    (pictures,) = [b for b in config["CacheBehaviors"] if "group-images" in b["PathPattern"]]
    condition, (door,), without = pictures["FunctionAssociations"]["Fn::If"]
    assert (condition, without) == (CONDITION, {"Ref": "AWS::NoValue"})
    assert door["EventType"] == "viewer-request"
    assert door["FunctionARN"] == {"Fn::GetAtt": ["PictureDoor", "FunctionARN"]}


def test_the_door_has_its_key_and_nothing_else_filled_in(stack: Stack) -> None:
    code = properties(stack, "PictureDoor")["FunctionCode"]["Fn::Sub"]
    assert re.findall(r"\$\{[^}]*\}", code) == ["${ImageKey}"]
    assert len(code) < FUNCTION_LIMIT
    kept = properties(stack, "ImageKey")["GenerateSecretString"]
    # The emulator does not know ExcludePunctuation, and a quote would end the door's own text.
    assert kept["ExcludePunctuation"]
    assert set(kept["ExcludeCharacters"]) == set(string.punctuation)


def test_the_page_may_sign_in_at_cognito_where_there_are_accounts(stack: Stack) -> None:
    headers = properties(stack, "SecurityHeaders")["ResponseHeadersPolicyConfig"]
    policy = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    text, filled_in = policy["Fn::Sub"]
    (connections,) = re.findall(r"connect-src [^;]+", text)
    assert connections.endswith("${SignIn}")
    address = " https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}"
    assert filled_in["SignIn"]["Fn::If"] == [CONDITION, {"Fn::Sub": address}, ""]

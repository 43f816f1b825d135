"""The SAM transform, done here instead of by CloudFormation: what is tested is what is sent."""

import json

from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform

from deploy.template import Template


def to_cloudformation(sam: Template) -> Template:
    """The plain template that CloudFormation would make of it."""
    plain: Template = transform(json.loads(json.dumps(sam)), {}, _NoManagedPolicies())
    plain.pop("Transform", None)
    return plain


class _NoManagedPolicies(ManagedPolicyLoader):
    """The roles here name none, so there is nothing to look up in the account."""

    def __init__(self) -> None:
        self._policy_map: dict[str, str] = {}

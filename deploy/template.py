"""What Chalice's template still needs before CloudFormation can take it."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from deploy.stage import KEPT_STAGE, StageName

Template = dict[str, Any]
Resource = dict[str, Any]

FILE_MARK = "file:"
CODE = {"Bucket": {"Ref": "ArtifactBucket"}, "Key": {"Ref": "CodeKey"}}
LAYERS = {
    "ExportsLayer": "ExportsLayerKey",
    "ManagedLayer": "LayerKey",
    "PreviewsLayer": "PreviewsLayerKey",
}
"""The parameter that names the zip of each layer."""
SOCKET_DEPLOYMENT = "WebsocketAPIDeployment"


def finish(template: Template, stage: StageName, chalice_dir: Path) -> Template:
    """Chalice's SAM template made complete for one stage."""
    finished: Template = _replaced(template, lambda text: _included(text, chalice_dir))
    finished["Parameters"]["Stage"]["Default"] = stage
    for name, resource in finished["Resources"].items():
        _name_archives(name, resource)
        if stage != KEPT_STAGE:
            _let_go(resource)
    return _redeploy_sockets(finished)


def resources_of(template: Template, kind: str) -> Iterator[tuple[str, Resource]]:
    """Logical ids and resources of one type."""
    for name, resource in template["Resources"].items():
        if resource["Type"] == kind:
            yield name, resource


def _included(text: str, chalice_dir: Path) -> str:
    """`file:NAME` stands for the text of that file beside the template."""
    if not text.startswith(FILE_MARK):
        return text
    return (chalice_dir / text.removeprefix(FILE_MARK)).read_text()


def _replaced(node: Any, change: Callable[[str], str]) -> Any:
    if isinstance(node, dict):
        return {key: _replaced(value, change) for key, value in node.items()}
    if isinstance(node, list):
        return [_replaced(value, change) for value in node]
    return change(node) if isinstance(node, str) else node


def _name_archives(name: str, resource: Resource) -> None:
    """Parameters say where the zips are, so that the template is the same for every upload."""
    if resource["Type"] == "AWS::Serverless::Function":
        resource["Properties"]["CodeUri"] = CODE
    elif resource["Type"] == "AWS::Serverless::LayerVersion":
        key = {"Ref": LAYERS[name]}
        resource["Properties"]["ContentUri"] = {"Bucket": {"Ref": "ArtifactBucket"}, "Key": key}


def _let_go(resource: Resource) -> None:
    for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
        if policy in resource:
            resource[policy] = "Delete"


def _redeploy_sockets(template: Template) -> Template:
    """A deployment is a snapshot: only one with a new name takes in new routes."""
    routed = {
        name: resource
        for name, resource in template["Resources"].items()
        if name.startswith("Websocket") and resource["Type"].startswith("AWS::ApiGatewayV2::")
    }
    digest = hashlib.sha256(json.dumps(routed, sort_keys=True).encode()).hexdigest()[:10]
    named = SOCKET_DEPLOYMENT + digest
    resources = template["Resources"]
    resources[named] = resources.pop(SOCKET_DEPLOYMENT)
    resources["WebsocketAPIStage"]["Properties"]["DeploymentId"] = {"Ref": named}
    return template

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from streams.app import ROLES, roles
from tests.deploy.commandline import understood

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.config import Config

ROOT = Path(__file__).parents[2]
DOCUMENTS: list[dict[str, Any]] = list(yaml.safe_load_all((ROOT / "deploy/kubernetes/reflexarc.yaml").read_text()))
WORKLOADS = {
    document["metadata"]["name"]: document
    for document in DOCUMENTS
    if document["kind"] in {"Deployment", "StatefulSet", "Job"}
}
DEPLOYMENTS = sorted(name for name, document in WORKLOADS.items() if document["kind"] != "Job")
SECRETS = "/etc/reflexarc/secrets"


def one(kind: str) -> dict[str, Any]:
    (document,) = (document for document in DOCUMENTS if document["kind"] == kind)
    return document


def pod(name: str) -> dict[str, Any]:
    spec: dict[str, Any] = WORKLOADS[name]["spec"]["template"]["spec"]
    return spec


def container(name: str) -> dict[str, Any]:
    (only,) = pod(name)["containers"]
    return dict(only)


def test_every_component_has_a_workload() -> None:
    ingests = {"ingest-vcenter", "ingest-webhook", "ingest-inventory"}
    workers = {f"worker-{role}" for role in ROLES}

    assert {f"reflexarc-{component}" for component in {*ingests, *workers, "topics"}} == WORKLOADS.keys()


def test_everything_is_in_one_namespace() -> None:
    namespace = one("Namespace")["metadata"]["name"]

    assert {namespace} == {
        document["metadata"]["namespace"] for document in DOCUMENTS if document["kind"] != "Namespace"
    }


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_command_is_one_of_ours(name: str) -> None:
    assert understood(container(name)["args"])


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_pod_passes_the_restricted_standard(name: str) -> None:
    context, security = pod(name)["securityContext"], container(name)["securityContext"]

    assert context["runAsNonRoot"]
    assert {"type": "RuntimeDefault"} == context["seccompProfile"]
    assert {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    } == security
    assert not pod(name)["automountServiceAccountToken"]


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_pod_runs_as_the_user_of_the_image(name: str) -> None:
    user = re.search(r"^USER (\d+):(\d+)", (ROOT / "deploy/Containerfile").read_text(), re.MULTILINE)

    assert user
    assert [int(user[1]), int(user[2])] == [pod(name)["securityContext"][key] for key in ("runAsUser", "runAsGroup")]


@pytest.mark.parametrize("name", WORKLOADS)
def test_resources_are_requested_and_memory_is_limited(name: str) -> None:
    resources = container(name)["resources"]

    assert {"cpu", "memory"} == resources["requests"].keys()
    assert "memory" in resources["limits"]


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_probes_ask_the_address_that_the_command_serves(name: str) -> None:
    spec = container(name)
    address = spec["args"][spec["args"].index("--probe") + 1]
    ports = {port["name"]: port["containerPort"] for port in spec["ports"]}

    assert f"0.0.0.0:{ports['probe']}" == address
    assert {"path": "/ready", "port": "probe"} == spec["readinessProbe"]["httpGet"]
    assert {"path": "/health", "port": "probe"} == spec["livenessProbe"]["httpGet"]


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_deployment_selects_its_own_pods(name: str) -> None:
    spec = WORKLOADS[name]["spec"]

    assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_mount_has_a_volume_and_every_volume_a_source_in_this_file(name: str) -> None:
    volumes = {volume["name"]: volume for volume in pod(name)["volumes"]}

    assert {mount["name"] for mount in container(name)["volumeMounts"]} == volumes.keys()
    assert one("ConfigMap")["metadata"]["name"] == volumes["config"]["configMap"]["name"]
    assert one("Secret")["metadata"]["name"] == volumes["secrets"]["secret"]["secretName"]


def test_the_processes_that_share_vcenters_keep_their_names_over_restarts() -> None:
    workload = WORKLOADS["reflexarc-ingest-vcenter"]

    assert "StatefulSet" == workload["kind"]
    assert 2 == workload["spec"]["replicas"]


def test_the_service_leads_to_the_webhook() -> None:
    spec = one("Service")["spec"]
    webhook = WORKLOADS["reflexarc-ingest-webhook"]["spec"]["template"]

    assert webhook["metadata"]["labels"] == spec["selector"]
    assert spec["ports"][0]["targetPort"] in {port["name"] for port in webhook["spec"]["containers"][0]["ports"]}


def test_the_configuration_is_right(validate: Callable[..., Config]) -> None:
    config = validate(one("ConfigMap")["data"]["reflexarc.yaml"], SECRETS)

    assert config.webhook
    assert 8080 == config.webhook.port


def test_every_role_that_is_deployed_has_work(validate: Callable[..., Config]) -> None:
    config = validate(one("ConfigMap")["data"]["reflexarc.yaml"], SECRETS)

    deployed = {name.removeprefix("reflexarc-worker-") for name in WORKLOADS if "-worker-" in name}
    assert set(roles(config)) == deployed


def test_every_secret_that_the_configuration_reads_is_there_and_none_is_real() -> None:
    read = set(re.findall(rf"{SECRETS}/([\w.-]+)", one("ConfigMap")["data"]["reflexarc.yaml"]))

    assert read == one("Secret")["stringData"].keys()
    assert {"change-me"} == set(one("Secret")["stringData"].values())

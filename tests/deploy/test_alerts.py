from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.deploy.alerts import CASES
from tests.docs import metrics, pages
from tests.support import promtool

if TYPE_CHECKING:
    from pathlib import Path

    from tests.deploy.alerts import Case, Series

FILE = pages.ROOT / "deploy" / "prometheus" / "alerts.yml"
RULES: dict[str, dict[str, Any]] = {
    rule["alert"]: rule for group in yaml.safe_load(FILE.read_text())["groups"] for rule in group["rules"]
}
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_count", "_sum")}


@pytest.mark.parametrize("alert", RULES)
def test_every_metric_of_a_rule_is_one_of_ours(alert: str) -> None:
    known = {
        f"{metric.name}{suffix}": set(labels)
        for metric, labels in metrics.exported()
        for suffix in SUFFIXES[metric.type]
    }
    named = set(re.findall(r"\breflexarc_\w+", RULES[alert]["expr"]))
    assert named
    assert set() == named - known.keys()
    aggregated = {label.strip() for by in re.findall(r"by \((.*?)\)", RULES[alert]["expr"]) for label in by.split(",")}
    assert all(aggregated <= known[name] for name in named)


@pytest.mark.parametrize("alert", RULES)
def test_every_rule_says_how_bad_it_is_and_leads_to_its_own_runbook(alert: str) -> None:
    rule = RULES[alert]
    page, _, anchor = rule["annotations"]["runbook_url"].partition("#")
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert alert.lower() == anchor
    assert anchor in pages.anchors(pages.ROOT / page)
    assert rule["annotations"]["summary"].endswith(".")


def test_every_runbook_belongs_to_a_rule() -> None:
    headings = re.findall(r"^## (\w+)$", (pages.ROOT / "docs" / "runbooks.md").read_text(), re.MULTILINE)
    assert list(RULES) == headings


def test_every_rule_is_tried() -> None:
    assert list(RULES) == list(CASES)


def test_prometheus_accepts_the_rules() -> None:
    assert "" == promtool.verdict("check", "rules", str(FILE), cwd=FILE.parent)


def test_each_alert_fires_when_it_must_and_only_then(tmp_path: Path) -> None:
    fire = [_trial(alert, case, case.firing, fires=True) for alert, case in CASES.items()]
    rest = [_trial(alert, case, case.quiet, fires=False) for alert, case in CASES.items()]
    assert "" == _tried(tmp_path, *fire, *rest)


def test_an_alert_that_fires_wrongly_or_never_would_be_noticed(tmp_path: Path) -> None:
    for fires in (True, False):
        wrong = [
            _trial(alert, case, case.quiet if fires else case.firing, fires=fires) for alert, case in CASES.items()
        ]
        assert set(CASES) == set(re.findall(r"alertname: (\w+)", _tried(tmp_path, *wrong)))


def _tried(folder: Path, *trials: dict[str, Any]) -> str:
    written = folder / "trials.yml"
    written.write_text(yaml.safe_dump({"rule_files": [str(FILE)], "evaluation_interval": "1m", "tests": trials}))
    return promtool.verdict("test", "rules", str(written), cwd=folder)


def _trial(alert: str, case: Case, series: Series, *, fires: bool) -> dict[str, Any]:
    """One test of promtool: these series, then look."""
    rule = RULES[alert]
    said = {key: _filled(text, case.labels) for key, text in rule["annotations"].items()}
    expected = [{"exp_labels": case.labels | rule["labels"], "exp_annotations": said}] if fires else []
    return {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "alert_rule_test": [{"eval_time": f"{case.minutes}m", "alertname": alert, "exp_alerts": expected}],
    }


def _filled(text: str, labels: dict[str, str]) -> str:
    return re.sub(r"\{\{ \$labels\.(\w+) \}\}", lambda found: labels[found[1]], text)

#!/usr/bin/env bash
# Checks deploy/prometheus, deploy/grafana and the metrics with a real Prometheus and Alertmanager. Installs them if apt can;
# where it cannot, says so and succeeds.
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! tests/apt.sh promtool prometheus prometheus-alertmanager; then
    printf 'Prometheus is not installed and cannot be: metrics, rules, alerts and dashboard are not checked\n'
    exit
fi
program=${IDSYNC_BIN:-target/debug/idsync}

promtool check rules deploy/prometheus/rules.yml
promtool test rules deploy/prometheus/rules_test.yml
"$program" status --demo -o prometheus | promtool check metrics
python3 tests/prometheus/outage.py "$program"

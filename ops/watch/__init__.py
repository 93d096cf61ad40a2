"""Watch: what Prometheus alerts on and what Grafana draws, from the metrics of `eyes`.

Owns: the alert rules (`ledger.rules.yaml`), the panels, and the boards made of them.
Never: runs in a worker; each alert has its page in docs/runbooks/.
"""

"""What a process counts, for Prometheus. No label ever holds personal data."""

from prometheus_client import Counter, Gauge, Histogram

events_out = Counter("bottega_events_out", "Events and commands that the transport confirmed", ["service"])
events_in = Counter("bottega_events_in", "Events recorded in the inbox, repeated ones included", ["service"])
events_handled = Counter("bottega_events_handled", "Events handled and committed", ["service"])
retried = Counter("bottega_events_retried", "Failed attempts that will be repeated", ["service"])
parked = Counter("bottega_events_parked", "Events set aside for an operator", ["service"])
quarantined = Counter("bottega_messages_quarantined", "Messages that cannot be read", ["service"])
outbox_lag = Gauge("bottega_outbox_lag_seconds", "Age of the oldest row that is not published", ["service"])
inbox_lag = Gauge("bottega_inbox_lag_seconds", "Age of the oldest event that is not handled", ["service"])
parked_now = Gauge("bottega_parked_now", "Events that wait for an operator", ["service"])
leading = Gauge("bottega_leading", "1 where this process relays and handles for the database", ["service"])
rpc_seconds = Histogram("bottega_rpc_seconds", "Time from request to answer, at the caller", ["request", "outcome"])
rpc_served = Counter("bottega_rpc_served", "Requests answered", ["request", "outcome"])

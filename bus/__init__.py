"""The reliable bus: outbox, inbox, relay, requests, on RabbitMQ or inside one process. It knows no service."""

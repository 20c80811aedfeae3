"""The bus over RabbitMQ: nameko's exchanges and queues, so that a plain nameko service or pika interoperates."""

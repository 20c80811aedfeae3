"""The bus proves what it promises: on both transports, on both databases."""

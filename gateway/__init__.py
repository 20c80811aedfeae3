"""The website and the HTTP API: plain Flask that asks the services over the bus. Only ``server`` knows nameko."""

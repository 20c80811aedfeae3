#!/bin/sh
# Run once by the PostgreSQL image, when its volume is empty: a database and a role for each service, and no way from one
# to another. The passwords come from BOOKING_DATABASE_PASSWORD and its like.
set -eu

for service in booking notify staff needs; do
    variable=$(echo "$service" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD
    password=$(printenv "$variable")
    psql --username "$POSTGRES_USER" --dbname postgres --quiet -v ON_ERROR_STOP=1 \
        -v name="$service" -v password="$password" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done

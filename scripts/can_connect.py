"""Exit 0 if the PostgreSQL server of DATABASE_URL answers (its database need not exist yet)."""

import os
import sys
from urllib.parse import urlsplit

import psycopg

address = urlsplit(os.environ["DATABASE_URL"])
try:
    psycopg.connect(
        host=address.hostname,
        port=address.port,
        user=address.username,
        password=address.password,
        dbname="postgres",
        connect_timeout=5,
    ).close()
except psycopg.OperationalError as error:
    sys.exit(str(error).strip())

# One recipe for every image: SERVICE picks booking, notify, gateway, or "all" for the operator's commands.
#
#     docker build --build-arg SERVICE=booking --tag bottega-booking .
#
# BASE_IMAGE is any image with Python 3.11 or newer as python3, with its module venv.
ARG BASE_IMAGE=python:3.13-slim

# What is the same for all services is made once: the wheel, with translations and front-end assets in it. Node.js and
# the build backend stay in this stage.
FROM ${BASE_IMAGE} AS wheel
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /source
RUN python3 -m venv /tools
COPY requirements/run.txt requirements/run.txt
RUN /tools/bin/pip install --require-hashes --only-binary :all: -r requirements/run.txt
COPY . .
RUN find . -name '*.po' -exec sh -ec \
        'for po; do /tools/bin/pybabel --quiet compile --input-file "$po" --output-file "${po%.po}.mo"; done' sh {} + \
    && PYTHONPATH=. /tools/bin/python -m gateway.assets \
    && /tools/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheel .

FROM ${BASE_IMAGE} AS installed
ARG SERVICE
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python3 -m venv /opt/bottega
COPY requirements/${SERVICE}.txt /tmp/requirements.txt
RUN /opt/bottega/bin/pip install --require-hashes --only-binary :all: -r /tmp/requirements.txt
COPY --from=wheel /wheel /tmp/wheel
RUN /opt/bottega/bin/pip install --no-deps --no-index /tmp/wheel/*.whl \
    && /opt/bottega/bin/pip --quiet uninstall --yes pip setuptools

FROM ${BASE_IMAGE}
ARG SERVICE
# /opt/bottega needs neither a home nor a place to write, nor a name for its user.
COPY --from=installed /opt/bottega /opt/bottega
ENV PATH=/opt/bottega/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 SERVICE=${SERVICE}
USER 10001:10001
EXPOSE 8000
# Ready is more than alive: the broker and the database answer, and the database is migrated.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD \
    ["python3", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["sh", "-c", "exec bottega serve \"$SERVICE\" --host 0.0.0.0 --port 8000"]

# The bot in one container. Everything that lasts lies in /data: the chat files in /data/schedules, the settings
# in /data/config.toml if there are any, and the store in /data/convenor.db.
#
#   docker build -t convenor .
#   docker run --user "$(id -u)" -p 8080:8080 -v "$PWD/data:/data" \
#     --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges convenor
#
# It writes into /data alone, and needs no rights of the kernel's. `--user` lets it write into a folder of yours; a named volume (-v convenor:/data) does without.
# Secrets come from the environment, or better from files: CONVENOR_PLACES__X__CONSUMER_KEY_FILE=/run/secrets/…

# The base by its digest, so that it is the same for everybody. To take a newer one: docker pull python:3.13-slim
ARG BASE=python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

FROM $BASE AS build

RUN python -m venv /opt/convenor
ENV PATH=/opt/convenor/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src

# The lock first: a change to the code does not fetch everything again.
COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt

COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY adapters adapters
RUN pip install --no-build-isolation --no-deps . \
    && pip uninstall --yes hatchling editables pathspec pluggy trove-classifiers \
    && pip uninstall --yes pip


FROM $BASE

# what could install or build something is taken out
RUN python -m pip uninstall --yes --root-user-action ignore pip \
    && rm -rf /usr/local/lib/python3.13/ensurepip \
    && useradd --uid 10001 --user-group --create-home --shell /usr/sbin/nologin convenor \
    && mkdir -p /data/schedules \
    && chown -R convenor:convenor /data
COPY --from=build /opt/convenor /opt/convenor

ENV PATH=/opt/convenor/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CONVENOR_SCHEDULES=/data/schedules \
    CONVENOR_STORE__URL=sqlite:////data/convenor.db \
    CONVENOR_PLACES__ROOM__PLATFORM=room \
    CONVENOR_PLACES__ROOM__HOST=0.0.0.0 \
    CONVENOR_PLACES__ROOM__PORT=8080

# by number, which an engine that refuses root can check
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]

# On SIGTERM it finishes what it is saying, and stops.
STOPSIGNAL SIGTERM
ENTRYPOINT ["convenor"]
CMD ["run"]

# One image for workers, sinks and ledgerctl: what differs is the command.
#
# The first stage fetches every locked file and checks its hash; the second installs, from those
# files alone, what workers, sinks and ledgerctl need. Compilers and tests stay behind.

FROM python:3.11-slim-bookworm AS wheels
WORKDIR /build
COPY requirements.lock ./
RUN pip download --quiet --require-hashes --dest /wheels --requirement requirements.lock
COPY . .
RUN python -m venv /opt/ledger \
 && /opt/ledger/bin/pip install --quiet --no-index --find-links /wheels ".[worker,sinks,ops,notices,otel]"

FROM python:3.11-slim-bookworm
RUN useradd --create-home --uid 10001 ledger \
 && install --directory --owner=ledger /state /snapshots
COPY --from=wheels /opt/ledger /opt/ledger
ENV PATH=/opt/ledger/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER ledger
# A worker's RocksDB databases and all workers' snapshots: rebuilt from the log when they are new.
VOLUME /state /snapshots
WORKDIR /home/ledger
CMD ["python", "-m", "streams"]

# syntax=docker/dockerfile:1
# One image for all processes: countyread gateway | api | worker | beat | migrate | serve.

FROM node:24.11.1-bookworm-slim AS web
WORKDIR /build/web
COPY viewer_api/web/package.json viewer_api/web/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY viewer_api/web ./
RUN npm run build
WORKDIR /build/fonts
COPY reading_queue/report_pdf/fonts/package.json reading_queue/report_pdf/fonts/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.11.13-slim-bookworm AS python
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/countyread /opt/build
WORKDIR /build
COPY requirements/build.lock requirements/run.lock requirements/
RUN /opt/build/bin/pip install --require-hashes -r requirements/build.lock \
    && /opt/countyread/bin/pip install --require-hashes -r requirements/run.lock
COPY pyproject.toml README.md LICENSE ./
COPY countyread countyread
COPY dicom_gateway dicom_gateway
COPY reading_queue reading_queue
COPY storage storage
COPY viewer_api viewer_api
COPY --from=web /build/web/dist viewer_api/web/dist
COPY --from=web /build/fonts/node_modules fonts/node_modules
COPY scripts/build-fonts scripts/build-fonts
RUN /opt/build/bin/python scripts/build-fonts --from fonts \
    && /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir wheels . \
    && /opt/countyread/bin/pip install --no-deps wheels/*.whl

FROM python:3.11.13-slim-bookworm
RUN groupadd --system --gid 10001 countyread \
    && useradd --system --uid 10001 --gid countyread --home-dir /data --shell /usr/sbin/nologin countyread \
    && install -d -o countyread -g countyread -m 0700 /data /keys
COPY --from=python /opt/countyread /opt/countyread
ENV PATH=/opt/countyread/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    COUNTYREAD_DATA=/data \
    COUNTYREAD_HTTP=0.0.0.0:8000 \
    COUNTYREAD_DICOM=0.0.0.0:11112
USER countyread
WORKDIR /data
VOLUME /data
EXPOSE 8000 11112
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s CMD ["countyread", "health", "api"]
ENTRYPOINT ["countyread"]
CMD ["serve"]

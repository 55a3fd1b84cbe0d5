FROM python:3.12-slim AS build
RUN pip install --no-cache-dir uv
ENV UV_COMPILE_BYTECODE=1 UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=/opt/groundswell
WORKDIR /src
# The libraries first: they change less often than the bot.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --extra reports --no-install-project
COPY README.md LICENSE manifest.yml ./
COPY migrations migrations
COPY bot bot
RUN uv sync --frozen --no-dev --extra reports --no-editable

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin groundswell \
    && install --directory --owner=groundswell --mode=0700 /data /settings
COPY --from=build /opt/groundswell /opt/groundswell
# Inside a container the only way in is the port that you publish.
ENV PATH=/opt/groundswell/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/groundswell.db \
    XDG_CONFIG_HOME=/settings \
    GROUNDSWELL_LOG_FORMAT=json \
    GROUNDSWELL_HOST=0.0.0.0 \
    GROUNDSWELL_PORT=3000
USER groundswell
WORKDIR /data
# Two volumes: the sealing key that `run` makes for itself lies in /settings, and never beside the database.
VOLUME ["/data", "/settings"]
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=4 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['GROUNDSWELL_PORT'] + '/healthz', timeout=2)"]
ENTRYPOINT ["groundswell"]
CMD ["run"]

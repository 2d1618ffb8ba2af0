# The worker of a control plane of your own, the command line beside it, and the codec endpoint of its web UI.
#
#   docker build -t registry.example.com/clincher:0.1.0 . && docker push registry.example.com/clincher:0.1.0
#
# Debian, not Alpine: the SDK of Temporal has no build for musl.
ARG NODE=node:22-bookworm-slim

FROM ${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
# Parts of the SDK for other systems than Linux would be four fifths of the image.
RUN npm run build && npm prune --omit=dev --no-audit --no-fund && rm -rf node_modules/@temporalio/core-bridge/releases/*-apple-* node_modules/@temporalio/core-bridge/releases/*-windows-*
RUN mkdir -p /out/app && mv node_modules /out/ && mv package.json dist templates docker-compose.temporal.yml docker-compose.temporal-tls.yml /out/app/

FROM ${NODE}
COPY --from=build /out/node_modules /app/node_modules
COPY --from=build /out/app /app
RUN install -d -o 1000 -g 1000 -m 700 /var/lib/clincher-worker && printf '#!/bin/sh\nexec node /app/dist/clincher.js "$@"\n' >/usr/local/bin/clincher && chmod 755 /usr/local/bin/clincher
ENV NODE_ENV=production CLINCHER_HOME=/var/lib/clincher-worker CLINCHER_RUNTIME=/run/clincher CLINCHER_HEALTH_PORT=7280
# The user `node` of the image: no program in here may write to another place than its state.
USER 1000:1000
WORKDIR /app
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "-e", "fetch('http://127.0.0.1:7280/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=2", "dist/worker.js"]

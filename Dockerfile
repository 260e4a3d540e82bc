# Wharf runs from its sources: there is nothing to build. The root file system may be read-only; only /app/var is written.
FROM node:24-bookworm-slim

WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

COPY src ./src
COPY config ./config
COPY partners ./partners
COPY mappings ./mappings
COPY samples ./samples

RUN mkdir var && chown 10001:10001 var
USER 10001:10001
VOLUME /app/var

HEALTHCHECK --interval=30s --timeout=10s --start-period=10s CMD ["node", "src/main.ts", "status", "--json"]
CMD ["node", "src/main.ts", "run"]

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

# Something that needs a person (1) is no reason to restart; a database that cannot be read (2) is.
HEALTHCHECK --interval=30s --timeout=10s --start-period=10s CMD node src/start.js status --json > /dev/null; test $? -lt 2
CMD ["node", "--max-semi-space-size=4", "src/start.js", "run"]

# unclog runs from its sources: there is no build step.
FROM node:24.21.0-bookworm-slim

ENV NODE_ENV=production

# The driver `ipmi` runs it.
RUN apt-get update && apt-get install -y --no-install-recommends ipmitool && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/unclog

# Optional packages are Node itself for older hosts; the image has it.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional && npm cache clean --force

COPY LICENSE README.md CHANGELOG.md ./
COPY src src

# The ledger is all that the service writes: the rest of the file system may be read-only.
RUN install -d -o node -g node /var/lib/unclog
USER node
WORKDIR /var/lib/unclog
VOLUME /var/lib/unclog

EXPOSE 10933
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:10933/-/healthy').then(a => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["node", "/opt/unclog/src/cli/main.js"]
CMD ["serve", "--config.file", "/etc/unclog/unclog.yml", "--web.listen-address", ":10933"]

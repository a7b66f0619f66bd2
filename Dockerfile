# Two stages: the first builds (SQLite is compiled where no prebuilt one fits), the second runs as a user without rights.
FROM node:20-bookworm AS build
WORKDIR /kagami
COPY package.json package-lock.json tsconfig.json ormconfig.ts ./
RUN npm ci --no-audit --no-fund
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
ENV NODE_ENV=production KAGAMI_HOST=0.0.0.0 KAGAMI_DATA_DIR=/data
WORKDIR /kagami
COPY --from=build /kagami/node_modules ./node_modules
COPY --from=build /kagami/dist ./dist
COPY docs/idp ./docs/idp
COPY package.json ./
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "--enable-source-maps", "dist/src/main.js"]

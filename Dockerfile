# `npm run image` builds it. The result contains Node.js, the server with its dependencies, and the dashboard.
ARG BUILD_IMAGE=node:24-bookworm-slim
# Any image with glibc and libstdc++, such as debian:bookworm-slim.
ARG BASE_IMAGE=gcr.io/distroless/cc-debian12

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY src/client/package.json src/client/
RUN npm ci --ignore-scripts
COPY . .
RUN node scripts/build-dashboard.mjs
# typescript is a peer dependency that only compilers use. Types and source maps are not needed at run time.
RUN npm prune --omit=dev --omit=optional --ignore-scripts \
  && rm -rf node_modules/typescript node_modules/.package-lock.json node_modules/warmpool-client node_modules/.bin \
  && find node_modules -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' \) -exec rm {} +
# The folder of a dashboard's build is readable by its owner only.
RUN mkdir -p /image/src/dashboard /data \
  && cp -r package.json openapi.generated.json deploy node_modules /image/ \
  && cp -r src/contract src/lib src/router src/server src/services /image/src/ \
  && cp -r src/dashboard/dist /image/src/dashboard/ \
  && chmod -R a+rX /image

FROM ${BASE_IMAGE}
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /image /warmpool
# Of the local runtime. Mount a volume here to keep it.
COPY --from=build --chown=65532:65532 /data /data
ENV NODE_ENV=production HOME=/data WARMPOOL_DATA_DIR=/data WARMPOOL_HOST=0.0.0.0
USER 65532:65532
WORKDIR /warmpool
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/node", "/warmpool/src/server/main.ts"]

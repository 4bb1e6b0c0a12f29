# The image of Ringfence: a few files of JavaScript and the Node.js that runs them. No shell, no package
# manager, no root.
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
# No install scripts: the Node.js of this stage does the work, and esbuild needs none of its own.
RUN npm ci --ignore-scripts
COPY scripts/bundle.ts scripts/
COPY src src
RUN node scripts/bundle.ts

FROM gcr.io/distroless/nodejs24-debian12:nonroot
LABEL org.opencontainers.image.title="ringfence" \
      org.opencontainers.image.description="Pod Security Admission, but for the network" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /ringfence
COPY --from=build /src/package.json ./
COPY --from=build /src/dist dist/
# By number, so that runAsNonRoot can be proven by the kubelet.
USER 65532:65532
EXPOSE 9443 8080
# The heap leaves room for TLS buffers inside the container's memory limit; a process that follows
# watches makes much garbage and keeps little, so that what is young needs less room than usual.
ENTRYPOINT ["/nodejs/bin/node", "--max-old-space-size-percentage=60", "--max-semi-space-size=8", "/ringfence/dist/ringfence.mjs"]
CMD ["webhook"]

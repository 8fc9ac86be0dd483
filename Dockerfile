# The image holds the server alone; Postgres runs elsewhere (compose.yaml shows both together).

FROM docker.io/library/rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
# Both caches outlive the build, so that a change of the source does not compile every library again.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked \
    && install -D --strip target/release/lodestar /out/usr/local/bin/lodestar \
    && install -D --mode=644 --target-directory=/out/usr/share/doc/lodestar LICENSE-MIT LICENSE-APACHE data/README.md

FROM docker.io/library/debian:bookworm-slim
LABEL org.opencontainers.image.title="Lodestar" \
      org.opencontainers.image.description="An open resource directory against human trafficking and child exploitation" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin lodestar \
    && install -d -o 10001 -g 10001 /var/lib/lodestar
COPY --from=build /out/ /
# By these `lodestar links` knows https from a stranger; nothing else of it asks anybody.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
USER 10001:10001
# A container's 127.0.0.1 is reached by nobody else. Set the public URL to the address that the world sees.
ENV LODESTAR_LISTEN=0.0.0.0:8080 \
    LODESTAR_DATA_DIR=/var/lib/lodestar \
    LODESTAR_PUBLIC_URL=http://127.0.0.1:8080
EXPOSE 8080
# From here a service answers that starts while its database is away.
VOLUME /var/lib/lodestar
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["lodestar", "health"]
ENTRYPOINT ["lodestar"]
CMD ["serve"]

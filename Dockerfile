# One image for the gateway and the subgraphs: each service of docker-compose.yml runs `quipu` with its own words.
FROM python:3.13-slim

RUN useradd --system --uid 10001 --home-dir /var/lib/quipu --create-home quipu

WORKDIR /opt/quipu
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY gateway gateway
COPY subgraphs subgraphs
RUN pip install --no-cache-dir -c requirements.lock .

# Volumes take their owner from these folders.
RUN cd /var/lib/quipu && install -d -o quipu -g quipu public private data ledger served \
    setup setup/gateway setup/judiciary setup/prosecution setup/constitutional_court setup/academy setup/ledger

USER quipu
WORKDIR /var/lib/quipu
ENTRYPOINT ["quipu"]

// Where the host's own figures lie, for the node exporter: a folder of texts, each written whole or not at all.
export const METRICS_FOLDER = '/var/lib/clincher/metrics';

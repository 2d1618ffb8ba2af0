// The codec endpoint as a process of its own: decodes histories for the web UI of a composed control plane.
import { EncryptionCodec } from './temporal/codec.js';
import { startCodecEndpoint } from './temporal/codec-endpoint.js';
import { loadKeys } from './temporal/keys.js';

const { CLINCHER_CODEC_PORT: port = '8081', CLINCHER_UI_PORT: uiPort = '8080' } = process.env;

const server = await startCodecEndpoint({
  port: Number(port),
  // In a container of its own the published port is the only way in; who reaches it there is not of this container.
  address: '0.0.0.0',
  uiPort: () => Number(uiPort),
  codec: () => new EncryptionCodec(loadKeys),
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => server.close());

// Keys of what runs on the host: `channels` and `stack`.
import * as z from 'zod';
import * as is from './fields.js';
import { text } from './fields.js';

export const channels = () =>
  z.strictObject({
    telegram: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Talk to OpenClaw over Telegram. Default true.'),
        token: text(is.secretReference)
          .default('secret://<server>/telegram_bot_token')
          .describe(
            'Secret reference to BotFather’s token. Default secret://<server>/telegram_bot_token; a run asks for it when it is missing.',
          ),
      })
      .prefault({})
      .describe('The Telegram channel.'),
  });

const image = (repository: string, version: string, what: string) =>
  z
    .strictObject({
      repository: text(is.repository)
        .default(repository)
        .describe(`Image repository, for mirrors. Default ${repository}.`),
      version: text(is.imageVersion)
        .default(version)
        .describe(`Tag, \`@sha256:…\` may follow. Default ${version} (the guide’s).`),
    })
    .prefault({})
    .describe(what);

export const stack = () =>
  z.strictObject({
    directory: text(is.folder)
      .default('/opt/openclaw')
      .describe('Folder of the stack on the server. Default /opt/openclaw.'),
    images: z
      .strictObject({
        openclaw: image('ghcr.io/openclaw/openclaw', '2026.3.13', 'OpenClaw, the gateway.'),
        litellm: image('ghcr.io/berriai/litellm', 'main-v1.81.3-stable', 'LiteLLM, the model proxy.'),
        redis: image('redis/redis-stack-server', '7.4.0-v3', 'Redis with RediSearch, the semantic cache.'),
        'docker-socket-proxy': image(
          'ghcr.io/tecnativa/docker-socket-proxy',
          'v0.4.2',
          'The only door to the Docker socket.',
        ),
      })
      .prefault({})
      .describe('Container images: each has a repository and a version.'),
  });

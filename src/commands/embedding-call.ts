// One word to embed, asked of a model that does nothing else, by the way and with the key that the gateway uses.
import type { Fact } from '../model.js';
import { answered } from './docker-api.js';
import { COMMON, type ModelCall } from './model-calls.js';
import { CONTAINER } from './openclaw.js';

/** No cache: it would answer for a key that nobody takes. */
const CALL = `${COMMON}
end((async () => {
  const body = { model: ask.model, input: 'pong ' + randomUUID(), cache: { 'no-cache': true } };
  const { status, text, error, ms } = await web('/v1/embeddings', body, ask.seconds * 1000);
  if (status !== 200) return { model: ask.model, status, error, ms, refusal: text && text.split(key).join('«secret»').slice(0, 1500) };
  let length = 0; try { length = JSON.parse(text).data[0].embedding.length; } catch {}
  return { model: ask.model, status, ms, ...(length > 0 ? { answer: length + ' numbers' } : { error: 'an answer that makes no sense' }) };
})());`;

export const embeddingCall = (ask: { model: string; seconds: number }): Fact<ModelCall> => ({
  read: [
    ...['timeout', String(ask.seconds + 60), 'docker', 'exec', CONTAINER, 'node', '-e', CALL],
    JSON.stringify(ask),
  ],
  parse: (reading) => answered<ModelCall>(reading),
});

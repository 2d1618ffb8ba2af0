// A notice as an e-mail: over TLS or not at all, by nodemailer.
import { createTransport } from 'nodemailer';
import type { AlertChannel } from '../model.js';

const PATIENCE_MS = 15_000;

/** Throws with what the server said. */
export async function sendMail(
  { host, port, user, from, to }: AlertChannel,
  { subject, body }: { subject: string; body: string },
  password: string,
): Promise<void> {
  const transport = createTransport({
    ...{ host: host ?? '', port, secure: port === 465, requireTLS: true },
    ...{ connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS },
    ...(user === undefined ? {} : { auth: { user, pass: password } }),
    // Nothing of a notice is a file or an address to be fetched.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  try {
    const headers = { 'Auto-Submitted': 'auto-generated' };
    await transport.sendMail({ ...{ from: from ?? '', to, subject, text: body || subject }, headers });
  } finally {
    transport.close();
  }
}

// The age library, loaded on first use: its import alone takes a tenth of a second.

type Age = typeof import('age-encryption');

let loading: Promise<Age> | undefined;

export const age = (): Promise<Age> => {
  loading ??= import('age-encryption');
  return loading;
};

/** Armored, so that the result is a text that survives JSON, git and copy-and-paste. */
export async function encrypt(text: string, recipients: readonly string[]): Promise<string> {
  const { Encrypter, armor } = await age();
  const encrypter = new Encrypter();
  for (const recipient of new Set(recipients)) encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(text));
}

export async function decrypt(armored: string, identities: readonly string[]): Promise<string> {
  const { Decrypter, armor } = await age();
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  return decrypter.decrypt(armor.decode(armored), 'text');
}

export async function newIdentity(): Promise<string> {
  return (await age()).generateX25519Identity();
}

export async function recipientOf(identity: string): Promise<string> {
  return (await age()).identityToRecipient(identity);
}

export async function isRecipient(text: string): Promise<boolean> {
  const { Encrypter } = await age();
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

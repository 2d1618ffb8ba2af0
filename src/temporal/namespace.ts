// The namespace and its search attributes: made when they are missing, left alone when they are there.
import type { Connection } from '@temporalio/client';

/** By which runs can be found. They are stored in clear: no secret ever goes into one. */
export const SEARCH_ATTRIBUTES = [
  'ClincherServer',
  'ClincherRunbook',
  'ClincherStatus',
  'ClincherRun',
] as const;

const KEYWORD = 2;
const ALREADY_EXISTS = 6;
const NOT_FOUND = 5;
const RETENTION_DAYS = 90;

const retention = { seconds: RETENTION_DAYS * 24 * 60 * 60 };

type Services = Pick<Connection, 'workflowService' | 'operatorService'>;

export async function ensureNamespace({ workflowService }: Services, namespace: string): Promise<void> {
  // biome-ignore lint/suspicious/noExplicitAny: a Long may be given as a number, and the type does not say so
  const workflowExecutionRetentionPeriod = retention as any;
  try {
    const { config } = await workflowService.describeNamespace({ namespace });
    if (Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) >= retention.seconds) return;
    await workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: workflowExecutionRetentionPeriod },
    });
  } catch (error) {
    if (codeOf(error) !== NOT_FOUND) throw error;
    await workflowService
      .registerNamespace({ namespace, workflowExecutionRetentionPeriod })
      .catch(unless(ALREADY_EXISTS));
  }
}

export async function ensureSearchAttributes(
  { operatorService }: Services,
  namespace: string,
): Promise<void> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = SEARCH_ATTRIBUTES.filter((name) => customAttributes?.[name] === undefined);
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
  await operatorService.addSearchAttributes({ namespace, searchAttributes }).catch(unless(ALREADY_EXISTS));
}

const codeOf = (error: unknown) => (error as { code?: number }).code;

const unless = (code: number) => (error: unknown) => {
  if (codeOf(error) !== code) throw error;
};

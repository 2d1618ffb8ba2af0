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
const RETENTION = '90 days';

type Services = Pick<Connection, 'workflowService' | 'operatorService'>;

export async function ensureNamespace({ workflowService }: Services, namespace: string): Promise<void> {
  const { msToTs, tsToMs } = await import('@temporalio/common/lib/time.js');
  const retention = msToTs(RETENTION);
  try {
    const { config } = await workflowService.describeNamespace({ namespace });
    if (tsToMs(config?.workflowExecutionRetentionTtl) >= tsToMs(retention)) return;
    await workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: retention },
    });
  } catch (error) {
    if (codeOf(error) !== NOT_FOUND) throw error;
    await workflowService
      .registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention })
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

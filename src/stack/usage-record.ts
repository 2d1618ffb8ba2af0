// A callback of LiteLLM's that counts what each model costs by day: without a database LiteLLM keeps only a sum for each budget.
import { BUDGET_PROOF } from './budget-proof.js';
import { CACHE_VARIABLE } from './env.js';

/** Beside LiteLLM's configuration, where it looks for modules. */
export const USAGE_FILE = 'config/clincher_usage.py';

/** As `callbacks` names it: the module, and what is in it. */
export const USAGE_CALLBACK = 'clincher_usage.usage';

/** A hash for each day (UTC), of `<model> <what>`. */
export const USAGE_KEY = 'clincher:usage:';

/** A year to look back on, and one month more. */
const KEPT_DAYS = 396;

/**
 * Whatever goes wrong here, the answer went out before, and LiteLLM writes a line about it. An expiry so far off is also
 * what keeps it: Redis, when it is full, forgets first what would end soonest.
 */
export const usageRecord =
  (): string => `# Written by clincher: what each model costs by day, for \`clincher usage\`. No prompt, no answer and no name is kept.
import os
from datetime import datetime, timezone

import redis.asyncio
from litellm.integrations.custom_logger import CustomLogger


class Usage(CustomLogger):
    def __init__(self):
        super().__init__()
        self.redis = redis.asyncio.Redis(
            host=os.environ["REDIS_HOST"],
            port=int(os.environ["REDIS_PORT"]),
            password=os.environ["${CACHE_VARIABLE}"],
            socket_timeout=5,
            socket_connect_timeout=5,
        )

    async def async_log_success_event(self, kwargs, response_obj, start_time, end_time):
        said = kwargs.get("standard_logging_object") or {}
        model = said.get("model_group") or said.get("model") or "?"
        if model == "${BUDGET_PROOF}":
            return
        day = "${USAGE_KEY}" + datetime.now(timezone.utc).strftime("%Y-%m-%d")
        async with self.redis.pipeline(transaction=True) as all:
            all.hincrbyfloat(day, model + " usd", said.get("response_cost") or 0)
            all.hincrby(day, model + " calls", 1)
            all.hincrby(day, model + " cached", 1 if said.get("cache_hit") is True else 0)
            all.hincrby(day, model + " input", said.get("prompt_tokens") or 0)
            all.hincrby(day, model + " output", said.get("completion_tokens") or 0)
            all.expire(day, ${KEPT_DAYS} * 86400)
            await all.execute()


usage = Usage()
`;

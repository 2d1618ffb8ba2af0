# Written by clincher: what each model costs by day, for `clincher usage`. No prompt, no answer and no name is kept.
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
            password=os.environ["REDIS_PASSWORD"],
            socket_timeout=5,
            socket_connect_timeout=5,
        )

    async def async_log_success_event(self, kwargs, response_obj, start_time, end_time):
        said = kwargs.get("standard_logging_object") or {}
        model = said.get("model_group") or said.get("model") or "?"
        if model == "clincher-budget-proof":
            return
        day = "clincher:usage:" + datetime.now(timezone.utc).strftime("%Y-%m-%d")
        async with self.redis.pipeline(transaction=True) as all:
            all.hincrbyfloat(day, model + " usd", said.get("response_cost") or 0)
            all.hincrby(day, model + " calls", 1)
            all.hincrby(day, model + " cached", 1 if said.get("cache_hit") is True else 0)
            all.hincrby(day, model + " input", said.get("prompt_tokens") or 0)
            all.hincrby(day, model + " output", said.get("completion_tokens") or 0)
            all.expire(day, 396 * 86400)
            await all.execute()


usage = Usage()

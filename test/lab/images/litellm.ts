// LiteLLM's proxy from PyPI, started as the official image is: the words of `command` are its own options.
// As in the official image there is Python and neither curl nor wget: a health check has to be written in it.
import { likeTheMachine, putMachine } from './machine.js';
import { install, type Recipe } from './recipe.js';

/** polars, 180 MB, is for one export of costs that the stack has not. */
const build = (version: string): string => `${likeTheMachine}${install('python3', 'python3-venv')}
RUN python3 -m venv /app/.venv && /app/.venv/bin/pip install --no-cache-dir --only-binary=:all: 'litellm[proxy]==${version}' redisvl prometheus_client
RUN cd /app/.venv && bin/pip uninstall -yq polars polars-runtime-32 pip && find . \\( -name tests -o -name test -o -name '*.pyi' -o -name '*.map' \\) -path '*/site-packages/*' -prune -exec rm -rf {} +
`;

// The cost map is otherwise fetched from the internet at each start.
const instructions = `${install('python3', 'ca-certificates')}
COPY --from=build /app/.venv /app/.venv
RUN ln -s /app/.venv/bin/python3 /usr/local/bin/python
WORKDIR /app
ENV PATH=/app/.venv/bin:/usr/local/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LITELLM_LOCAL_MODEL_COST_MAP=True HOME=/tmp
EXPOSE 4000
ENTRYPOINT ["litellm"]
CMD ["--port", "4000"]
`;

export function litellm(version: string, tag: string): Recipe {
  return {
    ...{ repository: 'berriai/litellm', version: tag, build: build(version), instructions },
    prepare: { ingredients: [version], make: putMachine },
  };
}

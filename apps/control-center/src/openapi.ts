import { z } from 'zod';
import { RestError } from '@relight/contract';
import type { Route } from './routes/route.ts';

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' });
}

function content(schema: z.ZodType, io: 'input' | 'output', type = 'application/json'): object {
  return { content: { [type]: { schema: schemaOf(schema, io) } } };
}

function operation(route: Route): object {
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1]);
  const query = z.toJSONSchema(route.query ?? z.object({}), { io: 'input' });
  return {
    operationId: route.id,
    summary: route.summary,
    ...(route.right === null ? { security: [] } : { 'x-relight-right': route.right }),
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...Object.entries(query.properties ?? {}).map(([name, schema]) => ({
        name,
        in: 'query',
        required: query.required?.includes(name) === true,
        schema,
      })),
    ],
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, ...content(route.body, 'input') } }),
    responses: {
      [route.answer.status]: {
        description: 'Done',
        ...content(route.answer.schema, 'output', route.answer.type),
      },
      default: {
        description: 'Refused; the code is listed in docs/errors.md',
        ...content(RestError, 'output'),
      },
    },
  };
}

/** OpenAPI 3.1 of the interface, printed from the same table that the server registers. */
export function openApiDocument(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = `/api/v1${route.path.replaceAll(/:(\w+)/g, '{$1}')}`;
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Relight control centre', version, license: { name: 'Apache-2.0' } },
    security: [{ token: [] }, { cookie: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'relight_PORT' },
      },
    },
  };
}

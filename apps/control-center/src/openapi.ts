import { z } from 'zod';
import { RestError } from '@relight/contract';
import type { Route } from './routes/route.ts';

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' });
}

function json(schema: z.ZodType, io: 'input' | 'output'): object {
  return { content: { 'application/json': { schema: schemaOf(schema, io) } } };
}

function operation(route: Route): object {
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1]);
  const query =
    route.query === undefined
      ? {}
      : (z.toJSONSchema(route.query, { io: 'input' }).properties ?? {});
  return {
    operationId: route.id,
    summary: route.summary,
    ...(route.right === null ? { security: [] } : { 'x-relight-right': route.right }),
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...Object.entries(query).map(([name, schema]) => ({
        name,
        in: 'query',
        schema,
      })),
    ],
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, ...json(route.body, 'input') } }),
    responses: {
      [route.answer.status]: { description: 'Done', ...json(route.answer.schema, 'output') },
      default: {
        description: 'Refused; the code is listed in docs/errors.md',
        ...json(RestError, 'output'),
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

/** A JSON Schema as far as OpenAPI of the control centre uses it. */
export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
}

/** The smallest value a schema allows; `fixed` names values for fields that must mean something. */
export function sampleOf(schema: Schema, fixed: Readonly<Record<string, unknown>> = {}): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice?.[0] !== undefined) return sampleOf(choice[0], fixed);
  switch (schema.type) {
    case 'object': {
      const fields = (schema.required ?? []).map((name) => {
        const member = schema.properties?.[name] ?? {};
        const wanted = fixed[name];
        const isList = member.type === 'array';
        return [name, wanted === undefined ? sampleOf(member, fixed) : isList ? [wanted] : wanted];
      });
      return Object.fromEntries(fields) as unknown;
    }
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () =>
        sampleOf(schema.items ?? {}, fixed),
      );
    case 'string':
      return 'x'.repeat(Math.max(1, schema.minLength ?? 1));
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

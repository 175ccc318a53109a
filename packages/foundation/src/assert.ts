/** Thrown when our own promise is broken; never because a device or a file is wrong. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * Stops a computation whose precondition we broke ourselves. It stays on in production:
 * the app that catches it stops sending commands first and reports second.
 * @throws InvariantError when `condition` is false.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Marks a branch that the types rule out; the argument makes the compiler check it. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable case: ${JSON.stringify(value)}`);
}

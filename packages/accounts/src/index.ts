export * from './account.ts';
export * from './account-store.ts';
export * from './attempts.ts';
export * from './password.ts';

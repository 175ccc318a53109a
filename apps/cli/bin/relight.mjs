#!/usr/bin/env node
// Plain JavaScript, so that a Node.js too old for TypeScript still says so in words.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 7)) {
  process.stderr.write(
    `RL-009: Node.js ${process.versions.node} is too old. ` +
      'Run it through `npm start` or `node_modules/.bin/relight`, or install Node.js 24.7 or newer.\n',
  );
  process.exitCode = 1;
} else {
  const { main } = await import(new URL('../src/main.ts', import.meta.url).href);
  process.exitCode = await main(process.argv.slice(2));
}

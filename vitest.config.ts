import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/**/*.test.ts'], setupFiles: ['test/support/seed.ts'], pool: 'forks', testTimeout: 30_000, hookTimeout: 60_000 },
});

import { defineConfig } from 'vitest/config'

/**
 * One project for each cost: `unit` needs nothing, `database` real Postgres servers, `stack` the whole native stack,
 * `connect` the commands on a real worker, and the package; `analytics` what reads the warehouse and watches the stack
 * (Python, Prometheus); `faults` the stack with bad luck, `under-load` the same while a writer commits,
 * `storms` several at once, drawn by seeds; `soak` an hour of load; `browser` a Chromium beside it, `docker` an engine.
 */
const project = (name: string, testTimeout: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    fileParallelism: name === 'unit',
  },
})

export default defineConfig({
  test: {
    projects: [
      project('unit', 10_000),
      project('database', 60_000),
      project('stack', 400_000),
      project('connect', 400_000),
      project('faults', 400_000),
      project('under-load', 400_000),
      project('storms', 900_000),
      project('soak', 480_000),
      project('analytics', 280_000),
      project('browser', 400_000),
      project('docker', 600_000),
    ],
  },
})

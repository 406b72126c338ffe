// `npm run test:up`: how long a warm `up` takes until the warehouse's counts equal the sources', three times.
// The limit is the promise: a median of at most 45 s on two cores.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const rounds = 3
const limitSeconds = 45
const stack = `measure-${randomBytes(3).toString('hex')}`
const trib = (...args) =>
  spawnSync(process.execPath, [join(root, 'control', 'trib.mjs'), ...args, '--stack', stack], {
    cwd: root,
    encoding: 'utf8',
  })
const count = (service, table) =>
  Number(
    JSON.parse(trib('sql', service, `select count(*) as rows from ${table}`, '-o', 'json').stdout)[0].rows,
  )
const isEqual = () =>
  count('community-db', '"CommunityUsers"') === count('warehouse', '"CommunityUsers"') &&
  count('sites-db', '"SitesUsers"') === count('warehouse', '"SitesUsers"')

let passed = 0
let failed = 0
const seconds = []
for (let round = 1; round <= rounds; round += 1) {
  const startedAt = performance.now()
  const up = trib('up', '--engine', 'native')
  let took
  try {
    // The generators write on; counts meet as soon as nothing is under way.
    while (up.status === 0 && !isEqual() && performance.now() - startedAt < 120_000);
    took = (performance.now() - startedAt) / 1000
  } finally {
    trib('down', '--volumes')
  }
  if (up.status !== 0) {
    console.log(`round ${round}: up failed\n${up.stderr}`)
    failed += 1
    continue
  }
  seconds.push(took)
  console.log(`round ${round}: counts equal after ${took.toFixed(1)} s`)
}
const median = seconds.sort((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? Number.POSITIVE_INFINITY
console.log(`median ${median.toFixed(1)} s, limit ${limitSeconds} s`)
if (median <= limitSeconds) passed += 1
else failed += 1
console.log(`${passed} passed, ${failed} failed, 0 skipped`)
process.exit(failed === 0 ? 0 : 1)

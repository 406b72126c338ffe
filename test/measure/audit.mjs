// `npm run test:audit`: fails where npm knows of a new high or critical finding in what package-lock.json asks for.
// Where its registry does not answer such questions, it says so: nothing is held up by a service that is not there.
import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Looked at, and lived with: the advisory's address, and why. */
const accepted = new Map([])

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const { stdout, error } = spawnSync('npm', ['audit', '--json'], {
  cwd: root,
  encoding: 'utf8',
  timeout: 60_000,
})
const answer = parse(stdout ?? '')
if (answer?.vulnerabilities === undefined) {
  console.log(
    `npm audit could not be asked, so that nothing was checked: ${answer?.message ?? error?.message ?? stdout}`,
  )
  finish({ skipped: 1 })
}
const found = Object.values(answer.vulnerabilities).flatMap(({ name, severity, via }) =>
  via.flatMap(advisory => (advisory.url === undefined ? [] : [{ name, severity, ...advisory }])),
)
const grave = found.filter(({ severity, url }) => /high|critical/.test(severity) && !accepted.has(url))
for (const { name, severity, title, url } of found) console.log(`${severity}: ${name}: ${title} (${url})`)
for (const [url, why] of accepted)
  if (!found.some(one => one.url === url)) console.log(`accepted and no longer found: ${url} (${why})`)
finish(grave.length === 0 ? { passed: 1 } : { failed: grave.length })

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function finish({ passed = 0, failed = 0, skipped = 0 }) {
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  process.exit(failed === 0 ? 0 : 1)
}

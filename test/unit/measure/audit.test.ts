import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { root } from '../../support/trib.ts'

/** What the audit says where npm answers so. */
function auditWith(answer: unknown) {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-audit-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'answer'), typeof answer === 'string' ? answer : JSON.stringify(answer))
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\ncat '${folder}/answer'; exit 1\n`, { mode: 0o755 })
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'test', 'measure', 'audit.mjs')], {
    env: { PATH: `${folder}:/usr/bin:/bin` },
    encoding: 'utf8',
  })
  return { status, lines: stdout.trimEnd().split('\n') }
}

const finding = (severity: string) => ({
  name: 'left-pad',
  severity,
  via: [{ url: 'https://example.org/GHSA-1', title: 'pads right', severity }, 'another-package'],
})

it.each(['high', 'critical'])('a %s finding fails, with its address', severity => {
  expect(auditWith({ vulnerabilities: { 'left-pad': finding(severity) } })).toEqual({
    status: 1,
    lines: [
      `${severity}: left-pad: pads right (https://example.org/GHSA-1)`,
      '0 passed, 1 failed, 0 skipped',
    ],
  })
})

it('a lesser one is told', () => {
  const { status, lines } = auditWith({ vulnerabilities: { 'left-pad': finding('moderate') } })

  expect([status, lines.at(-1)]).toEqual([0, '1 passed, 0 failed, 0 skipped'])
  expect(lines[0]).toContain('moderate: left-pad')
})

it.each([
  [{ message: '405 Method Not Allowed - POST', statusCode: 405 }, '405 Method Not Allowed'],
  ['no network', 'no network'],
])('a registry that does not answer is said, and neither passed nor failed', (answer, said) => {
  const { status, lines } = auditWith(answer)

  expect([status, lines.at(-1)]).toEqual([0, '0 passed, 0 failed, 1 skipped'])
  expect(lines[0]).toContain('npm audit could not be asked')
  expect(lines[0]).toContain(said)
})

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findOptionalProgram, reasonNotRun } from '../../../control/engines/native/optional-program.ts'
import type { Service } from '../../../control/topology/topology.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-programs-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const service = (image: string): Service => ({
  ...{ name: 'x', image, isBuilt: false, command: [], environment: {}, ports: [], mounts: [], dependsOn: [] },
  ...{ health: undefined, profiles: [], stopSignal: undefined, stopGraceMs: 0, containersOnly: [] },
})

function install(name: string, mode = 0o755): string {
  const path = join(folder, name)
  writeFileSync(path, '#!/bin/sh\n')
  chmodSync(path, mode)
  return path
}

test('a service whose program is installed runs, by whichever of its names', () => {
  const path = install('prometheus-alertmanager')

  const alertmanager = service('prom/alertmanager:v0.27.0')

  expect(findOptionalProgram(alertmanager, { PATH: `/nowhere:${folder}` })).toBe(path)
  expect(reasonNotRun(alertmanager, { PATH: folder })).toBeUndefined()
})

test('one whose program is missing says what to install', () => {
  install('prometheus', 0o644)

  expect(reasonNotRun(service('prom/prometheus:v2.53.4'), { PATH: folder })).toBe(
    'not run natively: Prometheus is not installed (Debian and Ubuntu: apt-get install prometheus)',
  )
})

test('what only exists as an image says so; every other service runs', () => {
  expect(reasonNotRun(service('grafana/grafana:11.6.0'), { PATH: folder })).toMatch(
    /^not run natively: .*Docker$/,
  )
  expect(reasonNotRun(service('apache/kafka:4.3.1'), {})).toBeUndefined()
})

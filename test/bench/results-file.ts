import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { root } from '../support/trib.ts'
import { drawPlot, drawTable } from './draw.ts'
import { type Measurement, measurementSchema } from './measurement.ts'
import { summarize } from './summarize.ts'

const folder = join(root, 'test', 'bench', 'results')
const pathOf = (name: string, ending: string) => join(folder, `${name}.${ending}`)

export function readResults(name: string): readonly Measurement[] {
  const path = pathOf(name, 'json')
  return existsSync(path) ? z.array(measurementSchema).parse(JSON.parse(readFileSync(path, 'utf8'))) : []
}

/** The measurements, their table and their plot. */
export function writeResults(name: string, measurements: readonly Measurement[]): void {
  mkdirSync(folder, { recursive: true })
  const summaries = summarize(measurements)
  writeFileSync(pathOf(name, 'json'), `${JSON.stringify(measurements, undefined, 2)}\n`)
  writeFileSync(pathOf(name, 'md'), drawTable(summaries))
  writeFileSync(pathOf(name, 'svg'), drawPlot(summaries))
}

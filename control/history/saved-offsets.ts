import { randomUUID } from 'node:crypto'
import { linkSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ConnectorOffset } from '../connect/connect-api.ts'
import { fileNameOf } from './file-name.ts'
import { filesIn, makePrivateFolder, notKept } from './private-folder.ts'

export interface SavedOffsets {
  readonly name: string
  /** ISO, UTC. */
  readonly at: string
  readonly path: string
}

interface OffsetFile {
  readonly name: string
  readonly at: string
  readonly offsets: readonly ConnectorOffset[]
}

/** Gives the path. The file appears whole or not at all: it may be all that is left of a position. */
export function saveOffsetFile(folder: string, content: OffsetFile): string {
  const offsetsFolder = join(folder, 'offsets')
  const stem = join(offsetsFolder, `${fileNameOf(content.name)}-${content.at.replaceAll(/[-:.]/g, '')}`)
  const draft = `${stem}.${randomUUID()}.tmp`
  try {
    makePrivateFolder(folder)
    makePrivateFolder(offsetsFolder)
    writeFileSync(draft, `${JSON.stringify(content, undefined, 2)}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    })
    return linkToFree(draft, stem)
  } catch (error) {
    throw notKept(`${stem}.json`, error)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** A link fails where the name is taken, by a process that saved in the same millisecond. */
function linkToFree(draft: string, stem: string): string {
  for (let attempt = 1; ; attempt += 1) {
    const path = attempt === 1 ? `${stem}.json` : `${stem}-${attempt}.json`
    try {
      linkSync(draft, path)
      return path
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST') || attempt > 100)
        throw error
    }
  }
}

const fileName = /^(.+)-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z(?:-(\d+))?\.json$/

export function listOffsetFiles(folder: string, name: string): readonly SavedOffsets[] {
  return filesIn(join(folder, 'offsets'), '.json')
    .flatMap(path => {
      const [, encoded, year, month, day, hour, minute, second, ms, nth = '1'] =
        fileName.exec(basename(path)) ?? []
      if (encoded !== fileNameOf(name)) return []
      const at = `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`
      return [{ name, at, path, nth: Number(nth) }]
    })
    .sort((one, other) => (one.at === other.at ? other.nth - one.nth : one.at < other.at ? 1 : -1))
    .map(({ at, path }) => ({ name, at, path }))
}

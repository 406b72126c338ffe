import type { ConnectorConfig } from '../connect/connect-api.ts'
import type { DeclaredState } from './declared-connector.ts'
import { fileNames } from './file-names.ts'
import { referToSecrets } from './secrets.ts'
import { writeJson, writeYaml } from './write-formats.ts'
import { type StrimziNames, writeStrimzi } from './write-strimzi.ts'

export interface WritableConnector {
  readonly name: string
  /** Without `name`. */
  readonly config: ConnectorConfig
  /** Left out of the file where undefined. */
  readonly state?: DeclaredState | undefined
}

const formats = {
  json: { extension: '.json', write: writeJson },
  yaml: { extension: '.yaml', write: writeYaml },
  strimzi: { extension: '.yaml', write: writeStrimzi },
} as const

export type WriteFormat = keyof typeof formats
export const writeFormats = Object.keys(formats) as readonly WriteFormat[]

/** A secret in clear that the file refers to instead. */
export interface ReplacedSecret {
  readonly name: string
  readonly key: string
  /** What the workers need before the file can be applied. */
  readonly variable: string
}

export interface WrittenFiles {
  readonly files: readonly { readonly file: string; readonly text: string }[]
  readonly replaced: readonly ReplacedSecret[]
}

/** One file for each connector, such that reading them gives the same connectors but for their secrets. */
export function writeDeclared(
  connectors: readonly WritableConnector[],
  format: WriteFormat,
  names: StrimziNames = {},
): WrittenFiles {
  const { extension, write } = formats[format]
  const files = fileNames(
    connectors.map(({ name }) => name),
    extension,
  )
  const replaced: ReplacedSecret[] = []
  const texts = connectors.map(connector =>
    write({ ...connector, entries: ordered(withoutSecrets(connector, replaced)) }, names),
  )
  return { files: files.map((file, index) => ({ file, text: texts[index] ?? '' })), replaced }
}

function withoutSecrets({ name, config }: WritableConnector, replaced: ReplacedSecret[]): [string, string][] {
  return Object.entries(config).map(([key, clear]) => {
    const choose = (wanted: string) => {
      // `a-b` and `a.b` are one variable's name, but two secrets.
      let variable = wanted
      for (let count = 2; replaced.some(known => known.variable === variable); count += 1)
        variable = `${wanted}_${count}`
      replaced.push({ name, key, variable })
      return variable
    }
    return [key, referToSecrets(name, key, { value: clear, choose }).value]
  })
}

/** What a reader looks for first stands first. */
function ordered(entries: readonly [string, string][]): readonly [string, string][] {
  const rank = (key: string) => (key === 'connector.class' ? 0 : key === 'tasks.max' ? 1 : 2)
  return entries.toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

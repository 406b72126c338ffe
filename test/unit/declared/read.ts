import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  type Declared,
  type ReadDeclaredOptions,
  readDeclared,
} from '../../../control/declared/read-declared.ts'
import { TribError } from '../../../control/errors/trib-error.ts'

export type Files = Readonly<Record<string, string | Uint8Array>>

interface ReadOptions extends Partial<Pick<ReadDeclaredOptions, 'paths' | 'name'>> {
  readonly stdin?: string | Uint8Array
}

/** Reads files that exist as long as the call does; without `paths` all of them, each by its name. */
export async function read(files: Files, { paths, name, stdin = '' }: ReadOptions = {}): Promise<Declared> {
  await using folder = await createFolder(files)
  const readStdin = async function* () {
    yield stdin
  }
  return await readDeclared({ paths: paths ?? Object.keys(files), name, readStdin, cwd: folder.path })
}

export async function refusal(
  files: Files,
  options: ReadOptions = {},
): Promise<{ message: string; hint: string | undefined }> {
  const error: unknown = await read(files, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof TribError) || error.code !== 'INPUT_INVALID')
    throw error ?? new Error('nothing was refused')
  return { message: error.message, hint: error.hint }
}

/** A name that ends with "/" is an empty folder. */
export async function createFolder(files: Files): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'tributary-declared-'))
  for (const [file, content] of Object.entries(files)) {
    await mkdir(file.endsWith('/') ? join(path, file) : dirname(join(path, file)), { recursive: true })
    if (!file.endsWith('/')) await writeFile(join(path, file), content)
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

import type { Stats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { messageOf } from '../errors/trib-error.ts'
import { nearest } from '../topology/nearest.ts'
import type { InputProblems } from './input-problems.ts'

export interface InputFile {
  /** As messages name it. */
  readonly file: string
  /** undefined: standard input. */
  readonly path: string | undefined
}

export const stdinName = '<stdin>'
const extension = /\.(?:json|ya?ml)$/i

interface FindOptions {
  readonly cwd: string
  readonly problems: InputProblems
}

/** Every file that the paths of `-f` name, once each: a file as it is, of a folder what ends like a connector file. */
export async function findFiles(
  paths: readonly string[],
  options: FindOptions,
): Promise<readonly InputFile[]> {
  const found = new Map<string, InputFile>()
  for (const named of paths) {
    for (const input of await filesOf(named, options)) {
      // A folder and a file in it may both be named; a link, too, leads to what is already there.
      const identity =
        input.path === undefined ? stdinName : await realpath(input.path).catch(() => input.path)
      if (identity !== undefined && !found.has(identity)) found.set(identity, input)
    }
  }
  return [...found.values()]
}

async function filesOf(named: string, { cwd, problems }: FindOptions): Promise<readonly InputFile[]> {
  if (named === '-') return [{ file: stdinName, path: undefined }]
  const path = resolve(cwd, named)
  try {
    if (!(await stat(path)).isDirectory()) return [{ file: named, path }]
  } catch (error) {
    await reportUnreadable(error, { named, path, problems })
    return []
  }
  const folder = named.replace(/(?<=.)\/+$/, '')
  const files = await filesBelow({ file: folder, path }, { problems, visited: new Set() })
  if (files?.length === 0)
    problems.add(folder, undefined, 'the folder holds no file that ends with .json, .yaml or .yml')
  return files ?? []
}

interface Folder {
  readonly file: string
  readonly path: string
}

/** undefined, and a problem, where the folder cannot be read. */
async function filesBelow(
  folder: Folder,
  { problems, visited }: { readonly problems: InputProblems; readonly visited: Set<string> },
): Promise<readonly InputFile[] | undefined> {
  const names = await readdir(folder.path).catch((error: unknown) => {
    problems.add(folder.file, undefined, `the folder cannot be read: ${reasonOf(error)}`)
    return undefined
  })
  const identity = await realpath(folder.path).catch(() => folder.path)
  // A link to a folder above it would never end.
  if (!names || visited.has(identity)) return names && []
  visited.add(identity)
  const files: InputFile[] = []
  for (const name of names.toSorted()) {
    if (name.startsWith('.') || name === 'node_modules') continue
    const inner = {
      file: folder.file === '/' ? `/${name}` : `${folder.file}/${name}`,
      path: `${folder.path}/${name}`,
    }
    const stats = await statOf(inner.path)
    if (stats?.isDirectory()) files.push(...((await filesBelow(inner, { problems, visited })) ?? []))
    else if (extension.test(name)) {
      if (!stats) problems.add(inner.file, undefined, 'is a link that leads nowhere')
      else if (stats.isFile()) files.push(inner)
    }
  }
  return files
}

const statOf = (path: string): Promise<Stats | undefined> => stat(path).catch(() => undefined)

interface Unreadable {
  readonly named: string
  readonly path: string
  readonly problems: InputProblems
}

async function reportUnreadable(error: unknown, { named, path, problems }: Unreadable): Promise<void> {
  const code = codeOf(error)
  if (code !== 'ENOENT' && code !== 'ENOTDIR') {
    problems.add(named, undefined, `cannot be read: ${reasonOf(error)}`)
    return
  }
  const meant = await nearestPath(path)
  const hint =
    meant && named.endsWith(meant.wrong) ? named.slice(0, -meant.wrong.length) + meant.right : undefined
  problems.add(named, undefined, 'there is no such file or folder', hint && `-f ${hint}`)
}

/** The end of the path that is wrong, and what was probably meant: the name in the deepest folder that exists. */
async function nearestPath(path: string): Promise<{ wrong: string; right: string } | undefined> {
  const folder = dirname(path)
  if (folder === path) return undefined
  const names = await readdir(folder).catch(() => undefined)
  if (!names) {
    const outer = await nearestPath(folder)
    const rest = `/${basename(path)}`
    return outer && { wrong: outer.wrong + rest, right: outer.right + rest }
  }
  const right = nearest(basename(path), names)
  return right === undefined || right === basename(path) ? undefined : { wrong: basename(path), right }
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

/** What the system says, without its numbers and our path, which stands before it already. */
export function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return 'its permissions do not allow it'
    case 'EISDIR':
      return 'it is a folder'
    case 'ELOOP':
      return 'it is a link that leads to itself'
    default:
      return messageOf(error)
  }
}

import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TribError } from '../../../control/errors/trib-error.ts'
import { createHistory, type History, type NewRevision } from '../../../control/history/history.ts'

let parent: string
let folder: string
let history: History
let nowMs: number

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'trib-history-'))
  folder = join(parent, 'contexts', 'demo')
  nowMs = Date.UTC(2026, 10, 21, 12, 0, 0, 5)
  const clock = { now: () => nowMs++, wait: async () => {} }
  const mask = (key: string, value: string) =>
    /password/.test(key) && !value.startsWith('${') ? '***' : value
  history = createHistory({ folder, mask, clock })
})

afterEach(() => {
  const left = readdirSync(parent, { recursive: true }).map(String)
  rmSync(parent, { recursive: true })
  expect(left.filter(name => name.endsWith('.tmp'))).toEqual([])
})

const revision = (one: Partial<NewRevision> = {}): NewRevision => ({
  name: 'sites-source',
  kind: 'configure',
  config: { a: '1' },
  state: 'running',
  ...one,
})
const fileOf = (name: string) => join(folder, `${name}.jsonl`)
const mode = (path: string) => statSync(path).mode & 0o777

async function refusal(act: () => Promise<unknown>): Promise<TribError> {
  const error = await act().catch((thrown: unknown) => thrown)
  if (!(error instanceof TribError)) throw new Error('nothing was refused')
  return error
}

describe('append and get', () => {
  it('gives back each revision as it was kept, numbered from 1', async () => {
    expect(await history.append(revision({ kind: 'create', by: 'ana' }))).toBe(1)
    expect(await history.append(revision({ config: { a: '2' }, state: undefined }))).toBe(2)

    expect(await history.get('sites-source', 1)).toEqual({
      revision: 1,
      at: '2026-11-21T12:00:00.005Z',
      name: 'sites-source',
      kind: 'create',
      config: { a: '1' },
      state: 'running',
      by: 'ana',
      isMasked: false,
    })
    expect(await history.latest('sites-source')).toMatchObject({
      revision: 2,
      config: { a: '2' },
      state: undefined,
    })
    expect(await history.get('sites-source', 3)).toBeUndefined()
  })

  it('knows nothing where nothing was kept, and writes nothing to say so', async () => {
    expect(await history.latest('x')).toBeUndefined()
    expect(await history.list()).toEqual([])
    expect(await history.ownedNames()).toEqual(new Set())
    expect(await history.listOffsets('x')).toEqual([])
    expect(readdirSync(parent)).toEqual([])
  })

  it('writes what only its owner reads, and leaves the parents open', async () => {
    await history.append(revision())

    expect([mode(fileOf('sites-source')), mode(folder)]).toEqual([0o600, 0o700])
    expect(mode(join(parent, 'contexts')) & 0o055).toBe(0o055)
  })

  it('closes a file and a folder that were open to others', async () => {
    mkdirSync(folder, { recursive: true, mode: 0o755 })
    writeFileSync(fileOf('sites-source'), '', { mode: 0o644 })

    await history.append(revision())

    expect([mode(fileOf('sites-source')), mode(folder)]).toEqual([0o600, 0o700])
  })

  it.each([
    '..',
    '../x',
    'A',
    'a',
    'ä/b',
    '.hidden',
    'x.jsonl',
    '%41',
    'a b',
    '\u0000',
    'n'.repeat(400),
    `${'n'.repeat(400)}2`,
  ])('keeps the odd name %j apart from every other', async name => {
    const others = ['..', 'A', 'a', 'n'.repeat(400), `${'n'.repeat(400)}2`].filter(other => other !== name)
    for (const other of others) await history.append(revision({ name: other }))

    await history.append(revision({ name, config: { own: 'yes' } }))

    expect(await history.latest(name)).toMatchObject({ name, revision: 1, config: { own: 'yes' } })
    expect(new Set(readdirSync(folder).map(file => file.toLowerCase())).size).toBe(others.length + 1)
    expect(readdirSync(parent)).toEqual(['contexts'])
  })

  it('keeps no secret that stood in clear, and says so', async () => {
    await history.append(revision({ config: { 'x.password': 'hunter2' } }))
    await history.append(revision({ config: { 'x.password': '${env:PW}' } }))

    expect(readFileSync(fileOf('sites-source'), 'utf8')).not.toContain('hunter2')
    expect(await history.get('sites-source', 1)).toMatchObject({
      config: { 'x.password': '***' },
      isMasked: true,
    })
    expect(await history.get('sites-source', 2)).toMatchObject({
      config: { 'x.password': '${env:PW}' },
      isMasked: false,
    })
  })

  it.each([
    ['***', true],
    ['postgres://u:***@h/d', true],
    ['jdbc:postgresql://h/d?password=***&x=1', true],
    ['select 1 /*** note ***/', false],
  ])('%s that is kept again is masked: %s', async (value, isMasked) => {
    await history.append(revision({ config: { a: value } }))

    expect(await history.latest('sites-source')).toMatchObject({ isMasked })
  })

  it('says which file cannot be written', async () => {
    writeFileSync(join(parent, 'contexts'), 'a file, not a folder')

    const { message } = await refusal(() => history.append(revision()))

    expect(message).toContain(`the history ${fileOf('sites-source')} cannot be written: `)
  })
})

describe('list', () => {
  it('is newest first, with the keys that changed', async () => {
    await history.append(revision({ kind: 'create', config: { a: '1', b: '1' }, state: undefined }))
    await history.append(revision({ name: 'other', kind: 'create' }))
    await history.append(revision({ config: { a: '2', c: '1' }, state: undefined }))
    await history.append(revision({ kind: 'set-state', config: { a: '2', c: '1' }, state: 'paused' }))

    const brief = (await history.list()).map(({ revision: number, name, keys }) => [
      name,
      number,
      keys.join(),
    ])

    expect(brief).toEqual([
      ['sites-source', 3, 'state'],
      ['sites-source', 2, 'a,b,c'],
      ['other', 1, 'a'],
      ['sites-source', 1, 'a,b'],
    ])
    expect((await history.list('other')).map(({ name }) => name)).toEqual(['other'])
  })
})

it('list keeps the order of the revisions when the clock was set back', async () => {
  await history.append(revision())
  nowMs -= 60_000
  await history.append(revision())

  expect((await history.list()).map(one => one.revision)).toEqual([2, 1])
})

describe('ownedNames', () => {
  it.each<[readonly NewRevision['kind'][], boolean]>([
    [['create'], true],
    [['configure', 'set-state', 'restart', 'patch', 'rollback'], true],
    [['create', 'delete'], false],
    [['found', 'configure', 'found'], true],
    [['found', 'set-state'], false],
    [['create', 'delete', 'create'], true],
    [['patch'], false],
    [['set-state', 'rollback'], false],
  ])('after %j the connector is ours: %s', async (kinds, isOwned) => {
    for (const kind of kinds) await history.append(revision({ kind }))

    expect((await history.ownedNames()).has('sites-source')).toBe(isOwned)
  })
})

describe('a damaged file', () => {
  beforeEach(async () => {
    await history.append(revision({ kind: 'create' }))
    await history.append(revision({ config: { a: '2' } }))
    await history.append(revision({ config: { a: '3' } }))
  })

  const lines = () => readFileSync(fileOf('sites-source'), 'utf8').split('\n')

  it.each([1, 20, 60])(
    'whose last line was cut off %s bytes from its end is read without it',
    async bytes => {
      const { size } = statSync(fileOf('sites-source'))
      truncateSync(fileOf('sites-source'), size - 1 - bytes)

      expect(await history.latest('sites-source')).toMatchObject({ revision: 2 })
      expect(await history.append(revision({ config: { a: '4' } }))).toBe(3)
      expect((await history.list('sites-source')).map(one => one.revision)).toEqual([3, 2, 1])
    },
  )

  it('whose last line lacks only its end keeps it', async () => {
    truncateSync(fileOf('sites-source'), statSync(fileOf('sites-source')).size - 1)

    expect(await history.latest('sites-source')).toMatchObject({ revision: 3 })
    expect(await history.append(revision())).toBe(4)
  })

  it('that was torn twice in a row is read without both', async () => {
    for (const config of [{ a: '4' }, { a: '5' }]) {
      await history.append(revision({ config }))
      truncateSync(fileOf('sites-source'), statSync(fileOf('sites-source')).size - 30)
    }

    expect(await history.append(revision({ config: { a: '6' } }))).toBe(4)
    expect(await history.list('sites-source')).toHaveLength(4)
  })

  it('fails only what needs the damaged line, and is named with it', async () => {
    const [first, , third] = lines()
    writeFileSync(fileOf('sites-source'), [first, '{"not":"a revision"}', third, ''].join('\n'))

    expect(await history.latest('sites-source')).toMatchObject({ revision: 3, config: { a: '3' } })
    expect(await history.get('sites-source', 1)).toMatchObject({ config: { a: '1' } })
    expect(await history.ownedNames()).toEqual(new Set(['sites-source']))
    expect(await history.append(revision())).toBe(4)
    for (const act of [() => history.get('sites-source', 2), () => history.list()]) {
      expect(await refusal(act)).toMatchObject({
        message: `line 2 of the history ${fileOf('sites-source')} is damaged: it is no revision`,
        hint: `look at it with: sed -n 2p ${fileOf('sites-source')}`,
      })
    }
  })

  it('fails what needs its whole last line', async () => {
    appendFileSync(fileOf('sites-source'), 'garbage\n')

    for (const act of [() => history.latest('sites-source'), () => history.ownedNames()]) {
      expect((await refusal(act)).message).toContain('line 4 of the history')
    }
    expect(await history.get('sites-source', 3)).toMatchObject({ config: { a: '3' } })
    expect(await history.latest('other')).toBeUndefined()
  })
})

describe('saved offsets', () => {
  const offsets = [{ partition: { server: 'sites-db' }, offset: { lsn: 42 } }]

  it('are a file that can be given back, readable by its owner only', async () => {
    const path = await history.saveOffsets('Sites', offsets)

    expect(path).toBe(join(folder, 'offsets', '%53ites-20261121T120000005Z.json'))
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      name: 'Sites',
      at: '2026-11-21T12:00:00.005Z',
      offsets,
    })
    expect([mode(path), mode(join(folder, 'offsets')), mode(folder)]).toEqual([0o600, 0o700, 0o700])
  })

  it('are listed newest first, and not with those of a name that begins alike', async () => {
    const first = await history.saveOffsets('a', offsets)
    await history.saveOffsets('a-20261121T120000005Z', offsets)
    await history.saveOffsets('a-b', offsets)
    nowMs -= 1
    const second = await history.saveOffsets('a', offsets)
    nowMs -= 1
    const third = await history.saveOffsets('a', offsets)

    expect((await history.listOffsets('a')).map(({ path }) => path)).toEqual([third, second, first])
    expect(third).toBe(second.replace('.json', '-2.json'))
  })

  it('are no revision', async () => {
    await history.saveOffsets('a', offsets)

    expect(await history.list()).toEqual([])
  })
})

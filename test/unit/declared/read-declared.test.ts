import { chmod, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDeclared } from '../../../control/declared/read-declared.ts'
import { createFolder, read, refusal } from './read.ts'

const bare = (name: string) => `{"name": "${name}", "connector.class": "C"}`
const noStdin = () => {
  throw new Error('standard input was read')
}

async function configOf(file: string, text: string | Uint8Array) {
  const { connectors } = await read({ [file]: text })
  return connectors[0]?.config
}

describe('the files', () => {
  it('are those below a folder, sorted, without hidden ones and node_modules, each once', async () => {
    const { connectors } = await read(
      {
        'all/b.yaml': bare('b'),
        'all/a/z.JSON': bare('z'),
        'all/a/y.yml': bare('y'),
        'all/readme.md': 'no connector',
        'all/.hidden/x.json': '{',
        'all/.x.json': '{',
        'all/node_modules/m.json': '{',
      },
      { paths: ['all/', 'all/b.yaml', './all'] },
    )

    expect(connectors.map(({ name, origin }) => [name, origin.file])).toEqual([
      ['y', 'all/a/y.yml'],
      ['z', 'all/a/z.JSON'],
      ['b', 'all/b.yaml'],
    ])
  })

  it('may be links, also one that leads back into its own folder', async () => {
    await using folder = await createFolder({ 'data/a.json': bare('a'), 'mount/': '' })
    await symlink('../data/a.json', join(folder.path, 'mount/a.json'))
    await symlink('.', join(folder.path, 'mount/loop'))
    await symlink('nowhere', join(folder.path, 'data/lost.json'))

    const read = (paths: string[]) => readDeclared({ paths, readStdin: noStdin, cwd: folder.path })

    expect((await read(['mount'])).connectors[0]?.origin.file).toBe('mount/a.json')
    await expect(read(['data'])).rejects.toThrow('data/lost.json: is a link that leads nowhere')
  })

  it('of this repository are read', async () => {
    const { connectors } = await readDeclared({
      paths: ['connectors'],
      readStdin: noStdin,
      cwd: process.cwd(),
    })

    expect(connectors.map(({ name }) => name)).toEqual(['community-source', 'sites-source', 'warehouse-sink'])
  })

  it('include standard input, as JSON or YAML', async () => {
    const json = await read({}, { paths: ['-'], stdin: ` [\n${bare('a')}]` })
    const yaml = await read({}, { paths: ['-', '-'], stdin: 'connector.class: C\nk: [1, 2]\n', name: 'b' })

    expect([...json.connectors, ...yaml.connectors]).toEqual([
      {
        name: 'a',
        config: { 'connector.class': 'C' },
        state: undefined,
        origin: { file: '<stdin>', line: 2 },
      },
      {
        name: 'b',
        config: { 'connector.class': 'C', k: '1,2' },
        state: undefined,
        origin: { file: '<stdin>', line: undefined },
      },
    ])
  })

  it.each([
    ['connectors/moodle/sites-sorce.json', 'connectors/moodle/sites-source.json'],
    ['conectors/moodle/sites-source.json', 'connectors/moodle/sites-source.json'],
    ['/nowhere/at/all.json', undefined],
    ['connectors/moodle/sites-source.json/x', undefined],
  ])('are refused where there is none: %s', async (path, meant) => {
    const error = readDeclared({ paths: [path], readStdin: noStdin, cwd: process.cwd() })

    await expect(error).rejects.toMatchObject({
      message: `${path}: there is no such file or folder`,
      hint: meant && `-f ${meant}`,
    })
  })

  it('are refused where they cannot be read', async () => {
    await using folder = await createFolder({ 'a.json': bare('a'), 'shut/b.json': bare('b') })
    const closed = [join(folder.path, 'a.json'), join(folder.path, 'shut')]
    for (const path of closed) await chmod(path, 0)
    await chmod(folder.path, 0o755)

    const error = await asSomebodyElse(() =>
      readDeclared({ paths: ['a.json', 'shut'], readStdin: noStdin, cwd: folder.path }).catch(error => error),
    )

    expect(error).toMatchObject({
      message:
        'shut: the folder cannot be read: its permissions do not allow it\na.json: cannot be read: its permissions do not allow it',
    })
    for (const path of closed) await chmod(path, 0o700)
  })
})

describe('a text', () => {
  const expected = { 'connector.class': 'C', k: 'é' }

  it.each([
    ['a.json', '\ufeff{"connector.class": "C", "k": "é"}'],
    ['a.yaml', '\ufeffconnector.class: C\nk: é\n'],
    ['a.json', '{\r\n\t"connector.class": "C",\r\n\t"k": "\\u00e9"\r\n}\r\n'],
    ['a.yaml', 'connector.class: C\r\nk: é\r\n'],
    ['a.conf', '{"connector.class": "C", "k": "é"}'],
    ['a.conf', '{connector.class: C, k: é}'],
  ])('may have a byte order mark, CRLF, tabs and any extension: %s %j', async (file, text) => {
    expect(await configOf(file, text)).toEqual(expected)
  })

  it('keeps values as they are written', async () => {
    const numbers = '1, 1.0, 1e5, -0, 12345678901234567890, true'
    const fromJson = await configOf('a.json', `{"connector.class": "C", "n": [${numbers}], "e": [], "s": ""}`)
    const fromYaml = await configOf(
      'a.yaml',
      `connector.class: C\nn: [${numbers}, 0x10, 010, yes, on, "true", ~x]\nblock: |\n  a\n  b\nanchor: &x 1\nalias: *x\n`,
    )

    expect(fromJson).toEqual({ 'connector.class': 'C', n: numbers.replaceAll(' ', ''), e: '', s: '' })
    expect(fromYaml).toEqual({
      'connector.class': 'C',
      n: `${numbers.replaceAll(' ', '')},0x10,010,yes,on,true,~x`,
      block: 'a\nb\n',
      anchor: '1',
      alias: '1',
    })
  })

  it('may merge mappings', async () => {
    const text = '- &a { name: a, connector.class: C, k: 1 }\n- { <<: [*a], name: b, k: 2 }\n'
    const { connectors } = await read({ 'a.yaml': text })

    expect(connectors[1]).toEqual({
      name: 'b',
      config: { 'connector.class': 'C', k: '2' },
      state: undefined,
      origin: { file: 'a.yaml', line: 2 },
    })
  })

  it.each(['a.json', 'a.yaml'])('may have keys that JavaScript means something by: %s', async file => {
    const config = await configOf(
      file,
      '{"connector.class": "C", "__proto__": "p", "constructor": "c", "toString": 1}',
    )

    expect(Object.entries(config ?? {})).toEqual([
      ['connector.class', 'C'],
      ['__proto__', 'p'],
      ['constructor', 'c'],
      ['toString', '1'],
    ])
    expect(Object.getPrototypeOf(config)).toBe(Object.prototype)
  })

  const aliases = (form: (alias: string) => string) =>
    `a: &a { x: 1 }\n${[...'bcdefgh'].map((letter, index) => `${letter}: &${letter} ${form(Array(10).fill(`*${'abcdefg'[index]}`).join(', '))}\n`).join('')}connector.class: *h\n`

  it.each([
    ['a.json', '', 'a.json: is empty'],
    ['a.yaml', '# nothing\n', 'a.yaml: is empty'],
    [
      'a.json',
      new Uint8Array([0x7b, 0x0a, 0x22, 0xff]),
      'a.json line 2: is not UTF-8 text; save it as UTF-8',
    ],
    ['a.json', new Uint8Array([0xff, 0xfe, 0x7b, 0]), 'a.json: is UTF-16; save it as UTF-8'],
    ['a.json', ' '.repeat(10 * 1024 * 1024), 'a.json: has 10.0 MiB; a file of connectors may have 4 MiB'],
    ['a.json', '{\n  "a": 1, // why\n}', 'a.json line 2, column 11: not JSON: a comment stands here'],
    ['a.json', '{\n  "a": 1,\n}', 'a.json line 3, column 1: not JSON: a comma stands before "}"'],
    [
      'a.json',
      '{"a": 1\n"b": 2}',
      'a.json line 2, column 1: not JSON: "," or "}" is expected, a text stands here',
    ],
    ['a.json', '{"a": hunter2}', 'a.json line 1, column 7: not JSON: a value is expected, "h" stands here'],
    [
      'a.json',
      "{'a': 1}",
      `a.json line 1, column 2: not JSON: "'" stands here; JSON writes texts in double quotes`,
    ],
    ['a.json', '{"a": 01}', 'a.json line 1, column 7: not JSON: a value is expected, "0" stands here'],
    ['a.json', '{"a": truely}', 'a.json line 1, column 7: not JSON: a value is expected, "t" stands here'],
    ['a.json', '{"a"', 'a.json line 1, column 5: not JSON: the file ends where ":" is expected'],
    [
      'a.json',
      '{} {}',
      'a.json line 1, column 4: not JSON: the end of the file is expected, "{" stands here',
    ],
    [
      'a.json',
      '{"a": "x\ny"}',
      expect.stringMatching(/^a\.json line 1, column 7: not JSON: the text that begins here has no end/),
    ],
    [
      'a.json',
      '{"a": "\\x"}',
      expect.stringMatching(/^a\.json line 1, column 7: not JSON: the text that begins here has no end/),
    ],
    ['a.json', '['.repeat(100), 'a.json line 1, column 66: not JSON: nested deeper than 64 levels'],
    [
      'a.json',
      '{"connector.class": "C",\n"k": 1,\n"k": 2}',
      'a.json line 3: k is refused: the key stands twice, first at line 2',
    ],
    [
      'a.yaml',
      'connector.class: C\nk: 1\n"k": 2',
      'a.yaml line 3: k is refused: the key stands twice, first at line 2',
    ],
    [
      'a.json',
      '{"connector.class": "C", "k": null}',
      'a.json line 1: k is refused: null is no value; leave the key away, or write ""',
    ],
    [
      'a.yaml',
      'connector.class: C\nk:\n',
      'a.yaml line 2: k is refused: null is no value; leave the key away, or write ""',
    ],
    [
      'a.yaml',
      'connector.class: C\nk: { a: 1 }',
      'a.yaml line 2: k is refused: a mapping is no value; a value is a text, number or boolean',
    ],
    [
      'a.yaml',
      'connector.class: C\nk: [1, [2]]',
      'a.yaml line 2: k[1] is refused: a list is no value; a value is a text, number or boolean',
    ],
    [
      'a.yaml',
      'connector.class: C\nk: *lost',
      'a.yaml line 2: k is refused: no anchor "&lost" stands above it',
    ],
    ['a.yaml', 'connector.class: C\nk: &k [*k]', 'a.yaml line 2: k[0] is refused: it contains itself'],
    [
      'a.yaml',
      'connector.class: C\n<<: 1',
      'a.yaml line 2: << is refused: only a mapping or a list of mappings can be merged',
    ],
    ['a.yaml', 'k: !secret x', 'a.yaml line 1, column 4: not YAML: Unresolved tag: !secret'],
    ['a.yaml', 'a:\n\tb: hunter2', 'a.yaml line 2, column 1: not YAML: a tab stands where only spaces may'],
    [
      'a.yaml',
      '"a" "hunter2"',
      expect.stringMatching(/^a\.yaml line 1, column \d+: not YAML: (?!.*hunter2)/),
    ],
    ['a.yaml', '['.repeat(100_000), 'a.yaml: is refused: nested deeper than 64 levels'],
    [
      'a.yaml',
      `k: ${'['.repeat(100)}${']'.repeat(100)}`,
      expect.stringMatching(/is refused: nested deeper than 64 levels$/),
    ],
    ['a.yaml', '- '.repeat(100_000), 'a.yaml: is refused: nested deeper than 64 levels'],
    [
      'a.yaml',
      aliases(list => `[${list}]`),
      expect.stringMatching(/is refused: its aliases stand for more than 10000 values$/),
    ],
    [
      'a.yaml',
      aliases(list => `{ <<: [${list}] }`),
      expect.stringMatching(/is refused: its aliases stand for more than 10000 values$/),
    ],
  ])('is refused: %s %#', async (file, text, message) => {
    expect((await refusal({ [file]: text })).message).toEqual(message)
  })

  it('from standard input is bounded, too', async () => {
    const { message } = await refusal({}, { paths: ['-'], stdin: ' '.repeat(5 * 1024 * 1024) })

    expect(message).toBe('<stdin>: has more than 4 MiB; a file of connectors may have 4 MiB')
    const readStdin = async () => Buffer.alloc(5 * 1024 * 1024, ' ')
    await expect(readDeclared({ paths: ['-'], readStdin, cwd: '.' })).rejects.toThrow('<stdin>: has 5.0 MiB;')
  })
})

describe('a name', () => {
  it('comes from the file, then from -n, then from the name of the file', async () => {
    const file = { 'dir/some.source.json': '{"connector.class": "C"}' }

    expect((await read(file)).connectors[0]?.name).toBe('some.source')
    expect((await read(file, { name: 'b' })).connectors[0]?.name).toBe('b')
    expect((await read({ 'x.json': bare('a') }, { name: 'a' })).connectors[0]?.name).toBe('a')
  })

  it('is refused where it is another than -n says, and where standard input has none', async () => {
    expect(await refusal({ 'x.json': bare('a') }, { name: 'b' })).toEqual({
      message: 'x.json line 1: the name "a" is not "b", which -n says',
      hint: 'leave -n away',
    })
    expect((await refusal({}, { paths: ['-'], stdin: 'connector.class: C' })).message).toBe(
      '<stdin> line 1: has no name',
    )
  })

  it('is refused where two files have it', async () => {
    const { message } = await refusal({ 'a.json': `[${bare('x')},\n${bare('x')}]`, 'b.json': bare('x') })

    expect(message).toBe(
      'a.json line 2: the connector "x" is declared a second time, first in a.json line 1\nb.json: the connector "x" is declared a second time, first in a.json line 1',
    )
  })
})

describe('the problems', () => {
  it('of all files are told together, and nothing is given back', async () => {
    const files = {
      'empty/': '',
      'a.json': '{"connector.class": "C",\n"b": null,\n"a": {}}',
      'b.json': '{',
      'c.json': bare('c'),
    }

    expect(await refusal(files, { paths: ['c.json', 'empty/', 'lost.json', 'a.json', 'b.json'] })).toEqual({
      message: [
        'empty: the folder holds no file that ends with .json, .yaml or .yml',
        'lost.json: there is no such file or folder',
        'a.json line 2: b is refused: null is no value; leave the key away, or write ""',
        'a.json line 3: a is refused: a mapping is no value; a value is a text, number or boolean',
        'b.json line 1, column 2: not JSON: the file ends where a key in double quotes is expected',
      ].join('\n'),
      hint: undefined,
    })
  })

  it('beyond a hundred are counted', async () => {
    const keys = Array.from({ length: 150 }, (_, index) => `k${index}: null`)
    const { message } = await refusal({ 'a.yaml': `connector.class: C\n${keys.join('\n')}` })

    expect(message.split('\n')).toHaveLength(101)
    expect(message).toMatch(/\n… and 50 more$/)
  })

  it('are one where no file is named', async () => {
    expect(await refusal({}, { paths: [] })).toEqual({
      message: 'no file is named: nothing to read',
      hint: '-f FILE',
    })
  })
})

/** Permissions do not bind root. */
async function asSomebodyElse<T>(act: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return await act()
  process.seteuid?.(65_534)
  try {
    return await act()
  } finally {
    process.seteuid?.(0)
  }
}

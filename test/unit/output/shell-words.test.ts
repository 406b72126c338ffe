import { afterAll, describe, expect, it } from 'vitest'
import { hintForTarget } from '../../../control/errors/hint-for-target.ts'
import { sqlCommand } from '../../../control/health/commands-to-paste.ts'
import { named, shellWord, shellWords } from '../../../control/output/shell-words.ts'
import { actsOnTerminal, hostileNames, hostileTexts } from '../../support/hostile-texts.ts'
import { openPasting } from '../../support/paste.ts'

const pasting = openPasting()
afterAll(() => pasting[Symbol.dispose]())

describe.each(['sh', 'bash'])('pasted into %s', shell => {
  it('a word is the very text, whatever is in it', () => {
    const line = `npx trib ${shellWords(hostileTexts)}`

    expect(pasting.paste(line, shell)).toEqual([['npx', 'trib', ...hostileTexts]])
  })

  it('SQL reaches the database as it was meant', () => {
    const place = { name: 'warehouse', host: 'h', port: 1, user: 'u', database: "d'; touch owned" }
    const sql = (text: string) => `select '${text}' as "${text}"`

    for (const text of hostileTexts) {
      expect(pasting.paste(sqlCommand({ ...place, isService: true }, sql(text)), shell)).toEqual([
        ['npx', 'trib', 'sql', 'warehouse', sql(text)],
      ])
    }
    expect(pasting.paste(sqlCommand({ ...place, isService: false }, sql("it's")), shell)).toEqual([
      ['psql', `postgres://u@h:1/${place.database}`, '-c', sql("it's")],
    ])
  })
})

it('what is plain is written plainly, and SQL with quotes readably', () => {
  expect(shellWord('public.Orders')).toBe('public.Orders')
  expect(shellWord('public.*')).toBe("'public.*'")
  expect(shellWord(`select 'a', "b"`)).toBe(`"select 'a', \\"b\\""`)
  expect(shellWord(`select 'a$'`)).toBe(`'select '\\''a$'\\'''`)
  expect(shellWord('red \u001b[31m')).toBe(`'red '"$(printf '\\033')"'[31m'`)
})

it('a word holds nothing that the terminal which shows it acts upon', () => {
  expect(hostileTexts.filter(text => actsOnTerminal.test(text)).length).toBeGreaterThan(10)
  expect(hostileTexts.filter(text => actsOnTerminal.test(shellWord(text)))).toEqual([])
})

it('a name that looks like an option is none: options stand before, and -- between', () => {
  expect(named('orders', '--tasks all')).toBe('orders --tasks all')
  expect(named('-e.*', '--yes')).toBe("--yes -- '-e.*'")
  expect(named(['a', '--yes'])).toBe('-- a --yes')
})

it('stack and context are put into a line whatever its words hold', () => {
  const target = { stack: 'b', context: "my 'prod'" }

  for (const name of hostileNames) {
    const line = hintForTarget(`npx trib delete offsets ${named(name, '--yes')}`, target)
    const [argv] = pasting.paste(line)

    expect(argv?.slice(0, 7), name).toEqual(['npx', 'trib', 'delete', '-c', target.context, '--stack', 'b'])
    expect(
      argv?.filter(word => word !== '--'),
      name,
    ).toContain(name)
  }
})

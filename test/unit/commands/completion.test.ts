import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { hostileNames } from '../../support/hostile-texts.ts'
import { config, openFakeWorld } from './fake-world.ts'

it('bash completes the name of a connector as one word, which runs nothing', async () => {
  await using world = await openFakeWorld()
  for (const name of hostileNames) await world.other.create(name, config, 'STOPPED')
  const script = (await world.terminal.run(['completion', 'bash'])).stdout
  const candidates = (await world.terminal.run(['complete', '--', 'describe', ''])).stdout
  const offered = hostileNames.filter(name => !name.startsWith('-'))
  expect(candidates.split('\n')).toEqual(expect.arrayContaining(offered))

  // What Tab puts into the line, and what the line then is.
  const { stdout, stderr } = spawnSync('bash', ['--norc'], {
    input: `trib() { printf '%s\\n' "$CANDIDATES"; }
${script}
COMP_WORDS=(trib describe ''); COMP_CWORD=2
_trib
for word in "\${COMPREPLY[@]}"; do eval "printf '%s\\n' $word"; done
`,
    env: { PATH: '/usr/bin:/bin', CANDIDATES: candidates.trimEnd() },
    encoding: 'utf8',
  })

  expect(stderr).toBe('')
  expect(stdout).toBe(candidates)
})

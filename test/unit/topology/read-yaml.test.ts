import { describe, expect, it } from 'vitest'
import { read, readWeb, refusal, webRefusal, withService } from './read.ts'

describe('the YAML of a compose file', () => {
  it('may use merge keys: one, or a list in which the first wins, under what the mapping says itself', () => {
    const text = `
name: demo
x-one: &one { A: one, B: one }
x-two: &two { B: two, C: two, D: two }
x-nested: &nested { <<: *two, D: nested }
services:
  web:
    image: demo/web:1
    environment: { <<: [*one, *nested], A: own }
  db:
    image: demo/db:1
    environment:
      <<: *nested
`
    const [web, db] = read(text).services

    expect(web?.environment).toEqual({ A: 'own', B: 'one', C: 'two', D: 'nested' })
    expect(db?.environment).toEqual({ B: 'two', C: 'two', D: 'nested' })
  })

  it('keeps numbers as they are written', () => {
    const service = readWeb('environment: { A: 16777216, B: 0.5, C: "010", D: "true" }')

    expect(service.environment).toEqual({ A: '16777216', B: '0.5', C: '010', D: 'true' })
  })

  it.each([
    ['', 'docker-compose.yml line 1: the file is empty'],
    ['# nothing\n', 'docker-compose.yml line 1: the file is empty'],
    ['- a\n', 'docker-compose.yml line 1: the file is no mapping of keys to values'],
    ['services: {}\nname: demo\n', 'docker-compose.yml line 1: services is refused: "{}" names no service'],
    ['name: demo\n', 'docker-compose.yml line 1: the key "services" is missing'],
    ['services: { web: { image: demo/web:1 } }\n', 'docker-compose.yml line 1: the key "name" is missing'],
    [
      'name: Demo\nservices: { web: { image: demo/web:1 } }\n',
      'docker-compose.yml line 1: name is refused: "Demo" is not lower-case letters, digits, - and _',
    ],
    [
      'name: demo\nservices: { ../web: { image: demo/web:1 } }\n',
      'docker-compose.yml line 2: services.../web is refused: a name is letters, digits, ".", "-" and "_", and begins with a letter or digit',
    ],
    [
      'name: demo\nservices: { web: { image: demo/web:1 } }\nvolumes: { a b: }\n',
      'docker-compose.yml line 3: volumes.a b is refused: a name is letters, digits, ".", "-" and "_", and begins with a letter or digit',
    ],
    [
      'name: demo\nservices:\n  web: [\n',
      'docker-compose.yml line 4: column 1: not the YAML of a compose file: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'name: demo\nservices: !reset {}\n',
      'docker-compose.yml line 2: column 11: not the YAML of a compose file: Unresolved tag: !reset',
    ],
    [
      'name: demo\nservices:\n  web: *lost\n',
      'docker-compose.yml line 3: services.web is refused: no anchor "&lost" stands above it',
    ],
    [
      'name: demo\nservices:\n  web: &web\n    image: demo/web:1\n    x-inner: *web\n',
      'docker-compose.yml line 5: services.web.x-inner is refused: "*web" contains itself',
    ],
  ])('is refused: %j', (text, message) => {
    expect(refusal(text).message.split('\n')[0]).toBe(message)
  })

  it('is refused with a key that stands twice', () => {
    expect(webRefusal('command: [a]\nprofiles: []\ncommand: [b]')).toBe(
      'docker-compose.yml line 7: services.web.command is refused: the key stands twice, first at line 5',
    )
  })

  it('is refused with a merge of something that is no mapping', () => {
    expect(webRefusal('environment:\n  <<: text')).toBe(
      'docker-compose.yml line 6: services.web.environment.<< is refused: only a mapping or a list of mappings can be merged',
    )
  })
})

describe('a variable of a compose file', () => {
  it('is filled into values, and not into keys', () => {
    const service = readWeb('environment:\n  $NAME: a-${NAME}', { NAME: 'filled' })

    expect(service.environment).toEqual({ $NAME: 'a-filled' })
  })

  it('is missing with line, key, what the file says about it, and what helps', () => {
    const text = withService('environment:\n  PASSWORD: ${PASSWORD:?run "npm run up" once}')

    expect(refusal(text)).toEqual({
      message:
        'docker-compose.yml line 6: services.web.environment.PASSWORD needs the variable PASSWORD, which is not set: run "npm run up" once',
      hint: '`npm run up` writes what is missing into .env',
    })
  })

  it('is named together with the others that one value misses', () => {
    expect(webRefusal('command: ["${A}:${B}", "${C}${A}"]', { A: 'set' })).toBe(
      [
        'docker-compose.yml line 5: services.web.command[0] needs the variable B, which is not set',
        'docker-compose.yml line 5: services.web.command[1] needs the variable C, which is not set',
      ].join('\n'),
    )
    expect(webRefusal('command: ["${A}${B}${C}"]')).toBe(
      'docker-compose.yml line 5: services.web.command[0] needs the variables A, B and C, which are not set',
    )
  })

  it('is reported once, by the first service that uses it, when it stands behind an anchor', () => {
    const text =
      'x-environment: &environment\n  ID: $ID\nname: demo\nservices:\n  one: { image: demo:1, environment: *environment }\n  two: { image: demo:1, environment: *environment }\n'

    expect(refusal(text).message).toBe(
      'docker-compose.yml line 2: services.one.environment.ID needs the variable ID, which is not set',
    )
  })

  it('is refused where a dollar sign means nothing', () => {
    expect(webRefusal('command: [cost, $5]')).toBe(
      'docker-compose.yml line 5: services.web.command[1] is refused: "$5" cannot be filled in: a "$" begins a variable; write "$$" for the sign itself',
    )
  })

  it('never shows its value', () => {
    const environment = { SECRET: 'hunter2hunter2' }
    const lines = [
      'image: [$SECRET]',
      'command: "\'$SECRET"',
      'environment: [$SECRET]',
      'ports: ["$SECRET"]',
      'volumes: ["$SECRET"]',
      'depends_on: { a: { condition: $SECRET } }',
      'healthcheck: { test: [CMD, $SECRET], interval: $SECRET, retries: $SECRET }',
      'profiles: $SECRET',
      'stop_signal: $SECRET',
      'stop_grace_period: $SECRET',
    ]

    const { message, hint } = refusal(`name: demo\nservices:\n  web: { ${lines.join(', ')} }\n`, {
      environment,
    })

    expect(message.split('\n')).toHaveLength(11)
    expect(message).toMatch(/\n… and 3 more$/)
    expect(`${message}${hint}`).not.toContain('hunter2')
  })
})

describe('the problems of a compose file', () => {
  it('are told all at once, by line', () => {
    const text = `name: demo
services:
  web:
    imgae: demo/web:1
    privileged: true
    environment:
      PORT: $PORT
    ports:
      - "$PORT:80"
      - "5432:5432"
`
    expect(refusal(text)).toEqual({
      message: [
        'docker-compose.yml line 3: services.web has no image',
        'docker-compose.yml line 4: services.web.imgae is refused: unknown key',
        'docker-compose.yml line 5: services.web.privileged is refused: it opens this machine to the container',
        'docker-compose.yml line 7: services.web.environment.PORT needs the variable PORT, which is not set',
        'docker-compose.yml line 9: services.web.ports[0] needs the variable PORT, which is not set',
        'docker-compose.yml line 10: services.web.ports[1] is refused: "5432:5432" is published beyond 127.0.0.1; write 127.0.0.1:PORT:PORT',
      ].join('\n'),
      hint: 'write "image" instead of "imgae"\n`npm run up` writes what is missing into .env',
    })
  })
})

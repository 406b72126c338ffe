import { describe, expect, it } from 'vitest'
import { readWeb, webRefusal } from './read.ts'

/** The sentence for lines whose problem stands in the first of them. */
const at5 = (sentence: string) => `docker-compose.yml line 5: services.web.${sentence}`

describe('a service', () => {
  it('that says little has the defaults of Docker', () => {
    expect(readWeb('build: .')).toEqual({
      name: 'web',
      image: 'demo/web:1',
      isBuilt: true,
      command: [],
      environment: {},
      ports: [],
      mounts: [],
      dependsOn: [],
      health: undefined,
      profiles: [],
      stopSignal: undefined,
      stopGraceMs: 10_000,
      containersOnly: [],
    })
  })

  it('has a stop signal and a grace period', () => {
    const service = readWeb('stop_signal: SIGINT\nstop_grace_period: 1m30s')

    expect([service.stopSignal, service.stopGraceMs]).toEqual(['SIGINT', 90_000])
  })

  it.each([
    ['stop_signal: SIGNIT', at5('stop_signal is refused: "SIGNIT" is no signal such as SIGTERM or SIGINT')],
    ['profiles: bi', at5('profiles is refused: "bi" is no list')],
    ['profiles: [1]', at5('profiles[0] is refused: "1" is no text: put it in quotes')],
  ])('is refused: %s', (lines, message) => {
    expect(webRefusal(lines)).toBe(message)
  })
})

describe('a command', () => {
  it.each([
    ['command: [postgres, -c, "port=1"]', ['postgres', '-c', 'port=1']],
    ['command: postgres  -c port=1', ['postgres', '-c', 'port=1']],
    [`command: sh -c 'a  "b"' "c \\"d\\"" e\\ f ''`, ['sh', '-c', 'a  "b"', 'c "d"', 'e f', '']],
    [`command: sh -c "'"`, ['sh', '-c', "'"]],
    ['command:', []],
  ])('is a list, or split like a shell splits: %s', (lines, command) => {
    expect(readWeb(lines).command).toEqual(command)
  })

  it.each([
    [
      `command: sh -c 'open`,
      at5(`command is refused: "sh -c 'open" has a quote or a backslash without an end`),
    ],
    ['command: [postgres, -p, 5432]', at5('command[2] is refused: "5432" is no text: put it in quotes')],
    ['command: { a: b }', at5('command is refused: "{a: b}" is no list')],
  ])('is refused where it is neither: %s', (lines, message) => {
    expect(webRefusal(lines)).toBe(message)
  })
})

describe('an environment', () => {
  it('may be a list', () => {
    const service = readWeb('environment: ["A=1", B=x=y, C=, "D=$NAME"]', { NAME: 'filled' })

    expect(service.environment).toEqual({ A: '1', B: 'x=y', C: '', D: 'filled' })
  })

  it.each([
    ['environment: { A: true }', at5('environment.A is refused: "true" is no text: put it in quotes')],
    ['environment: { A: 1e3 }', at5('environment.A is refused: "1e3" is no text: put it in quotes')],
    ['environment: { A: 010 }', at5('environment.A is refused: "010" is no text: put it in quotes')],
    [
      'environment: { A: }',
      at5(
        'environment.A is refused: "" is no value: Compose would take it from the shell of whoever starts it',
      ),
    ],
    ['environment: { A: [a] }', at5('environment.A is refused: "[a]" is no text')],
    ['environment: [A]', at5('environment[0] is refused: "A" is not NAME=value')],
    ['environment: [A=1, A=2]', at5('environment[1] is refused: "A=2" sets its variable a second time')],
    ['environment: text', at5('environment is refused: "text" is no mapping of keys to values')],
  ])('is refused: %s', (lines, message) => {
    expect(webRefusal(lines)).toBe(message)
  })
})

describe('a port', () => {
  const environment = { PORT: '27130', OTHER: '27131' }

  it.each([
    ['ports: ["127.0.0.1:$PORT:$PORT"]', { host: '127.0.0.1', port: 27130, variable: 'PORT' }],
    ['ports: ["127.0.0.1:${PORT:-1}:${PORT:-1}/tcp"]', { host: '127.0.0.1', port: 27130, variable: 'PORT' }],
    ['ports: ["127.0.0.1:80:80"]', { host: '127.0.0.1', port: 80, variable: undefined }],
    [
      'ports: [{ host_ip: 127.0.0.1, published: "$PORT", target: "$PORT" }]',
      { host: '127.0.0.1', port: 27130, variable: 'PORT' },
    ],
    [
      'ports: [{ host_ip: 127.0.0.1, published: "80", target: 80, protocol: tcp }]',
      { host: '127.0.0.1', port: 80, variable: undefined },
    ],
  ])('is published: %s', (lines, port) => {
    expect(readWeb(lines, environment).ports).toEqual([port])
  })

  const beyond = 'is published beyond 127.0.0.1; write 127.0.0.1:PORT:PORT'
  const noPort = 'has no port from 1 to 65535'

  it.each([
    ['ports: [80]', at5(`ports[0] is refused: "80" ${beyond}`)],
    ['ports: ["80:80"]', at5(`ports[0] is refused: "80:80" ${beyond}`)],
    ['ports: ["0.0.0.0:80:80"]', at5(`ports[0] is refused: "0.0.0.0:80:80" ${beyond}`)],
    ['ports: ["[::1]:80:80"]', at5(`ports[0] is refused: "[::1]:80:80" ${beyond}`)],
    ['ports: ["127.0.0.1::80"]', at5(`ports[0] is refused: "127.0.0.1::80" ${noPort}`)],
    [
      'ports: ["127.0.0.1:8000-8010:8000-8010"]',
      at5(`ports[0] is refused: "127.0.0.1:8000-8010:8000-8010" ${noPort}`),
    ],
    ['ports: ["127.0.0.1:65536:65536"]', at5(`ports[0] is refused: "127.0.0.1:65536:65536" ${noPort}`)],
    ['ports: ["127.0.0.1:53:53/udp"]', at5('ports[0] is refused: "127.0.0.1:53:53/udp" is not TCP')],
    [
      'ports: ["127.0.0.1:$PORT:$OTHER"]',
      at5(
        'ports[0] is refused: "127.0.0.1:$PORT:$OTHER" has another port inside than outside; natively there is only one',
      ),
    ],
    [
      'ports: [{ published: "80", target: 80 }]',
      at5(`ports[0] is refused: "{published: 80, target: 80}" ${beyond}`),
    ],
    ['ports: { a: b }', at5('ports is refused: "{a: b}" is no list')],
  ])('is refused: %s', (lines, message) => {
    expect(webRefusal(lines, environment)).toBe(message)
  })
})

describe('a mount', () => {
  it.each([
    'volumes: ["data:/var/lib/data"]',
    'volumes: ["data:/var/lib/data:rw"]',
    'volumes: [{ type: volume, source: data, target: /var/lib/data }]',
  ])('is a named volume: %s', lines => {
    expect(readWeb(lines).mounts).toEqual([{ volume: 'data', path: '/var/lib/data' }])
  })

  it.each([
    'volumes: ["./analytics/rules.yml:/etc/rules.yml:ro"]',
    'volumes: [{ type: bind, source: ./analytics/rules.yml, target: /etc/rules.yml, read_only: true }]',
  ])('is a file of the clone, only for containers: %s', lines => {
    const { mounts, containersOnly } = readWeb(lines)

    expect({ mounts, containersOnly }).toEqual({
      mounts: [],
      containersOnly: ['volumes (./analytics/rules.yml)'],
    })
  })

  const outside = 'reaches outside the clone; use a named volume or ./FILE:/PATH:ro'

  it.each([
    [
      'volumes: ["other:/data"]',
      at5('volumes[0] is refused: "other:/data" names a volume that the file does not declare under volumes'),
    ],
    [
      'volumes: ["./data:/data"]',
      at5(
        'volumes[0] is refused: "./data:/data" lets a container write into the clone; end it with :ro, or use a named volume',
      ),
    ],
    ['volumes: ["/etc:/etc:ro"]', at5(`volumes[0] is refused: "/etc:/etc:ro" ${outside}`)],
    ['volumes: ["./../x:/x:ro"]', at5(`volumes[0] is refused: "./../x:/x:ro" ${outside}`)],
    ['volumes: ["~/x:/x:ro"]', at5(`volumes[0] is refused: "~/x:/x:ro" ${outside}`)],
    [
      'volumes: ["data:/data:ro"]',
      at5('volumes[0] is refused: "data:/data:ro" is a volume that its service cannot write'),
    ],
    ['volumes: [/data]', at5('volumes[0] is refused: "/data" is not VOLUME:/PATH')],
    ['volumes: ["data:data"]', at5('volumes[0] is refused: "data:data" is not VOLUME:/PATH')],
    [
      'volumes: [{ type: tmpfs, target: /tmp }]',
      at5('volumes[0] is refused: "{type: tmpfs, target: /tmp}" is of a type other than volume and bind'),
    ],
    ['volumes: data', at5('volumes is refused: "data" is no list')],
  ])('is refused: %s', (lines, message) => {
    expect(webRefusal(lines)).toBe(message)
  })
})

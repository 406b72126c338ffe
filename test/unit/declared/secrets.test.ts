import { describe, expect, it } from 'vitest'
import { isSecretKey } from '../../../control/declared/secret-key.ts'
import { checkLiteralSecrets, findLiteralSecrets, maskValue } from '../../../control/declared/secrets.ts'

describe('a key', () => {
  it.each([
    'database.password',
    'connection.passwd',
    'ssl.key.passphrase',
    'database.ssl.keystore.password',
    'producer.override.ssl.truststore.password',
    'ssl.keystore.key',
    'client.secret',
    'aws.secret.access.key',
    'aws_secret_access_key',
    'accessKey',
    'secretKey',
    'api.key',
    'http.apikey',
    'snowflake.private.key',
    'azure.storage.account.key',
    'bearer.token',
    'gcs.credentials.json',
    'sasl.jaas.config',
    'schema.history.internal.consumer.sasl.jaas.config',
    'value.converter.basic.auth.user.info',
    'http.headers.authorization',
    'transforms.cipher.encryption.key',
  ])('is a secret’s: %s', key => {
    expect(isSecretKey(key)).toBe(true)
  })

  it.each([
    'key.converter',
    'value.converter',
    'message.key.columns',
    'primary.key.mode',
    'primary.key.fields',
    'database.user',
    'ssl.keystore.location',
    'ssl.truststore.type',
    'sasl.oauthbearer.token.endpoint.url',
    'value.converter.basic.auth.credentials.source',
    'aws.credentials.provider.class',
    'aws.access.key.id',
    'client.secret.file',
    'gcs.credentials.path',
    'token.refresh.enabled',
    'tokenizer',
    'max.tokens',
    'transforms.maskPassword.type',
    'transforms.maskPassword.replacement',
    'transforms.token.value',
    'snapshot.select.statement.overrides.public.password',
    'constructor',
    '__proto__',
    '',
  ])('is no secret’s: %s', key => {
    expect(isSecretKey(key)).toBe(false)
  })

  it.each([
    ['connection.login', 'PASSWORD', true],
    ['delete.token', 'BOOLEAN', false],
    ['passwords.seen', 'LIST', false],
    ['connection.password', 'STRING', true],
    ['connection.user', 'STRING', false],
  ])(
    'that the plugin declares is judged by its type, unless that is STRING: %s %s',
    (key, type, expected) => {
      expect(isSecretKey(key, new Map([[key, { type }]]))).toBe(expected)
    },
  )
})

describe('a masked value', () => {
  const jaas = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password='

  it.each([
    ['database.password', 'hunter2', '***'],
    ['database.password', '', ''],
    ['database.password', '${env:X}', '${env:X}'],
    ['database.password', '${file:/run/secrets.properties:db}', '${file:/run/secrets.properties:db}'],
    ['database.password', '${vault:a/b:c}-${secretManager:d}', '${vault:a/b:c}-${secretManager:d}'],
    ['database.password', 'hunter2${env:X}', '***${env:X}'],
    ['database.password', '${topic}', '***'],
    ['database.password', 'postgres://looks/like', '***'],
    ['bearer.token', 'Bearer abc', 'Bearer ***'],
    ['http.headers.authorization', 'Bearer ${env:TOKEN}', 'Bearer ${env:TOKEN}'],
    ['basic.auth.user.info', 'user:hunter2', 'user:***'],
    ['basic.auth.user.info', '${env:U}:${env:P}', '${env:U}:${env:P}'],
    ['basic.auth.user.info', 'hunter2', '***'],
    ['sasl.jaas.config', `${jaas}"hunter2";`, `${jaas}"***";`],
    ['sasl.jaas.config', `${jaas}"hun\\"ter2" x="y";`, `${jaas}"***" x="y";`],
    ['sasl.jaas.config', `${jaas}"\${env:P}";`, `${jaas}"\${env:P}";`],
    ['sasl.jaas.config', `${jaas}'hunter2' clientSecret=abc;`, `${jaas}'***' clientSecret=***;`],
    ['sasl.jaas.config', 'hunter2', '***'],
    [
      'connection.url',
      'jdbc:postgresql://h:5432/d?user=u&password=hunter2&ssl=true',
      'jdbc:postgresql://h:5432/d?user=u&password=***&ssl=true',
    ],
    [
      'connection.url',
      'jdbc:postgresql://h/d?sslpassword=a&PWD=b',
      'jdbc:postgresql://h/d?sslpassword=***&PWD=***',
    ],
    [
      'connection.url',
      'jdbc:postgresql://${env:H}:${env:P}/d?password=${env:X}',
      'jdbc:postgresql://${env:H}:${env:P}/d?password=${env:X}',
    ],
    [
      'connection.url',
      'jdbc:sqlserver://h:1433;user=u;password={a;b};encrypt=true',
      'jdbc:sqlserver://h:1433;user=u;password=***;encrypt=true',
    ],
    ['connection.url', 'jdbc:oracle:thin:scott/tiger@h:1521:x', 'jdbc:oracle:thin:scott/***@h:1521:x'],
    ['connection.uri', 'mongodb+srv://u:p@ss@h1:1,h2:2/d?x=a@b', 'mongodb+srv://u:***@h1:1,h2:2/d?x=a@b'],
    ['connection.uri', 'mongodb://u:pa/ss@h/d', 'mongodb://u:***@h/d'],
    ['connection.uri', 'mongodb://u:${file:/a:b}@h/d', 'mongodb://u:${file:/a:b}@h/d'],
    ['connection.url', 'https://h:8080/a@b', 'https://h:8080/a@b'],
    ['elastic.urls', 'https://a:b@h1,https://c:d@h2', 'https://a:***@h1,https://c:***@h2'],
    [
      'azure.connection',
      'Endpoint=sb://x;SharedAccessKey=abc=;EntityPath=e',
      'Endpoint=sb://x;SharedAccessKey=***;EntityPath=e',
    ],
    ['topics', 'password=x', 'password=x'],
    ['heartbeat.action.query', "insert into t values ('a:b@c')", "insert into t values ('a:b@c')"],
  ])('of %s: %s', (key, value, expected) => {
    expect(maskValue(key, value)).toBe(expected)
  })

  it('of an address that a plugin declares as PASSWORD shows the address', () => {
    const definitions = new Map([['connection.uri', { type: 'PASSWORD' }]])

    expect(maskValue('connection.uri', 'mongodb://u:p@h/d', definitions)).toBe('mongodb://u:***@h/d')
    expect(maskValue('connection.uri', 'something else', definitions)).toBe('***')
  })

  it('is found in time, however long it is', () => {
    const started = performance.now()

    maskValue('connection.url', '://a:'.repeat(20_000))
    maskValue('sasl.jaas.config', `LoginModule ${'a='.repeat(50_000)}`)
    maskValue('connection.url', `jdbc:${'?password'.repeat(20_000)}`)

    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('a secret in clear', () => {
  it('is found, and told from one that is masked', () => {
    const masks = [
      '***',
      '*',
      '[hidden]',
      '<hidden>',
      '••••',
      '********',
      '[REDACTED]',
      'REDACTED',
      '(masked)',
    ]
    const config = Object.fromEntries(masks.map((mask, index) => [`k${index}.password`, mask]))

    expect(findLiteralSecrets(config).every(({ isMasked }) => isMasked)).toBe(true)
    expect(
      findLiteralSecrets({
        'a.password': 'hunter2',
        'b.password': '',
        'c.password': '${env:C}',
        url: 'x://u:***@h',
      }),
    ).toEqual([
      { key: 'a.password', isMasked: false },
      { key: 'url', isMasked: true },
    ])
  })

  it('is refused with the line to write instead', () => {
    const connector = {
      name: 'community-source',
      config: {
        'database.password': 'hunter2',
        'connection.url': 'jdbc:x://u:hunter2@h/d?password=hunter3',
        'ssl.key.password': '***',
      },
      state: undefined,
      origin: { file: 'a.yaml', line: 3 },
    }
    const need = (variables: string) =>
      `(each worker needs ${variables} in its environment, and in config.providers.env.param.allowlist.pattern)`

    expect(checkLiteralSecrets(connector)).toEqual([
      `a.yaml line 3: database.password of "community-source" holds a secret in clear; write "database.password": "\${env:COMMUNITY_SOURCE_DATABASE_PASSWORD}" ${need('COMMUNITY_SOURCE_DATABASE_PASSWORD')}`,
      `a.yaml line 3: connection.url of "community-source" holds a secret in clear; write "connection.url": "jdbc:x://u:\${env:COMMUNITY_SOURCE_CONNECTION_URL_PASSWORD}@h/d?password=\${env:COMMUNITY_SOURCE_CONNECTION_URL_PASSWORD_2}" ${need('COMMUNITY_SOURCE_CONNECTION_URL_PASSWORD and COMMUNITY_SOURCE_CONNECTION_URL_PASSWORD_2')}`,
      `a.yaml line 3: ssl.key.password of "community-source" is masked: it would overwrite the real one; write "ssl.key.password": "\${env:COMMUNITY_SOURCE_SSL_KEY_PASSWORD}" ${need('COMMUNITY_SOURCE_SSL_KEY_PASSWORD')}`,
    ])
  })

  it.each([
    ['9 lives', 'CONNECTOR_9_LIVES_DATABASE_PASSWORD'],
    ['日本', 'DATABASE_PASSWORD'],
    ['--a--', 'A_DATABASE_PASSWORD'],
  ])('of a connector named %s refers to %s', (name, variable) => {
    const config = { 'database.password': 'x' }
    const [sentence] = checkLiteralSecrets({
      name,
      config,
      state: undefined,
      origin: { file: 'a', line: undefined },
    })

    expect(sentence).toContain(`"database.password": "\${env:${variable}}"`)
  })
})

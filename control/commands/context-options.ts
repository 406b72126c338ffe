import type { Command } from 'commander'

const reference = 'env:NAME, file:PATH or command:…'

/** The options of `config set-context`; `ContextChange` says what becomes of them. */
export function addContextOptions(command: Command): Command {
  return command
    .option('--connect <urls>', 'addresses of the Connect workers, separated by commas')
    .option('--connect-user <user>', 'log in to Connect by user and password')
    .option('--connect-password <ref>', `where its password is found: ${reference}`)
    .option('--connect-token <ref>', 'log in to Connect by a bearer token, found there')
    .option('--connect-ca <file>', 'PEM: who signed its certificate (Default: those that Node trusts)')
    .option('--connect-cert <file>', 'PEM: certificate of this machine')
    .option('--connect-key <file>', 'PEM: the key to it')
    .option('--connect-key-passphrase <ref>', 'where the passphrase of the key is found')
    .option('--connect-insecure', 'do not check its certificate')
    .option('--no-connect-insecure', 'check it again')
    .option('--kafka <addresses>', 'HOST:PORT of brokers, separated by commas')
    .option('--kafka-tls', 'speak TLS with the brokers; the options for certificates imply it')
    .option('--no-kafka-tls', 'speak clear text with the brokers')
    .option('--kafka-ca <file>', 'PEM: who signed their certificates (Default: those that Node trusts)')
    .option('--kafka-cert <file>', 'PEM: certificate of this machine')
    .option('--kafka-key <file>', 'PEM: the key to it')
    .option('--kafka-key-passphrase <ref>', 'where the passphrase of the key is found')
    .option('--kafka-insecure', 'do not check their certificates')
    .option('--no-kafka-insecure', 'check them again')
    .option('--kafka-sasl <mechanism>', 'log in to Kafka: plain, scram-sha-256 or scram-sha-512')
    .option('--kafka-user <user>', 'as this user')
    .option('--kafka-password <ref>', 'with the password found there')
    .option(
      '--source <name=url>',
      'a source: NAME=postgres://user@host:5432/database?sslmode=… (Default: require beyond loopback); may be repeated',
      collect,
    )
    .option('--source-password <name=ref>', 'where its password is found; may be repeated', collect)
    .option('--warehouse <url>', 'the warehouse: postgres://user@host:5432/database?sslmode=…')
    .option('--warehouse-password <ref>', 'where its password is found')
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

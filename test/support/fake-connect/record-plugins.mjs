// Records what the fake knows of plugins: node test/support/fake-connect/record-plugins.mjs http://127.0.0.1:27130
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = dirname(fileURLToPath(import.meta.url))
const [, , url] = process.argv
const read = async path => (await fetch(`${url}${path}`)).json()
const classes = [
  'io.debezium.connector.postgresql.PostgresConnector',
  'io.debezium.connector.jdbc.JdbcSinkConnector',
  'io.debezium.transforms.ExtractNewRecordState',
  'org.apache.kafka.connect.transforms.Filter',
  'org.apache.kafka.connect.transforms.RegexRouter',
  'org.apache.kafka.connect.transforms.predicates.RecordIsTombstone',
  'org.apache.kafka.connect.json.JsonConverter',
  'org.apache.kafka.connect.storage.StringConverter',
  'org.apache.kafka.connect.converters.ByteArrayConverter',
]
const write = (name, data) => writeFileSync(join(folder, name), `${JSON.stringify(data, null, 2)}\n`)
const firstSentence = text => (text ?? '').split(/(?<=\.)\s/)[0].slice(0, 200)

const plugins = await read('/connector-plugins?connectorsOnly=false')
write(
  'plugins.json',
  plugins.filter(plugin => classes.includes(plugin.class)),
)
for (const name of classes) {
  const keys = await read(`/connector-plugins/${name}/config`)
  write(
    `${name.slice(name.lastIndexOf('.') + 1)}.json`,
    keys.map(({ name, type, required, default_value, importance, documentation }) => ({
      name,
      type,
      required,
      default_value,
      importance,
      documentation: firstSentence(documentation),
    })),
  )
}

/** A setting that is not the connector's default, and what goes wrong without it. */
export interface Needed {
  readonly key: string
  readonly value: string
  readonly reason: string
}

/** The Postgres source on its defaults, but for what it cannot be right without. Where it reads is added. */
export const sourceDefaults: readonly Needed[] = [
  {
    key: 'connector.class',
    value: 'io.debezium.connector.postgresql.PostgresConnector',
    reason: 'there is no connector without it',
  },
  {
    key: 'plugin.name',
    value: 'pgoutput',
    reason: 'the default, decoderbufs, is not part of Postgres',
  },
  {
    key: 'publication.autocreate.mode',
    value: 'disabled',
    reason: 'the default publishes all tables, and updates fail in those without a primary key',
  },
]

/** The JDBC sink on its defaults, but for what it cannot be right without. Where it writes is added. */
export const sinkDefaults: readonly Needed[] = [
  {
    key: 'connector.class',
    value: 'io.debezium.connector.jdbc.JdbcSinkConnector',
    reason: 'there is no connector without it',
  },
  {
    key: 'insert.mode',
    value: 'upsert',
    reason: 'the default, insert, fails at every record that comes twice',
  },
  {
    key: 'primary.key.mode',
    value: 'record_key',
    reason: 'the default, none, finds no row to update or delete',
  },
  { key: 'delete.enabled', value: 'true', reason: 'the default leaves deleted rows' },
  { key: 'quote.identifiers', value: 'true', reason: 'the default folds "CommunityUsers" to lower case' },
  {
    key: 'collection.name.format',
    value: '${source.table}',
    reason: 'the default is the name of the topic, and no table is called so',
  },
]
